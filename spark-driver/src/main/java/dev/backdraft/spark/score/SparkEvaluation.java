package dev.backdraft.spark.score;

import dev.backdraft.data.DataException;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.evaluate.Evaluation;
import dev.backdraft.evaluate.EvaluationSums;
import dev.backdraft.metric.Metric;
import dev.backdraft.model.Model;
import dev.backdraft.spark.data.Cancellation;
import dev.backdraft.spark.data.ExampleRdd;
import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Evaluates a model on rows that are spread over a cluster: executors measure their parts, the driver adds the sums in the order
 * of the parts. The same bits as {@link Evaluation#of(Model, dev.backdraft.data.ExampleSource, List)} of the same parts.
 */
public final class SparkEvaluation {
    private SparkEvaluation() {}

    /**
     * Evaluates a model.
     *
     * @throws DataException when a row or its label does not fit the model, of the first part that has one; or there are no rows
     * @throws IllegalArgumentException when a metric does not suit the model
     */
    public static Evaluation of(JavaSparkContext spark, Model model, ExampleRdd rows, List<Metric> metrics) {
        EvaluationSums sums = new EvaluationSums(model, metrics);
        Broadcast<SharedModel> shared = SharedModel.broadcast(spark.sc(), model);
        try {
            List<Part> parts = Cancellation.ofJobs(spark.sc(), () -> rows.mapParts(
                            reader -> Part.of(shared.value().model(), metrics, reader))
                    .collect());
            for (Part part : parts) {
                if (part.problem != null) {
                    throw part.problem;
                }
                sums.add(part.sums);
            }
            return new Evaluation(model, metrics, sums);
        } finally {
            Cancellation.shield(shared::destroy);
        }
    }

    /** What a task sends: the sums, or what is wrong with a row, for which Spark need not try again. */
    private static final class Part implements Serializable {
        private static final long serialVersionUID = 1;

        private final EvaluationSums sums; // or null
        private final DataException problem; // or null

        private Part(EvaluationSums sums, DataException problem) {
            this.sums = sums;
            this.problem = problem;
        }

        static Iterator<Part> of(Model model, List<Metric> metrics, ExampleReader reader) throws IOException {
            EvaluationSums sums = new EvaluationSums(model, metrics);
            try (reader) {
                sums.add(model, reader);
            } catch (DataException e) {
                return List.of(new Part(null, e)).iterator();
            }
            return List.of(new Part(sums, null)).iterator();
        }
    }
}
