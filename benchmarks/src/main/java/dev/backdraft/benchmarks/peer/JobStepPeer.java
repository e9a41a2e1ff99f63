package dev.backdraft.benchmarks.peer;

import dev.backdraft.network.Network;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.engine.Aggregation;
import dev.backdraft.spark.engine.SparkTraining;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.engine.GradientSource;
import dev.backdraft.train.engine.PreparedTraining;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.SparkSession;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * What one Spark job per step costs beyond its arithmetic: steps of next to no rows, one in each partition, and between them
 * empty jobs on the partitions of the same cached RDD. Medians, in milliseconds.
 */
public final class JobStepPeer {
    private static final int BURST = 20;

    private JobStepPeer() {}

    public static void main(String[] words) throws IOException {
        PeerOptions options = PeerOptions.of(words);
        try (SparkSession spark = SparkSessions.start(options.master)) {
            run(new JavaSparkContext(spark.sparkContext()), options.task(), Requests.standard());
        }
    }

    static void run(JavaSparkContext spark, TrainingTask task, Requests requests) {
        TrainingRequest request = task.request();
        TrainingConfig config = request.config().withLanes(task.batchSize()); // a row each
        TrainingRequest cut = TrainingRequest.of(request.network(), config).withLoss(request.loss());
        ExampleRdd rows = ExampleRdd.of(spark, task.source());
        try (PreparedTraining training = new SparkTraining(spark, Aggregation.JOB).prepare(cut, rows, null)) {
            measure(spark, training, requests);
        }
    }

    private static void measure(JavaSparkContext spark, PreparedTraining training, Requests requests) {
        Network network = training.fit().network();
        float[] parameters = network.initialParameters(1);
        GradientSource source = training.source();
        source.gradient(1, 0, parameters); // caches the blocks
        EmptyJob empty = new EmptyJob(spark);
        long steps = training.layout().stepsPerEpoch();
        for (Requests.Request request = requests.next(); request != null; request = requests.next()) {
            bursts(source, parameters, empty, steps, request.warmupSeconds());
            List<double[]> times = bursts(source, parameters, empty, steps, request.seconds());
            requests.answer(
                    Map.of("job-step", median(times.get(0)), "empty-job", median(times.get(1))),
                    Map.of("parameters", Integer.toString(parameters.length), "partitions", empty.partitions()));
        }
    }

    /** Milliseconds of each step and of each empty job. */
    private static List<double[]> bursts(
            GradientSource source, float[] parameters, EmptyJob empty, long stepsPerEpoch, double seconds) {
        List<Double> steps = new ArrayList<>();
        List<Double> jobs = new ArrayList<>();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        do {
            for (int i = 0; i < BURST; i++) {
                long start = System.nanoTime();
                source.gradient(1, steps.size() % (stepsPerEpoch - 1), parameters);
                steps.add((System.nanoTime() - start) / 1e6);
            }
            for (int i = 0; i < BURST; i++) {
                long start = System.nanoTime();
                empty.run();
                jobs.add((System.nanoTime() - start) / 1e6);
            }
        } while (System.nanoTime() < end);
        return List.of(sorted(steps), sorted(jobs));
    }

    private static double[] sorted(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }

    private static double median(double[] sorted) {
        return sorted[sorted.length / 2];
    }

    /** A job whose tasks do nothing, on the RDD that the training has cached. */
    private static final class EmptyJob {
        private final JavaSparkContext spark;
        private final RDD<?> cached;
        private final Seq<Object> partitions;

        EmptyJob(JavaSparkContext spark) {
            this.spark = spark;
            cached = spark.getPersistentRDDs().values().stream()
                    .map(JavaRDD::rdd)
                    .findFirst()
                    .orElseThrow();
            List<Object> numbers = new ArrayList<>();
            for (int i = 0; i < cached.getNumPartitions(); i++) {
                numbers.add(i);
            }
            partitions = CollectionConverters.asScala(numbers).toSeq();
        }

        String partitions() {
            return Integer.toString(cached.getNumPartitions());
        }

        void run() {
            run(cached);
        }

        private <T> void run(RDD<T> rdd) {
            ClassTag<Object> tag = ClassTag$.MODULE$.apply(Object.class);
            spark.sc().runJob(rdd, new Nothing<T>(), partitions, new Forget(), tag);
        }
    }

    private static final class Nothing<T> extends AbstractFunction2<TaskContext, Iterator<T>, Object>
            implements Serializable {
        private static final long serialVersionUID = 1;

        @Override
        public Object apply(TaskContext context, Iterator<T> rows) {
            return BoxedUnit.UNIT;
        }
    }

    private static final class Forget extends AbstractFunction2<Object, Object, BoxedUnit> {
        @Override
        public BoxedUnit apply(Object partition, Object result) {
            return BoxedUnit.UNIT;
        }
    }
}
