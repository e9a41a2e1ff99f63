package dev.backdraft.train.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.backdraft.activation.Gelu;
import dev.backdraft.activation.Relu;
import dev.backdraft.data.Blocks;
import dev.backdraft.data.Example;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.network.LossSum;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Adam;
import dev.backdraft.optim.Clipping;
import dev.backdraft.optim.Optimizer;
import dev.backdraft.optim.Optimizers;
import dev.backdraft.optim.Penalty;
import dev.backdraft.optim.Sgd;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingState;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** After the first steps, a step allocates no vector: neither the thread that trains nor those that help it do. */
class AllocationTest {
    private static final int WARM_UP = 3_000; // steps, until scratch is made and code is compiled
    private static final int STEPS = 1_000;
    private static final long LIMIT = 5_000; // bytes a step: less than the flat vector of any network below

    static Stream<Optimizer> rules() {
        return Optimizers.CATALOG.all().stream().filter(rule -> !rule.searchesLine());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aStepAllocatesNoVector(Optimizer rule) {
        Network network =
                Network.builder(6).dense(160).activation(new Relu()).dense(3).build();
        checkSteps(network, TrainingConfig.standard().withOptimizer(rule).withPenalty(new Penalty(1e-3, 1e-3)), 1);
    }

    @Test
    void aStepOfSeveralThreadsAllocatesNoVector() {
        Network network =
                Network.builder(6).dense(1800).activation(new Relu()).dense(3).build(); // enough to share the update
        checkSteps(network, TrainingConfig.standard().withOptimizer(new Sgd()).withLanes(4), 2);
    }

    @Test
    void aStepOfAGraphWithNormalizationDropoutAndClippingAllocatesNoVector() {
        Network network = Network.builder(6)
                .dense(80)
                .batchNorm()
                .activation(new Gelu())
                .dropout(0.2)
                .dense(80)
                .layerNorm()
                .dense(3)
                .build();
        checkSteps(network, TrainingConfig.standard().withOptimizer(new Adam()).withClipping(new Clipping(1, 1)), 1);
    }

    private static void checkSteps(Network network, TrainingConfig configuration, int threads) {
        TrainingConfig config = configuration.withBatchSize(32);
        List<Example> rows = new ArrayList<>();
        SplitMix random = SplitMix.at(1, 0, 0, 0);
        for (int i = 0; i < 32 * STEPS; i++) {
            float[] x = new float[6];
            for (int j = 0; j < x.length; j++) {
                x[j] = (float) random.nextGaussian();
            }
            rows.add(Example.dense(x, random.nextInt(3)));
        }
        Preprocessing none = new Preprocessing(List.of(), null, List.of(), null, null);
        Blocks blocks = Blocks.of(rows, 6, none, 1, config.batchSize(), config.lanes());
        SoftmaxCrossEntropy loss = new SoftmaxCrossEntropy();
        try (LocalGradients source = new LocalGradients(network, loss, blocks, null, 1, threads)) {
            TrainingState state = TrainingState.start(network, config);
            ParameterUpdate update = new ParameterUpdate(network, loss, config, rows.size(), source, state);
            LossSum losses = new LossSum();
            for (int step = 0; step < WARM_UP; step++) {
                update.run(1 + step / STEPS, step % STEPS, 1, 1e-4, losses);
            }
            long before = allocated();
            for (int step = 0; step < STEPS; step++) {
                update.run(1 + WARM_UP / STEPS, step, 1, 1e-4, losses);
            }
            long bytes = allocated() - before;
            assertThat(bytes / STEPS).as("bytes a step, of %d in all", bytes).isLessThanOrEqualTo(LIMIT);
        }
    }

    /** By this thread and those that help it. */
    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("backdraft-gradient")) {
                sum += threads.getThreadAllocatedBytes(thread.getId());
            }
        }
        return sum;
    }
}
