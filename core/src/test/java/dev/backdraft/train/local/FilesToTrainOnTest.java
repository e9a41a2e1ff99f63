package dev.backdraft.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.data.file.CsvReader;
import dev.backdraft.data.file.CsvSchema;
import dev.backdraft.data.file.DataFile;
import dev.backdraft.data.file.ExampleFiles;
import dev.backdraft.network.Network;
import dev.backdraft.schedule.BatchGrowth;
import dev.backdraft.schedule.Cosine;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.engine.LocalPreparation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training from files by the API: names of columns, and many epochs. */
class FilesToTrainOnTest {
    private static final TrainingRequest REQUEST =
            TrainingRequest.of(Network.perceptron(new Tanh(), 2, 1), TrainingConfig.standard());

    @TempDir
    private Path directory;

    private ExampleSource csv(String name, String content, String label) throws IOException {
        DataFile file = DataFile.local(Files.writeString(directory.resolve(name), content));
        return ExampleFiles.csv(List.of(file), CsvSchema.of(CsvReader.readHeader(file), label, null));
    }

    @Test
    void validationRowsHaveTheNamesOfTheTrainingRows() throws IOException {
        ExampleSource training = csv("training.csv", "a,b,y\n1,2,3\n2,1,4\n", "y");
        ExampleSource otherOrder = csv("order.csv", "b,a,y\n1,2,3\n", "y");
        ExampleSource otherCount = csv("count.csv", "a,b,c,y\n1,2,3,4\n", "y");
        ExampleSource otherLabel = csv("label.csv", "a,b,target\n1,2,3\n", "target");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> LocalPreparation.prepare(REQUEST, training, otherOrder, 1))
                .withMessage(
                        "feature 1 is 'b' in the validation rows, but 'a' in the training rows: read the same features"
                                + " in the same order");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> LocalPreparation.prepare(REQUEST, training, otherCount, 1))
                .withMessage("the validation rows have 3 features, but the training rows have 2");
        LocalPreparation.prepare(REQUEST, training, otherLabel, 1).close(); // which the schema names
        LocalPreparation.prepare(
                        REQUEST, training, MemorySource.of(List.of(Example.dense(new float[] {1, 2}, 3)), 1), 1)
                .close(); // without names
    }

    @Test
    void manyEpochsDoNotDelayTheFirst() throws IOException {
        ExampleSource rows = csv("rows.csv", "a,b,y\n1,2,3\n2,1,4\n", "y");
        TrainingConfig many =
                TrainingConfig.standard().withEpochs(Integer.MAX_VALUE).withBatchSize(1);
        for (TrainingConfig config : List.of(
                many,
                many.withSchedule(new Cosine()),
                many.withBatchGrowth(new BatchGrowth(2, 1, 1 << 30, BatchGrowth.RateRule.NONE)))) {
            IllegalStateException reached = new IllegalStateException("the first epoch has ended");
            TrainingListener stop = result -> {
                assertThat(result.epoch()).isEqualTo(1);
                throw reached;
            };
            TrainingRequest request = TrainingRequest.of(REQUEST.network(), config);
            Assertions.assertTimeoutPreemptively(
                    Duration.ofSeconds(10), // it was minutes
                    () -> assertThatThrownBy(() -> LocalTraining.train(request, rows, null, 1, List.of(stop)))
                            .isSameAs(reached));
        }
    }
}
