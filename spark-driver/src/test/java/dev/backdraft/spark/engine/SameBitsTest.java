package dev.backdraft.spark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.activation.Relu;
import dev.backdraft.activation.Tanh;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.layer.Codes;
import dev.backdraft.layer.EnsembleAverage;
import dev.backdraft.layer.Layer;
import dev.backdraft.layer.Pass;
import dev.backdraft.layer.PeriodicForm;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkBuilder;
import dev.backdraft.optim.Averaging;
import dev.backdraft.optim.Penalty;
import dev.backdraft.optim.Sgd;
import dev.backdraft.schedule.CosLog4;
import dev.backdraft.schedule.Cosine;
import dev.backdraft.schedule.FlatCosine;
import dev.backdraft.spark.ListSource;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.train.EarlyStopping;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.OnDivergence;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.engine.LocalPreparation;
import dev.backdraft.train.engine.PreparedTraining;
import dev.backdraft.train.local.LocalTraining;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Same data, configuration and seed give the same weights bit for bit, locally and on Spark. */
class SameBitsTest {
    private static final TrainingRequest REQUEST = TrainingRequest.of(
                    Network.perceptron(new Tanh(), 5, 7, 3),
                    TrainingConfig.standard().withBatchSize(24).withLanes(6).withEpochs(2))
            .withStandardize(true)
            .withValidationFraction(0.2);

    private static Model local(TrainingRequest request, int parts, boolean sparse) throws IOException {
        return LocalTraining.train(
                request, new ListSource(() -> ListSource.threeClasses(211, sparse), parts, parts), null, 2, List.of());
    }

