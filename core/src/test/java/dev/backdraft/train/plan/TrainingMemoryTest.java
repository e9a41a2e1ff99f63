package dev.backdraft.train.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.backdraft.activation.Relu;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Blocks;
import dev.backdraft.data.Example;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Averaging;
import dev.backdraft.optim.Momentum;
import dev.backdraft.optim.Sgd;
import dev.backdraft.train.InsufficientMemoryException;
import dev.backdraft.train.Objective;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingState;
import dev.backdraft.train.engine.LaneWorker;
import dev.backdraft.train.local.LocalTraining;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a training takes: computed figures against what is allocated, and the refusal of what cannot fit. */
class TrainingMemoryTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static Network network(int hidden) {
        return Network.perceptron(new Relu(), 100, hidden, hidden, 3);
    }

    private static TrainingConfig config(int batchSize, int lanes) {
        return TrainingConfig.standard().withBatchSize(batchSize).withLanes(lanes);
    }

    private static long allocatedBy(Supplier<Object> work) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        Object kept = work.get();
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(kept).isNotNull();
        return allocated;
    }

    private static List<Example> rows(int count) {
        Random random = new Random(1);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] values = new float[100];
            for (int j = 0; j < values.length; j++) {
                values[j] = random.nextFloat();
            }
            rows.add(Example.dense(values, i % 3));
        }
        return rows;
    }

    @ParameterizedTest
    @CsvSource({"100, 256, 1", "300, 64, 1", "300, 64, 8", "500, 600, 3"})
    void aWorkerTakesWhatIsComputed(int hidden, int batchSize, int lanes) {
        Network network = network(hidden);
        Blocks blocks = Blocks.of(
                rows(1300), 100, new Preprocessing(List.of(), null, List.of(), null, null), 1, batchSize, lanes);
        Objective objective = new Objective(network, new SoftmaxCrossEntropy(), blocks.layout(), 1);
        float[] parameters = network.initialParameters(1);
        Supplier<Object> step = () -> {
            LaneWorker worker = new LaneWorker(objective);
            worker.sums(1, 0, 0, lanes, parameters, blocks.blocks()::get);
            return worker;
        };
        assertThat(step.get()).isNotNull(); // loads classes and a BLAS
        long allocated = allocatedBy(step);
        long computed = TrainingMemory.worker(network, batchSize / lanes, lanes);
        assertThat((double) allocated).isBetween(0.8 * computed, 1.25 * computed);
    }

    @Test
    void theStateTakesWhatIsComputed() {
        Network network = network(500);
        TrainingConfig config = config(32, 1);
        long allocated = allocatedBy(() -> TrainingState.start(network, config));
        long computed = TrainingMemory.state(network, config);
        assertThat((double) allocated).isBetween(0.9 * computed, 1.2 * computed);
    }

    @Test
    void eachThingThatIsRememberedIsAVector() {
        Network network = network(50);
        TrainingConfig sgd = config(32, 1).withOptimizer(new Sgd());
        long vector = TrainingMemory.vector(network);
        long plain = TrainingMemory.state(network, sgd);
        assertThat(TrainingMemory.state(network, config(32, 1)) - plain).isEqualTo(2 * vector); // Adam's moments
        assertThat(TrainingMemory.state(network, sgd.withAveraging(new Averaging())) - plain)
                .isEqualTo(3 * vector); // in double, and as floats to be measured
        assertThat(TrainingMemory.state(network, sgd.withOptimizer(new Momentum(Momentum.Form.AVERAGE_LOOK_AHEAD)))
                        - plain)
                .isEqualTo(2 * vector);
        assertThat(TrainingMemory.state(network, sgd.withAccumulation(3)) - plain)
                .isEqualTo(vector);
    }

    @Test
    void aNeedAboveWhatIsThereIsRefusedWithFigures() {
        List<MemoryNeed.Part> parts =
                List.of(new MemoryNeed.Part("parameters", 3L << 30), new MemoryNeed.Part("2 workers", 1L << 29));
        new MemoryNeed("driver", parts, 7L << 29, 0, "give more").check();
        assertThatThrownBy(() -> new MemoryNeed("driver", parts, (7L << 29) - 1, 0, "give more").check())
                .isInstanceOf(InsufficientMemoryException.class)
                .hasMessage("the training does not fit into memory: the driver needs 3.5 GiB (parameters 3.0 GiB, 2"
                        + " workers 512.0 MiB), but has 3.5 GiB: give more");
    }

    @Test
    void rowsThatFillTheMemoryAreRefusedWhileTheyAreRead() {
        RowBudget budget = new RowBudget(1 << 20, 4 << 20);
        assertThatThrownBy(() -> rows(5_000).forEach(budget::add))
                .isInstanceOf(InsufficientMemoryException.class)
                .hasMessageContainingAll("the first 4,096 rows", "parameters and optimizer 1.0 MiB", "-Xmx");
    }

    @Test
    void aTrainingInMemoryThatCannotFitIsRefused() {
        TrainingRequest request =
                TrainingRequest.of(Network.perceptron(new Relu(), 100, 30_000, 30_000, 3), config(8, 1));
        assertThatThrownBy(() -> LocalTraining.train(request, rows(20)))
                .isInstanceOf(InsufficientMemoryException.class)
                .hasMessageContainingAll("heap of this JVM needs ", "parameters and optimizer 10.1 GiB", "1 worker ");
    }

    @Test
    void thePlanIsSaidInPlainWords() {
        Objective objective = new Objective(network(10), new SoftmaxCrossEntropy(), BatchLayout.of(1000, 128, 4), 1);
        assertThat(StepPlan.ofThreads(
                                objective,
                                config(128, 4),
                                TrainingMemory.blocks(
                                        objective.layout().rows(),
                                        objective.network().inputSize(),
                                        1),
                                3)
                        .sentences())
                .hasSize(2)
                .startsWith("each step trains on 128 rows in 4 lanes, which 3 threads compute in parallel")
                .last()
                .asString()
                .matches("memory that the training needs: heap of this JVM \\d+\\.\\d [KM]iB of .*[MG]iB");
    }

    @Test
    void sparseRowsCountWhatTheyStore() {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            rows.add(Example.sparse(new int[] {i, 50_000 + i}, new float[] {1, 2}, i % 2));
        }
        assertThat(TrainingMemory.blocks(rows, 100_000, false)).isEqualTo(1000 * 4 * (2 * 2 + 3));
        assertThat(TrainingMemory.blocks(rows, 100_000, true)).isEqualTo(1000 * 4 * 100_002L); // scaling fills them
        rows.add(Example.dense(new float[100_000], 0));
        assertThat(TrainingMemory.blocks(rows, 100_000, false)).isEqualTo(1001 * 4 * 100_002L);
    }
}
