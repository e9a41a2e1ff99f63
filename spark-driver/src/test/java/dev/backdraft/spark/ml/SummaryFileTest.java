package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.train.EpochResult;
import dev.backdraft.train.StepTimes;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A summary survives the disk of a Spark Connect server. */
class SummaryFileTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    @TempDir
    private Path directory;

    @Test
    void everyFigureComesBack() {
        SortedMap<String, Double> metrics = new TreeMap<>(Map.of("roc-auc", 0.875, "top-5-accuracy", 1 / 3.0));
        List<EpochResult> epochs = List.of(
                new EpochResult(
                        1, 9, 0.1, 0.2, 0.3, 0.4, 0.5, metrics, 6, 0.7, new StepTimes(8, 9, 10, 11, 12, 13, 14)),
                new EpochResult(
                        2, 9, 1e-300, Double.NaN, Double.NaN, Double.NaN, 0.5, new TreeMap<>(), 1L << 40, 0.7, null));
        Path file = directory.resolve("not/yet/there/summary");
        SummaryFile.write(new NeuralNetworkTrainingSummary(epochs, 1, "all epochs are done", 2, 1), file);
        NeuralNetworkTrainingSummary read = SummaryFile.read(file, NeuralNetworkClassificationModel.class);
        assertThat(read.epochs()).isEqualTo(epochs);
        assertThat(read.bestEpoch()).isEqualTo(1);
        assertThat(read.endReason()).isEqualTo("all epochs are done");
    }

    @Test
    void aLoadedModelTakesUpTheSummaryThatItsFitLeft() throws Exception {
        NeuralNetworkClassificationModel classifier =
                Samples.classifier().setMaxIter(2).fit(Frames.classes(SPARK.get(), 2, 30, 1));
        NeuralNetworkRegressionModel regressor =
                Samples.regressor().setMaxIter(2).fit(Frames.values(SPARK.get(), 30, 1));
        String path = directory.resolve("model").toString();
        classifier.save(path);
        classifier.saveSummary(path + "/summary");
        regressor.save(path + "-regressor");
        regressor.saveSummary(path + "-regressor/summary");

        NeuralNetworkClassificationModel loaded = NeuralNetworkClassificationModel.load(path);
        assertThat(loaded.hasSummary()).isFalse();
        loaded.loadSummary(path + "/summary", null);
        assertThat(loaded.summary().epochs()).isEqualTo(classifier.summary().epochs());
        NeuralNetworkRegressionModel values = NeuralNetworkRegressionModel.load(path + "-regressor");
        values.loadSummary(path + "-regressor/summary", null);
        assertThat(values.summary().epochs()).isEqualTo(regressor.summary().epochs());
    }

    @Test
    void aModelWithoutASummarySaysSo() throws Exception {
        String path = directory.resolve("model").toString();
        Samples.regressor().setMaxIter(1).fit(Frames.values(SPARK.get(), 30, 1)).save(path);
        NeuralNetworkRegressionModel loaded = NeuralNetworkRegressionModel.load(path);
        String message = "No training summary available for this NeuralNetworkRegressionModel";
        assertThatThrownBy(loaded::summary).hasMessageContaining(message);
        assertThatThrownBy(() -> loaded.saveSummary(path + "/summary")).hasMessageContaining(message);
        assertThatThrownBy(() -> loaded.loadSummary(path + "/summary", null)).hasMessageContaining(message);
    }
}
