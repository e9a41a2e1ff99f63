package dev.backdraft.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.activation.Tanh;
import dev.backdraft.network.Network;
import dev.backdraft.spark.engine.Fits;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.local.LocalTraining;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a fit gives when nothing disturbs it: in one JVM, without Spark.
 *
 * @param hash of the weights
 * @param epochs what listeners were told
 */
record Undisturbed(String hash, List<EpochResult> epochs) {
    /** A small network, whose vectors fit into one message. */
    static TrainingRequest small(int epochs) {
        return Fits.request(epochs);
    }

    /**
     * A network whose vectors take several messages, so that executors share memory and forward them, with validation
     * rows.
     */
    static TrainingRequest wide(int epochs) {
        return TrainingRequest.of(
                        Network.perceptron(new Tanh(), 5, 150, 150, 3),
                        TrainingConfig.standard().withBatchSize(24).withLanes(6).withEpochs(epochs))
                .withValidationFraction(0.2);
    }

    /** Fits {@link Fits#ROWS}. */
    static Undisturbed of(TrainingRequest request) throws IOException {
        List<EpochResult> epochs = new ArrayList<>();
        String hash = LocalTraining.train(request, Fits.ROWS, null, 2, List.of(epochs::add))
                .weightsSha256();
        return new Undisturbed(hash, epochs);
    }

    /** The disturbed fit has the same weights, and each epoch once, with the same figures. */
    void assertSame(String itsHash, List<EpochResult> itsEpochs) {
        assertThat(itsEpochs)
                .usingRecursiveComparison()
                .ignoringFields("seconds", "times")
                .isEqualTo(epochs);
        assertThat(itsHash).isEqualTo(hash);
    }
}
