package dev.backdraft.train.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.activation.Relu;
import dev.backdraft.data.Blocks;
import dev.backdraft.data.Example;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.layer.Codes;
import dev.backdraft.linalg.Blas;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.RootSquaredError;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.LossSum;
import dev.backdraft.network.Network;
import dev.backdraft.optim.AdaGrad;
import dev.backdraft.optim.Adam;
import dev.backdraft.optim.AdamW;
import dev.backdraft.optim.AtZero;
import dev.backdraft.optim.Averaging;
import dev.backdraft.optim.Clipping;
import dev.backdraft.optim.Lion;
import dev.backdraft.optim.Optimizer;
import dev.backdraft.optim.Optimizers;
import dev.backdraft.optim.Penalty;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An update that goes over the touched entries alone leaves the bits of an update of all entries. */
class SparseUpdateTest {
    private static final int FEATURES = 300;
    private static final int ROWS = 60;
    private static final int STEPS = 6; // of 10 rows: some columns are touched late, some never, some once
    private static final Set<String> RESTING = Set.of(
            "sgd",
            "momentum",
            "average-momentum",
            "corrected-average-momentum",
            "nesterov",
            "nesterov-average",
            "adagrad",
            "rmsprop",
            "adadelta",
            "normalized-coordinates",
            "adam",
            "amsgrad",
            "nadam",
            "lion");
    private static final TrainingConfig CONFIG =
            TrainingConfig.standard().withBatchSize(ROWS / STEPS).withLanes(2).withLearningRate(0.01);

    /** An optimizer with one kind of regularization. */
    record Case(String name, TrainingConfig config) {
        boolean rests() {
            Optimizer rule = config.optimizer();
            boolean decays = config.weightDecay() > 0 || (rule instanceof Lion lion && lion.weightDecay() > 0);
            boolean asAdam = rule instanceof AdamW adam && adam.weightDecay() == 0;
            return (RESTING.contains(rule.name()) || asAdam)
                    && !decays
                    && config.penalty().isNone()
                    && config.maxNorm() == 0;
        }

        @Override
        public String toString() {
            return config.optimizer().name() + ", " + name;
        }
    }

    static Stream<Case> cases() {
        List<Optimizer> rules = new ArrayList<>(Optimizers.all());
        rules.removeIf(Optimizer::searchesLine); // it works on all rows and all entries
        rules.add(new AdamW(0.9, 0.999, 1e-8, true, false, 0));
        rules.add(new Lion(0.9, 0.99, 0.1));
        return rules.stream().flatMap(rule -> {
            TrainingConfig config = CONFIG.withOptimizer(rule);
            return Stream.of(
                    new Case("plain", config),
                    new Case("clipped by value", config.withClipping(new Clipping(1e-3, 0))),
                    new Case("clipped by norm", config.withClipping(new Clipping(0, 1e-3))),
                    new Case("L1", config.withPenalty(new Penalty(0.1, 0))),
                    new Case("L2", config.withPenalty(new Penalty(0, 0.1))),
                    new Case("weight decay", config.withWeightDecay(0.1)),
                    new Case("max norm", config.withMaxNorm(0.3)),
                    new Case("averaged", config.withAveraging(new Averaging())),
                    new Case("accumulated", config.withAccumulation(3)),
                    new Case(
                            "accumulated, clipped, L1",
                            config.withAccumulation(2)
                                    .withClipping(new Clipping(0.1, 1e-3))
                                    .withPenalty(new Penalty(0.1, 0.1))));
        });
    }

