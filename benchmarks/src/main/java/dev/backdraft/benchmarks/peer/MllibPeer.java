package dev.backdraft.benchmarks.peer;

import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.linalg.NetlibOpenBlas;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * MLlib's multilayer perceptron by gradient descent: each iteration is one evaluation of the gradient over all of its rows, by one
 * Spark job. What counts is the time from the start of a job to the start of the next, so a fit's own start does not. Its hidden
 * layers are sigmoid and its numbers double, as it has no others. netlib is given the OpenBLAS that Backdraft uses.
 */
public final class MllibPeer {
    private static final int BLOCK_SIZE = 1024; // the faster of the two that were tried, 128 and 1,024
    private static final int FEWEST_ITERATIONS = 4;
    private static final int MOST_ITERATIONS = 60;

    private MllibPeer() {}

    public static void main(String[] words) throws IOException, TimeoutException {
        PeerOptions options = PeerOptions.of(words);
        try (SparkSession spark = SparkSessions.start(options.master)) {
            run(spark, options.task(), options.figure, Requests.standard());
        }
    }

    static void run(SparkSession spark, TrainingTask task, String figure, Requests requests)
            throws IOException, TimeoutException {
        String blas = NetlibOpenBlas.load();
        JobStarts starts = new JobStarts();
        spark.sparkContext().addSparkListener(starts);
        Dataset<Row> rows = frame(spark, task).cache();
        rows.count();
        double secondsPerIteration = 1;
        for (Requests.Request request = requests.next(); request != null; request = requests.next()) {
            double wanted = Math.max(request.seconds(), request.warmupSeconds()) / secondsPerIteration;
            int iterations = (int) Math.max(FEWEST_ITERATIONS, Math.min(MOST_ITERATIONS, wanted));
            secondsPerIteration = fit(spark, rows, task.layers(), iterations, starts);
            requests.answer(
                    Map.of(figure, task.rows() / secondsPerIteration),
                    Map.of("blas", blas, "iterations a fit", Integer.toString(iterations), "spark", spark.version()));
        }
    }

    /** The rows in as many partitions as there are cores. */
    private static Dataset<Row> frame(SparkSession spark, TrainingTask task) {
        StructType schema = new StructType(new StructField[] {
            DataTypes.createStructField("label", DataTypes.DoubleType, false),
            DataTypes.createStructField("features", SQLDataTypes.VectorType(), false)
        });
        JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
        int partitions = context.defaultParallelism();
        SyntheticRows source = new SyntheticRows(
                task.rows(),
                task.layers().get(0),
                task.layers().get(task.layers().size() - 1),
                partitions);
        List<Integer> parts = new ArrayList<>();
        for (int part = 0; part < partitions; part++) {
            parts.add(part);
        }
        JavaRDD<Row> rows = context.parallelize(parts, partitions).flatMap(part -> {
            List<Row> read = new ArrayList<>();
            try (ExampleReader reader = source.open(part)) {
                for (Example row = reader.read(); row != null; row = reader.read()) {
                    read.add(RowFactory.create(row.label(), Vectors.dense(doubles(row.values()))));
                }
            }
            return read.iterator();
        });
        return spark.createDataFrame(rows, schema);
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    /** Median seconds from the start of an iteration's job to the next one's. */
    private static double fit(
            SparkSession spark, Dataset<Row> rows, List<Integer> layers, int iterations, JobStarts starts)
            throws TimeoutException {
        starts.millis.clear();
        new MultilayerPerceptronClassifier()
                .setLayers(layers.stream().mapToInt(Integer::intValue).toArray())
                .setSolver("gd")
                .setStepSize(0.01)
                .setTol(0)
                .setMaxIter(iterations)
                .setBlockSize(BLOCK_SIZE)
                .setSeed(42)
                .fit(rows);
        spark.sparkContext().listenerBus().waitUntilEmpty();
        List<Long> millis = List.copyOf(starts.millis);
        double[] seconds = new double[iterations - 1];
        for (int i = 0; i < seconds.length; i++) { // the last jobs of a fit are its iterations
            int at = millis.size() - iterations + i;
            seconds[i] = (millis.get(at + 1) - millis.get(at)) / 1000.0;
        }
        Arrays.sort(seconds);
        return Math.max(seconds[seconds.length / 2], 1e-3);
    }

    /** Notes when jobs start. */
    private static final class JobStarts extends SparkListener {
        private final List<Long> millis = new CopyOnWriteArrayList<>();

        @Override
        public void onJobStart(SparkListenerJobStart start) {
            millis.add(start.time());
        }
    }
}
