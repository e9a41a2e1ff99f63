package dev.backdraft.spark.engine.resident.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.engine.Fits;
import dev.backdraft.spark.engine.resident.protocol.Messages;
import dev.backdraft.spark.engine.resident.protocol.Request;
import dev.backdraft.spark.engine.resident.protocol.Request.Assignment;
import dev.backdraft.spark.engine.resident.protocol.Request.Work;
import dev.backdraft.train.Fit;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class WorkerTest {
    /**
     * Two workers share the first step. The second is late, so the first already computes the next step when the second
     * ends the first one, and adds what the first worker has given to it.
     */
    @Test
    void aLateWorkerChangesNoSumOfALaterStep() {
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[2]", 2))) {
            Fit fit = Fits.settle(spark, Fits.MANY_ROWS, Fits.with(Fits.request(1), 2, 2));
            BlockSet set = Fits.blocks(spark, Fits.MANY_ROWS, fit, false);
            assertThat(set.parts()).isGreaterThan(1);
            assertThat(set.layout().stepsPerEpoch()).isGreaterThan(1);
            List<float[]> sums = set.runs()
                    .toJavaRDD()
                    .coalesce(1)
                    .mapPartitions(nothing ->
                            List.of(sum(fit, set, true), sum(fit, set, false)).iterator())
                    .collect();
            assertThat(sums.get(0)).containsExactly(sums.get(1));
        }
    }

    /** The sum of the second step, whose first step ends late or in time. */
    private static float[] sum(Fit fit, BlockSet set, boolean late) {
        Worker one = worker(fit, set);
        Worker two = worker(fit, set);
        PendingReply first = pending(fit, set, 0);
        PendingReply second = pending(fit, set, 1);
        assertThat(compute(first, one, 0)).isFalse();
        if (!late) {
            assertThat(compute(first, two, 1)).isTrue();
            first.ofWorkers();
            first.sent();
        }
        assertThat(compute(second, one, 0)).isFalse();
        if (late) {
            assertThat(compute(first, two, 1)).isTrue();
            first.ofWorkers();
        }
        assertThat(compute(second, two, 1)).isTrue();
        return second.ofWorkers().sums().get(0).sum().gradient().clone();
    }

    private static boolean compute(PendingReply reply, Worker worker, int assignment) {
        return reply.compute(reply.request().assignments().get(assignment), worker);
    }

    private static Worker worker(Fit fit, BlockSet set) {
        return new Worker(fit.objective(set.layout()), fit.measures(), set, null, TaskContext.get());
    }

    private static PendingReply pending(Fit fit, BlockSet set, long step) {
        float[] parameters = fit.network().initialParameters(1);
        Arrays.fill(parameters, 0, 2, (float) step); // other parameters in each step
        Work work = Work.gradient(1, step, set.layout().activeLanes(step), parameters);
        List<Assignment> assignments =
                List.of(new Assignment(0, 0, new int[] {0}), new Assignment(1, 1, new int[] {1}));
        return new PendingReply(new Request(step, Messages.NOWHERE, work, assignments, List.of()), null);
    }
}
