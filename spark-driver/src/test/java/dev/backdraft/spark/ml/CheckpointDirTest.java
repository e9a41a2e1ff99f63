package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.spark.cli.InterruptibleDecay;
import dev.backdraft.spark.storage.DirectoryLock;
import dev.backdraft.spark.storage.LocalStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fits that fail, and continue from what they left in their {@code checkpointDir}. */
class CheckpointDirTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    private static final int STEPS_PER_EPOCH = 12;

    @TempDir
    private Path temporary;

    private Path directory;
    private Dataset<Row> rows;

    @BeforeEach
    void makeRows() {
        rows = Frames.classes(SPARK.get(), 3, 120, 1);
        directory = temporary.resolve("checkpoints");
    }

    private NeuralNetworkClassifier classifier() {
        return new NeuralNetworkClassifier()
                .setHiddenLayers(6)
                .setMaxIter(6)
                .setBatchSize(10)
                .setL2(1)
                .setTol(1e-9)
                .setSchedule("interruptible-decay");
    }

    private NeuralNetworkClassifier checkpointed(String interval) {
        return classifier().setCheckpointDir(directory.toString()).setCheckpointInterval(interval);
    }

    private void fails(NeuralNetworkClassifier classifier, Dataset<Row> data, int update) {
        InterruptibleDecay.crashAt(update);
        assertThatThrownBy(() -> classifier.fit(data)).hasMessageContaining("interrupted the training");
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"1, auto, 4", "5 steps, job, 4", "0.0000001 minutes, auto, 4"})
    void aFitThatFailedContinuesToTheSameModelAndHistory(String interval, String aggregation, int epoch) {
        NeuralNetworkClassificationModel whole = classifier().fit(rows);
        fails(checkpointed(interval), rows, (epoch - 1) * STEPS_PER_EPOCH + 7);
        assertThat(directory).isNotEmptyDirectory();

        NeuralNetworkClassificationModel model = checkpointed(interval)
                .setAggregation(aggregation)
                .fit(rows.repartition(3)); // in another order, on another route
        assertThat(model.model().weightsSha256()).isEqualTo(whole.model().weightsSha256());
        assertThat(model.summary().objectiveHistory()).isEqualTo(whole.summary().objectiveHistory());
        assertThat(model.summary().metrics()).isEqualTo(whole.summary().metrics());
        assertThat(model.summary().trainingSeconds()).isPositive();
        assertThat(directory).isEmptyDirectory();
    }

    /** All rows take more steps than the training rows, so the update of the crash is one of the second training. */
    @Test
    void aFitThatFailedInItsSecondTrainingContinuesThere() throws IOException {
        NeuralNetworkClassificationModel whole = refitting(classifier()).fit(rows);
        fails(refitting(checkpointed("1")), rows, 6 * STEPS_PER_EPOCH - 3);
        Path first = directory.resolve("refit-step-48.backdraft");
        assertThat(first).isRegularFile();

        InterruptibleDecay.crashAt(40); // in the fourth epoch, which is done
        NeuralNetworkClassificationModel model = refitting(checkpointed("1")).fit(rows.repartition(3));
        InterruptibleDecay.crashAt(Long.MAX_VALUE);
        assertThat(model.model().weightsSha256()).isEqualTo(whole.model().weightsSha256());
        assertThat(directory).isEmptyDirectory();
    }

    private static NeuralNetworkClassifier refitting(NeuralNetworkClassifier classifier) {
        return classifier
                .setValidationFraction(0.2)
                .setEarlyStoppingPatience(10)
                .setRefit(true);
    }

    @Test
    void checkpointsOfOtherRowsOrSettingsAreRefusedAndStay() throws IOException {
        fails(checkpointed("1"), rows, 30);
        assertThatThrownBy(() -> checkpointed("1").fit(rows.limit(60)))
                .hasMessageContaining("step-24.backdraft")
                .hasMessageContaining("its training rows are different: 120 of ")
                .hasMessageContaining("instead of 60 of ");
        assertThatThrownBy(() -> checkpointed("1").setSeed(7).fit(rows)).hasMessageContaining("seed 42 instead of 7");
        assertThat(directory.resolve("step-24.backdraft")).isNotEmptyFile();
    }

    @Test
    void aSecondFitInTheDirectoryIsRefused() throws IOException {
        try (DirectoryLock lock = DirectoryLock.take(new LocalStorage(), directory.toString())) {
            lock.keepRenewing();
            assertThatThrownBy(() -> checkpointed("1").fit(rows))
                    .hasMessageContaining("another training runs in this directory")
                    .hasMessageContaining("This process holds it");
        }
        assertThat(Files.exists(directory)).isFalse();
    }

    @Test
    void fitsOneAfterTheOtherMayShareADirectory() {
        String first = checkpointed("1").fit(rows).model().weightsSha256();
        assertThat(checkpointed("1").setSeed(7).fit(rows).model().weightsSha256())
                .isNotEqualTo(first);
        assertThat(checkpointed("1").fit(rows).model().weightsSha256()).isEqualTo(first);
    }

    @Test
    void aWrongIntervalIsRefusedWhenItIsSet() {
        assertThatThrownBy(() -> classifier().setCheckpointInterval("5 hours"))
                .hasMessageContaining("checkpointInterval: ")
                .hasMessageContaining("such as 5, '500 steps' or '10 minutes'");
    }
}