    @ParameterizedTest
    @MethodSource("cases")
    void leavesTheBitsOfAnUpdateOfAllEntries(Case of) throws Exception {
        for (Network network : List.of(sparseInput(), embedding())) {
            for (Loss loss : List.of(new SquaredError(), new RootSquaredError())) {
                Run sparse = new Run(network, loss, of.config(), false);
                Run dense = new Run(network, loss, of.config(), true);
                for (int epoch = 1; epoch <= 3; epoch++) {
                    sparse.epoch(epoch);
                    dense.epoch(epoch);
                    assertSameBits(sparse.state, dense.state);
                    if (epoch == 2) {
                        sparse.resume();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void goesOverTouchedEntriesAloneWhereverTheOthersRest(Case of) {
        Network network = embedding();
        Run run = new Run(network, new SquaredError(), of.config(), false);
        int untouched = 10 * FEATURES - 5; // no row has the last code
        run.poison = untouched;
        float before = run.state.parameters()[untouched];
        run.update.run(1, 0, 1, 0.01, new LossSum());
        boolean moved = Float.floatToIntBits(run.state.parameters()[untouched]) != Float.floatToIntBits(before);
        assertThat(moved).isEqualTo(!of.rests());
    }

    @Test
    void withATinyEpsilonEntriesMayMove() { // as floats, ε and v are 0, and 0/0 is NaN
        assertThat(new Adam(0.9, 0.999, 1e-50).atZero()).isEqualTo(AtZero.MOVES);
        assertThat(new AdaGrad(1e-50, true).atZero()).isEqualTo(AtZero.MOVES);
    }

    private static Network sparseInput() {
        return Network.builder(FEATURES)
                .dense(5)
                .activation(new Relu())
                .dense(1)
                .build();
    }

    private static Network embedding() {
        return Network.builder(3)
                .embedding(new Codes(0, FEATURES, 10), new Codes(2, FEATURES, 4))
                .dense(3)
                .batchNorm()
                .dense(1)
                .build();
    }

    private static List<Example> rows(boolean codes) {
        SplitMix random = SplitMix.at(7, 0, 0, 0);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            int rare = 2 * i % (FEATURES - 1);
            float label = (float) random.nextGaussian();
            if (codes) {
                rows.add(Example.dense(
                        new float[] {rare, (float) random.nextGaussian(), random.nextInt(FEATURES / 2)}, label));
            } else {
                int[] indices = {random.nextInt(4), 5 + rare / 2, 200 + random.nextInt(60)};
                rows.add(Example.sparse(indices, new float[] {1, (float) random.nextGaussian(), -1}, label));
            }
        }
        return rows;
    }

    private static void assertSameBits(TrainingState sparse, TrainingState dense) {
        assertSameBits(sparse.parameters(), dense.parameters());
        for (int slot = 0; slot < dense.optimizer().slotCount(); slot++) {
            assertSameBits(sparse.optimizer().slot(slot), dense.optimizer().slot(slot));
        }
        assertSameBits(sparse.averaged(), dense.averaged());
    }

    private static void assertSameBits(float[] sparse, float[] dense) {
        for (int i = 0; i < dense.length; i++) {
            if (Float.floatToIntBits(sparse[i]) != Float.floatToIntBits(dense[i])) {
                assertThat(sparse[i]).as("entry %d", i).isEqualTo(dense[i]).isNotZero();
            }
        }
    }

    /** A training of either kind. */
    private static final class Run implements GradientSource {
        private final Network network;
        private final Loss loss;
        private final TrainingConfig config;
        private final boolean dense;
        private final LocalGradients source;
        private TrainingState state;
        private ParameterUpdate update;
        private int poison = -1; // gets a gradient that nobody has announced

        Run(Network network, Loss loss, TrainingConfig config, boolean dense) {
            this.network = network;
            this.loss = loss;
            this.config = config;
            this.dense = dense;
            Preprocessing none = new Preprocessing(List.of(), null, List.of(), null, null);
            Blocks blocks = Blocks.of(
                    rows(network.inputSize() == 3), network.inputSize(), none, 1, config.batchSize(), config.lanes());
            source = new LocalGradients(network, loss, blocks, null, 1, 2);
            float[] parameters = network.initialParameters(1);
            for (int i = 0; i < network.parameterCount(); i += 3) {
                parameters[i] = i % 2 == 0 ? -0f : 0;
            }
            start(TrainingState.startFrom(network, config, parameters));
        }

        private void start(TrainingState from) {
            state = from;
            update = new ParameterUpdate(network, loss, config, ROWS, this, state);
        }

        void epoch(int epoch) {
            for (int step = 0; step < STEPS; step += config.accumulation()) {
                update.run(epoch, step, config.accumulation(), 0.01, new LossSum());
            }
        }

        /** Goes on from a copy of the state, as after a checkpoint. */
        void resume() {
            TrainingState copy = TrainingState.start(network, config);
            state.copyTo(copy);
            start(copy);
        }

        @Override
        public GradientSum gradient(int epoch, long step, float[] parameters) {
            GradientSum sum = source.gradient(epoch, step, parameters);
            if (!dense && (network.inputSize() == 3 || Blas.sparseIsExact())) {
                assertThat(sum.touched()).as("columns of a sparse sum").isNotNull();
            }
            if (dense) {
                sum.touchAll();
            }
            if (poison >= 0) {
                sum.gradient()[poison] = 1;
            }
            return sum;
        }

        @Override
        public void overRanges(int length, RangeTask task) {
            source.overRanges(length, task);
        }

        @Override
        public MetricSums validate(float[] parameters) {
            return null;
        }

        @Override
        public List<Metric> metrics() {
            return List.of();
        }

        @Override
        public void close() {
            source.close();
        }
    }
}
