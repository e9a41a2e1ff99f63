package dev.backdraft.spark.engine.resident.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.activation.Tanh;
import dev.backdraft.network.Network;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.engine.Fits;
import dev.backdraft.spark.engine.RunningTasks;
import dev.backdraft.spark.engine.resident.ResidentJob;
import dev.backdraft.spark.engine.resident.executor.WorkerTask;
import dev.backdraft.spark.engine.resident.protocol.Messages;
import dev.backdraft.spark.engine.resident.protocol.Request;
import dev.backdraft.spark.engine.resident.protocol.Request.Assignment;
import dev.backdraft.spark.engine.resident.protocol.Request.Work;
import dev.backdraft.spark.engine.resident.protocol.SumPool;
import dev.backdraft.train.Fit;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.engine.GradientTree;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/** Parameters down and sums up a tree of executors: here one for each worker, in one JVM, with all connections real. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class TreeTest {
    private static final int MOST = 8;
    private static JavaSparkContext spark;
    private static Fit fit;
    private static BlockSet set; // 8 parts of one lane
    private static float[] parameters;

    @BeforeAll
    static void start() {
        spark = new JavaSparkContext(Fits.conf("local[8, 4]", MOST));
        TrainingRequest request = TrainingRequest.of(
                Network.perceptron(new Tanh(), 5, 150, 150, 3),
                TrainingConfig.standard().withBatchSize(24).withLanes(MOST).withEpochs(1));
        fit = Fits.settle(spark, Fits.ROWS, request);
        set = Fits.blocks(spark, Fits.ROWS, fit, false);
        assertThat(set.parts()).isEqualTo(MOST);
        parameters = fit.network().initialParameters(1);
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    /** A worker with a connection of its own. */
    private static final class Alone extends AbstractFunction1<Iterator<Object>, BoxedUnit> implements Serializable {
        private static final long serialVersionUID = 1;

        private final String session = UUID.randomUUID().toString();
        private final WorkerTask task;

        Alone(WorkerTask task) {
            this.task = task;
        }

        @Override
        public BoxedUnit apply(Iterator<Object> nothing) {
            task.serve(session + TaskContext.get().taskAttemptId());
            return BoxedUnit.UNIT;
        }
    }

    /** What steps gave, and the driver's bytes in the last one. */
    private record Run(List<float[]> sums, List<Double> losses, long sent, long received, int answers) {}

    private static Run run(int executors, int fanOut, int steps, Runnable betweenSteps) throws Exception {
        ResidentSettings settings = new ResidentSettings(60_000, 60_000, 0, fanOut);
        Coordinator coordinator = new Coordinator(executors, settings, () -> true);
        SumPool pool = new SumPool(parameters.length);
        try (DriverEndpoint network = new DriverEndpoint(
                spark.sc().getConf(), 0, coordinator, pool, MOST, settings.usesTree(parameters.length, executors))) {
            WorkerTask task = new WorkerTask(
                    "of none", fit.objective(set.layout()), fit.measures(), set, null, network.address());
            ResidentJob job = new ResidentJob(spark.sc(), set, null, executors, new Alone(task), failure -> {});
            List<float[]> sums = new ArrayList<>();
            List<Double> losses = new ArrayList<>();
            long sent = 0;
            long received = 0;
            int answers = 0;
            for (int i = 0; i < steps; i++) {
                int step = i % (int) set.layout().stepsPerEpoch();
                int active = set.layout().activeLanes(step);
                sent = network.bytesSent();
                received = network.bytesReceived();
                StepProgress progress = coordinator.run(Work.gradient(1, step, active, parameters), set, network::send);
                answers = progress.sums().size();
                sent = network.bytesSent() - sent;
                received = network.bytesReceived() - received;
                var sum = GradientTree.merge(active, progress.sums());
                sums.add(sum.gradient().clone());
                losses.add(sum.losses().loss());
                pool.giveBack(progress.sums());
                betweenSteps.run();
            }
            coordinator.stop();
            assertThat(job.awaitEnd(30_000)).isTrue();
            return new Run(sums, losses, sent, received, answers);
        }
    }

    private static void assertSameBits(Run run, Run expected) {
        assertThat(run.losses()).isEqualTo(expected.losses());
        for (int i = 0; i < expected.sums().size(); i++) {
            assertThat(run.sums().get(i))
                    .as("step %d", i)
                    .isEqualTo(expected.sums().get(i));
        }
    }

    @AfterEach
    void shareMemoryAgain() {
        shareMemory(true);
    }

    private static void shareMemory(boolean shared) {
        SparkEnv.get().conf().set("spark.backdraft.sharedMemory", Boolean.toString(shared));
    }

    @ParameterizedTest
    @CsvSource({"2, true", "3, true", "3, false", "4, false", "5, true", "7, false", "8, true", "8, false"})
    void anyTreeOfExecutorsGivesTheBitsOfOne(int executors, boolean sharedMemory) throws Exception {
        shareMemory(sharedMemory);
        Run expected = run(1, 2, 7, () -> {});
        assertSameBits(run(executors, 1, 7, () -> {}), expected);
        assertSameBits(run(executors, 2, 7, () -> {}), expected);
        assertSameBits(run(executors, 3, 7, () -> {}), expected);
        assertSameBits(run(executors, MOST, 7, () -> {}), expected);
    }

    @Test
    void theDriversTrafficDoesNotGrowWithTheExecutors() throws Exception {
        shareMemory(false);
        Run two = run(2, 2, 2, () -> {});
        Run four = run(4, 2, 2, () -> {});
        Run eight = run(8, 2, 2, () -> {});
        Run flat = run(8, 8, 2, () -> {});
        for (Run run : List.of(four, eight)) {
            assertThat(run.answers()).isEqualTo(2);
            assertThat(run.sent()).isBetween(two.sent(), two.sent() + 1_000);
            assertThat(run.received()).isBetween(two.received(), two.received() + 1_000);
        }
        assertThat(flat.sent()).isGreaterThan(4 * two.sent() - 1_000);
        assertThat(flat.received()).isGreaterThan(4 * two.received() - 1_000);
    }

    @Test
    void vectorsDoNotTakeTheConnectionsOfOneMachine() throws Exception {
        Run run = run(8, 2, 8, () -> {});
        assertThat(run.answers()).isEqualTo(2);
        assertThat(run.sent()).isLessThan(2_000);
        assertThat(run.received()).isLessThan(2_000);
        shareMemory(false);
        assertThat(run(8, 2, 8, () -> {}).sent()).isGreaterThan(2 * 4L * parameters.length);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLostExecutorAnywhereInTheTreeChangesNoBit(boolean sharedMemory) throws Exception {
        shareMemory(sharedMemory);
        int steps = 40;
        Run expected = run(1, 2, steps, () -> {});
        RunningTasks tasks = RunningTasks.watch(spark);
        List<Long> killed = new ArrayList<>();
        int[] step = {0};
        Run run = run(MOST, 2, steps, () -> {
            if (step[0]++ % 5 == 1) { // roots and leaves, 8 in all
                List<Long> running = tasks.attempts();
                long victim = running.get(killed.size() % running.size());
                killed.add(victim);
                spark.sc().killTaskAttempt(victim, false, "test");
            }
        });
        assertSameBits(run, expected);
        assertThat(killed).hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 8, 13, 64, 100})
    void everyExecutorIsInTheTreesOnce(int members) {
        for (int fanOut : new int[] {1, 2, 3, 5}) {
            List<Request> requests = new ArrayList<>();
            IntStream.range(0, members)
                    .forEach(i -> requests.add(new Request(
                            i, Messages.NOWHERE, null, List.of(new Assignment(i, i, new int[] {i})), List.of())));
            List<Request> roots = Request.trees(requests, fanOut);
            assertThat(roots).hasSizeBetween(1, fanOut);
            List<Integer> seen = new ArrayList<>();
            roots.forEach(root -> root.parts().stream().forEach(seen::add));
            assertThat(seen).hasSize(members).doesNotHaveDuplicates();
            assertThat(roots.stream().mapToInt(root -> root.numbers().size()).sum())
                    .isEqualTo(members);
            for (long i = 0; i < members; i++) {
                long number = i;
                assertThat(roots.stream().filter(root -> root.contains(number) && root.hasAttempt(number)))
                        .hasSize(1);
            }
        }
    }
}
