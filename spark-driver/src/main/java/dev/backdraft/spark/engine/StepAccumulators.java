package dev.backdraft.spark.engine;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.train.engine.LaneSum;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;

/**
 * Named accumulators of the tasks of a job per step, which Spark's pages show with each stage: what the fit has done by the end
 * of it, and what each task has added. For the eye alone: where Spark runs a stage of the {@link ExecutorTree} again, it counts
 * again.
 */
final class StepAccumulators implements Serializable {
    private static final long serialVersionUID = 1;

    private final LongAccumulator steps;
    private final LongAccumulator rows;
    private final DoubleAccumulator loss;

    StepAccumulators(SparkContext spark) {
        steps = spark.longAccumulator("Backdraft: steps");
        rows = spark.longAccumulator("Backdraft: rows");
        loss = spark.doubleAccumulator("Backdraft: sum of losses");
    }

    /** A task has done its lanes [from, to) of a step. The task with lane 0 counts the step. */
    void add(BatchLayout layout, long step, int from, int to, List<LaneSum> nodes) {
        if (from == 0) {
            steps.add(1);
        }
        rows.add(layout.rowsOfStep(step, from, to));
        double sum = 0;
        for (int i = 0; i < nodes.size(); i++) {
            sum += nodes.get(i).sum().losses().loss();
        }
        loss.add(sum);
    }
}
