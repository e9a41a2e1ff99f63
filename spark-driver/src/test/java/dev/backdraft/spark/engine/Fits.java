package dev.backdraft.spark.engine;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.DataScan;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.spark.ListSource;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.train.Fit;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.local.LocalTraining;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Small fits of made-up rows, in one JVM and on Spark. */
public final class Fits {
    public static final ListSource ROWS = new ListSource(() -> ListSource.threeClasses(211, false), 3, 5);

    /** Enough for several blocks a lane. */
    public static final ListSource MANY_ROWS = new ListSource(() -> ListSource.threeClasses(20_000, false), 3, 5);

    private Fits() {}

    /** Three classes, an eighth of the rows in each step, 20 % for validation. */
    public static TrainingRequest request(int epochs) {
        return TrainingRequest.of(
                        Network.perceptron(new Tanh(), 5, 7, 3),
                        TrainingConfig.standard().withBatchSize(24).withLanes(6).withEpochs(epochs))
                .withStandardize(true)
                .withValidationFraction(0.2);
    }

    /** Likewise, with vectors that do not fit into a frame. */
    public static TrainingRequest wideRequest(int epochs) {
        return TrainingRequest.of(
                Network.perceptron(new Tanh(), 5, 150, 150, 3),
                TrainingConfig.standard().withBatchSize(24).withLanes(6).withEpochs(epochs));
    }

    public static TrainingRequest with(TrainingRequest request, int batchSize, int lanes) {
        return TrainingRequest.of(
                        request.network(),
                        request.config().withBatchSize(batchSize).withLanes(lanes))
                .withStandardize(request.standardize())
                .withValidationFraction(request.validationFraction());
    }

    /** The weights that a fit in one JVM gives. */
    public static String locally(TrainingRequest request) {
        try {
            return LocalTraining.train(request, ROWS, null, 2, List.of()).weightsSha256();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static SparkConf conf(String master, int parallelism) {
        return new SparkConf()
                .setMaster(master)
                .setAppName("test")
                .set("spark.ui.enabled", "false")
                .set("spark.default.parallelism", Integer.toString(parallelism));
    }

    public static Model onSpark(JavaSparkContext spark, TrainingRequest request, TrainingListener... listeners) {
        return new SparkTraining(spark, Aggregation.RESIDENT)
                .train(request, ExampleRdd.of(spark, ROWS), null, List.of(listeners));
    }

    /** A fit that is settled, with its blocks: for tests of the source itself. */
    public static Fit settle(JavaSparkContext spark, ListSource source, TrainingRequest request) {
        ExampleRdd rows = ExampleRdd.of(spark, source);
        return Fit.of(request, rows.scan(request, null), rows.featureNames(), rows.labelName());
    }

    public static BlockSet blocks(JavaSparkContext spark, ListSource source, Fit fit, boolean validation) {
        ExampleRdd rows = ExampleRdd.of(spark, source);
        DataScan.Split split = new DataScan.Split(fit.config().seed(), 0.2);
        return BlockSet.of(
                rows.mapRows((row, where) ->
                        row.weight() == 0 || split.isValidation(row) != validation ? null : fit.resolve(row, where)),
                0,
                fit.network().inputSize(),
                fit.preprocessing(),
                fit.config().seed(),
                validation ? BatchLayout.FULL_BATCH : fit.config().batchSize(),
                validation ? BatchLayout.AUTO_LANES : fit.config().lanes(),
                spark.defaultParallelism());
    }
}
