package dev.backdraft.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.activation.Relu;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.layer.Codes;
import dev.backdraft.layer.EnsembleAverage;
import dev.backdraft.layer.PeriodicForm;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkBuilder;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A network for a table with a column of codes is trained, saved and used with standardized numbers, but with codes as
 * they are.
 */
class TableNetworkTest {
    private static final int CATEGORIES = 40;
    private static final TrainingConfig CONFIG =
            TrainingConfig.standard().withEpochs(40).withBatchSize(32).withLearningRate(0.01);

    private static Network network(int values) {
        NetworkBuilder builder =
                Network.builder(3).select(0, 2).scaling().periodicEmbedding(PeriodicForm.PBLD, 8, 4, 0.5);
        int numbers = builder.last();
        builder.from(Network.INPUT).select(1).embedding(new Codes(0, values, 3));
        return builder.from(numbers, builder.last())
                .dense(16)
                .parametricActivation(new Relu())
                .dense(2)
                .build();
    }

    /** The class depends on a category's parity alone; the numbers have other scales. */
    private static List<Example> rows() {
        SplitMix random = SplitMix.at(1, 0, 0, 0);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 800; i++) {
            int code = random.nextInt(CATEGORIES);
            double[] features = {1000 + 50 * random.nextGaussian(), code, 1e6 + random.nextGaussian()};
            rows.add(Example.dense(features, code % 2));
        }
        return rows;
    }

    private static Model train(List<Example> rows) {
        return LocalTraining.train(
                TrainingRequest.of(network(CATEGORIES), CONFIG).withStandardize(true), rows);
    }

    @Test
    void codesAreNotStandardized() throws IOException {
        List<Example> rows = rows();
        Model model = train(rows);
        assertThat(model.preprocessing().features().mean()[1]).isZero();
        assertThat(model.preprocessing().features().deviation()[1]).isEqualTo(1);
        assertThat(model.preprocessing().features().mean()[0]).isBetween(990.0, 1010.0);
        assertThat(model.preprocessing().features().centered()).containsExactly(2);

        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ModelFile.write(model, out);
        Model read = ModelFile.read(new ByteArrayInputStream(out.toByteArray()), "model");
        SplitMix random = SplitMix.at(2, 0, 0, 0);
        for (int code = 0; code < CATEGORIES; code++) {
            double[] row = {1000 + 50 * random.nextGaussian(), code, 1e6 + random.nextGaussian()};
            double[] answer = model.predict(row);
            assertThat(answer[code % 2]).as("category %d", code).isGreaterThan(0.9);
            assertThat(read.predict(row)).containsExactly(answer);
        }
    }

    @Test
    void theOrderOfTheRowsChangesNoBits() {
        List<Example> rows = rows();
        String expected = train(rows).weightsSha256();
        Collections.shuffle(rows, new Random(3));
        assertThat(train(rows).weightsSha256()).isEqualTo(expected);
    }

    @Test
    void anEnsembleOfTheTableIsTrained() {
        Network network = Network.builder(3)
                .embedding(new Codes(1, CATEGORIES, 3))
                .repeat(4)
                .batchEnsemble(4, 16, true)
                .activation(new Relu())
                .batchEnsemble(4, 2, false)
                .ensembleMean(4, EnsembleAverage.SOFTMAX)
                .build();
        TrainingRequest request = TrainingRequest.of(network, CONFIG).withStandardize(true);
        List<Example> rows = rows();
        Model model = LocalTraining.train(request, rows);
        for (int code = 0; code < CATEGORIES; code++) {
            assertThat(model.predict(new double[] {1000, code, 1e6})[code % 2]).isGreaterThan(0.9);
        }
        Collections.shuffle(rows, new Random(3));
        assertThat(LocalTraining.train(request, rows).weightsSha256()).isEqualTo(model.weightsSha256());
    }

    @Test
    void aCodeOutOfRangeEndsTheTrainingWithAMessage() {
        TrainingRequest request =
                TrainingRequest.of(network(CATEGORIES - 1), CONFIG).withStandardize(true);
        assertThatThrownBy(() -> LocalTraining.train(request, rows()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(
                        "feature 2 is 39, but the network takes it as a code, a whole number from 0 to 38");
    }
}