    private static Model spark(
            Aggregation aggregation,
            String master,
            String serializer,
            TrainingRequest request,
            int parts,
            boolean sparse) {
        SparkConf conf = new SparkConf()
                .setMaster(master)
                .setAppName("test")
                .set("spark.ui.enabled", "false")
                .set("spark.serializer", serializer);
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            ListSource source = new ListSource(() -> ListSource.threeClasses(211, sparse), parts, 99 + parts);
            return new SparkTraining(spark, aggregation).train(request, ExampleRdd.of(spark, source), null, List.of());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "JOB, local[1], 1, false, org.apache.spark.serializer.JavaSerializer",
        "RESIDENT, local[2], 5, false, org.apache.spark.serializer.JavaSerializer",
        "JOB, local[7], 13, false, org.apache.spark.serializer.JavaSerializer",
        "JOB, local[3], 4, true, org.apache.spark.serializer.JavaSerializer",
        "JOB, local[2], 3, false, org.apache.spark.serializer.KryoSerializer",
        "RESIDENT, local[2], 3, true, org.apache.spark.serializer.KryoSerializer"
    })
    void sparkGivesTheBitsOfOneJvm(Aggregation aggregation, String master, int parts, boolean sparse, String serializer)
            throws IOException {
        assertThat(spark(aggregation, master, serializer, REQUEST, parts, sparse)
                        .weightsSha256())
                .isEqualTo(local(REQUEST, 1, false).weightsSha256());
    }

    @ParameterizedTest
    @CsvSource({"JOB, 2147483647, 0", "JOB, 1, 0", "JOB, 10, 5", "RESIDENT, 500, 3"})
    void everyBatchSizeGivesTheSameBits(Aggregation aggregation, int batchSize, int lanes) throws IOException {
        TrainingRequest request = TrainingRequest.of(
                REQUEST.network(),
                TrainingConfig.standard()
                        .withBatchSize(batchSize)
                        .withLanes(lanes)
                        .withEpochs(1));
        assertThat(spark(aggregation, "local[2]", "org.apache.spark.serializer.JavaSerializer", request, 3, false)
                        .weightsSha256())
                .isEqualTo(local(request, 2, false).weightsSha256());
    }

    /** Running statistics in the tree, dropout by rank, and all that happens between two gradients. */
    @ParameterizedTest
    @CsvSource({
        "JOB, local[2], 3, org.apache.spark.serializer.JavaSerializer",
        "RESIDENT, local[5], 7, org.apache.spark.serializer.KryoSerializer"
    })
    void soItDoesWithNormalisationAndDropoutAndTheRest(
            Aggregation aggregation, String master, int parts, String serializer) throws IOException {
        Network network = Network.builder(5)
                .dense(8)
                .batchNorm()
                .activation(new Relu())
                .dropout(0.25)
                .residual(block -> block.layerNorm().dense(8).activation(new Tanh()))
                .dense(3)
                .build();
        TrainingConfig config = REQUEST.config()
                .withAccumulation(2)
                .withPenalty(new Penalty(0.1, 0.1))
                .withAveraging(new Averaging())
                .withLearningRateFactors("0=0.5,bias=0")
                .withSchedule(new Cosine())
                .withWeightDecay(0.05)
                .withWeightDecayFactors("0=0.5,weight=3")
                .withWeightDecaySchedule(new FlatCosine())
                .withDropoutSchedule(new CosLog4())
                .withClassWeights(List.of(1.0, 2.0, 0.5))
                .withMetrics(List.of("roc-auc", "f1-macro"))
                .withEarlyStopping(new EarlyStopping("log-loss", 1, 0));
        TrainingRequest request = TrainingRequest.of(network, config).withValidationFraction(0.2);
        Model expected = local(request, 1, false);
        assertThat(spark(aggregation, master, serializer, request, parts, false).weightsSha256())
                .isEqualTo(expected.weightsSha256());
    }

    /** The second training takes the places of the first on the cluster. */
    @ParameterizedTest
    @CsvSource({"JOB, local[2], 3", "RESIDENT, local[2], 5"})
    void soItDoesWithARefit(Aggregation aggregation, String master, int parts) throws IOException {
        TrainingRequest request = TrainingRequest.of(
                        REQUEST.network(), REQUEST.config().withEpochs(6).withAveraging(new Averaging()))
                .withStandardize(true)
                .withValidationFraction(0.2)
                .withEarlyStopping(new EarlyStopping("loss", 1, 0, true));
        Model expected = local(request, 1, false);
        Model found = spark(aggregation, master, "org.apache.spark.serializer.JavaSerializer", request, parts, false);
        assertThat(found.weightsSha256()).isEqualTo(expected.weightsSha256());
        assertThat(found.provenance()).isEqualTo(expected.provenance()).containsKey("refitRows");
    }

    /** Numbers that are not finite in the same steps, wherever these are computed. */
    @ParameterizedTest
    @EnumSource(
            value = OnDivergence.class,
            names = {"SKIP", "ROLLBACK"})
    void soItDoesWhenNumbersExplode(OnDivergence way) throws IOException {
        boolean skips = way == OnDivergence.SKIP;
        TrainingRequest request = TrainingRequest.of(
                Network.perceptron(new Tanh(), 2, 1),
                TrainingConfig.standard()
                        .withOptimizer(new Sgd())
                        .withLearningRate(skips ? 0.01 : 2)
                        .withBatchSize(10)
                        .withLanes(2)
                        .withEpochs(20)
                        .withOnDivergence(way));
        ListSource source = new ListSource(skips ? SameBitsTest::lineWithHugeRow : SameBitsTest::line, 3, 1);
        Model expected = LocalTraining.train(request, source, null, 1, List.of());
        assertThat(expected.provenance()).containsKey(skips ? "skippedUpdates" : "rollbacks");
        try (JavaSparkContext spark = new JavaSparkContext(
                new SparkConf().setMaster("local[2]").setAppName("test").set("spark.ui.enabled", "false"))) {
            for (Aggregation aggregation : List.of(Aggregation.JOB, Aggregation.RESIDENT)) {
                Model found = new SparkTraining(spark, aggregation)
                        .train(request, ExampleRdd.of(spark, source), null, List.of());
                assertThat(found.weightsSha256()).as("%s", aggregation).isEqualTo(expected.weightsSha256());
                assertThat(found.provenance()).as("%s", aggregation).isEqualTo(expected.provenance());
            }
        }
    }

    private static List<Example> line() {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            rows.add(Example.dense(new float[] {i % 7 - 3, i % 5}, i % 7 + 0.5));
        }
        return rows;
    }

    /** The gradient of the last row is beyond the range of a float. */
    private static List<Example> lineWithHugeRow() {
        List<Example> rows = line();
        rows.add(Example.dense(new float[] {1e25f, 1}, 1e20));
        return rows;
    }

    /** Codes, whose sums are sparse, and members that are trained on one loss each. */
    @ParameterizedTest
    @CsvSource({
        "JOB, local[2], 3, org.apache.spark.serializer.JavaSerializer",
        "RESIDENT, local[5], 7, org.apache.spark.serializer.KryoSerializer"
    })
    void soItDoesWithLayersForTables(Aggregation aggregation, String master, int parts, String serializer)
            throws IOException {
        NetworkBuilder builder = Network.builder(5).periodicEmbedding(PeriodicForm.PBLD, 3, 3, 0.5);
        int waves = builder.last();
        builder.from(Network.INPUT).dense(2).activation(new Tanh()).add(new Rounded(2));
        Network network = builder.embedding(new Codes(0, 3, 4), new Codes(1, 3, 2))
                .from(waves, builder.last())
                .repeat(3)
                .batchEnsemble(3, 6, true)
                .prelu()
                .batchEnsemble(3, 3, false)
                .ensembleMean(3, EnsembleAverage.SOFTMAX)
                .build();
        TrainingRequest request = TrainingRequest.of(network, REQUEST.config()).withValidationFraction(0.2);
        assertThat(spark(aggregation, master, serializer, request, parts, false).weightsSha256())
                .isEqualTo(local(request, 1, false).weightsSha256());
    }

    /** Codes 0, 1 and 2 of numbers from −1 to 1. */
    private record Rounded(int size) implements Layer {
        @Override
        public String name() {
            return "rounded";
        }

        @Override
        public int inputSize() {
            return size;
        }

        @Override
        public int outputSize() {
            return size;
        }

        @Override
        public void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
            for (int i = 0; i < x.size(); i++) {
                y.values()[y.offset() + i] = 1 + Math.round(x.values()[x.offset() + i]);
            }
        }

        @Override
        public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
            Arrays.fill(dx.values(), dx.offset(), dx.offset() + dx.size(), 0);
        }
    }

    /** From 16,384 parameters on, threads share the merge of the sums and the update. */
    @Test
    void soItDoesWhenThreadsShareTheUpdate() throws IOException {
        TrainingRequest request = TrainingRequest.of(Network.perceptron(new Tanh(), 40, 600, 30, 3), REQUEST.config());
        assertThat(request.network().length()).isGreaterThan(40_000);
        ListSource source = new ListSource(SameBitsTest::wideRows, 4, 1);
        String expected =
                LocalTraining.train(request, source, null, 1, List.of()).weightsSha256();
        for (int threads = 2; threads <= 3; threads++) {
            assertThat(LocalTraining.train(request, source, null, threads, List.of())
                            .weightsSha256())
                    .as("%d threads", threads)
                    .isEqualTo(expected);
        }
        try (JavaSparkContext spark = new JavaSparkContext(
                new SparkConf().setMaster("local[3]").setAppName("test").set("spark.ui.enabled", "false"))) {
            for (Aggregation aggregation : List.of(Aggregation.RESIDENT, Aggregation.JOB)) {
                assertThat(new SparkTraining(spark, aggregation)
                                .train(request, ExampleRdd.of(spark, source), null, List.of())
                                .weightsSha256())
                        .as("%s", aggregation)
                        .isEqualTo(expected);
            }
        }
    }

    private static List<Example> wideRows() {
        Random random = new Random(3);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 96; i++) {
            float[] values = new float[40];
            for (int j = 0; j < values.length; j++) {
                values[j] = (float) random.nextGaussian() + (j % 3 == i % 3 ? 1 : 0);
            }
            rows.add(Example.dense(values, i % 3));
        }
        return rows;
    }

    @Test
    void validationAndProgressAreTheSame() throws IOException {
        List<EpochResult> onSpark = new ArrayList<>();
        List<EpochResult> inJvm = new ArrayList<>();
        ListSource source = new ListSource(() -> ListSource.threeClasses(211, false), 3, 1);
        try (JavaSparkContext spark = new JavaSparkContext(
                new SparkConf().setMaster("local[2]").setAppName("test").set("spark.ui.enabled", "false"))) {
            new SparkTraining(spark).train(REQUEST, ExampleRdd.of(spark, source), null, List.of(onSpark::add));
            ListSource unweighted = new ListSource(
                    () -> ListSource.threeClasses(211, false).stream()
                            .map(row -> row.withWeight(1))
                            .toList(),
                    3,
                    1);
            try (PreparedTraining prepared =
                            new SparkTraining(spark).prepare(REQUEST, ExampleRdd.of(spark, unweighted), null);
                    PreparedTraining here = LocalPreparation.prepare(REQUEST, unweighted, null, 1)) {
                assertThat(prepared.fit().majority())
                        .isNotNull()
                        .isEqualTo(here.fit().majority());
            }
        }
        LocalTraining.train(REQUEST, source, null, 3, List.of(inJvm::add));
        assertThat(onSpark)
                .usingRecursiveComparison()
                .ignoringFields("seconds", "times")
                .isEqualTo(inJvm);
        assertThat(inJvm.get(1).validationLoss()).isFinite();
    }

    @Test
    void aTrainingThatIsRefusedKeepsNoBlocks() {
        TrainingRequest request = TrainingRequest.of(
                REQUEST.network(), REQUEST.config().withMetrics(List.of("roc-auc"))); // and no validation rows
        ListSource source = new ListSource(() -> ListSource.threeClasses(211, false), 3, 1);
        try (JavaSparkContext spark = new JavaSparkContext(
                new SparkConf().setMaster("local[1]").setAppName("test").set("spark.ui.enabled", "false"))) {
            assertThatThrownBy(() ->
                            new SparkTraining(spark).train(request, ExampleRdd.of(spark, source), null, List.of()))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("is measured on validation rows");
            assertThat(spark.getPersistentRDDs()).isEmpty();
        }
    }

    @Test
    void aBadLabelIsReportedAsItIsInOneJvm() {
        ListSource source = new ListSource(() -> List.of(Example.dense(new float[5], 7)), 1, 1);
        String expected = "label 7 in row 1 is out of range: for 3 classes the labels are 0 to 2";
        assertThatThrownBy(() -> LocalTraining.train(REQUEST.withValidationFraction(0), source, null, 1, List.of()))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(expected);
        try (JavaSparkContext spark = new JavaSparkContext(
                new SparkConf().setMaster("local[1]").setAppName("test").set("spark.ui.enabled", "false"))) {
            assertThatThrownBy(() -> new SparkTraining(spark)
                            .train(REQUEST.withValidationFraction(0), ExampleRdd.of(spark, source), null, List.of()))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith(expected);
        }
    }
}
