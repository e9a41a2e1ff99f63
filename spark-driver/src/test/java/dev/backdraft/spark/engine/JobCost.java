package dev.backdraft.spark.engine;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.Example;
import dev.backdraft.network.Network;
import dev.backdraft.spark.ListSource;
import dev.backdraft.spark.data.BlockReader;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.train.Fit;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * What a job per step costs beyond an empty job on the same blocks; run by hand. Alternates between the empty job, parameters in
 * the task, parameters broadcast, and now and then the tree of executors, and prints medians in milliseconds, without what the workers say that they computed.
 *
 * <p>Arguments: master, seconds to warm up, seconds to measure, partitions, sizes of the vector.
 */
final class JobCost {
    private JobCost() {}

    private static final class Nothing extends AbstractFunction2<TaskContext, Iterator<BlockReader>, Integer>
            implements Serializable {
        private static final long serialVersionUID = 1;

        @Override
        public Integer apply(TaskContext context, Iterator<BlockReader> run) {
            return 0;
        }
    }

    private static final class Ignore extends AbstractFunction2<Object, Integer, BoxedUnit> {
        @Override
        public BoxedUnit apply(Object part, Integer result) {
            return BoxedUnit.UNIT;
        }
    }

    private static void empty(JavaSparkContext spark, BlockSet blocks) {
        List<Object> parts = new ArrayList<>();
        for (int part = 0; part < blocks.parts(); part++) {
            parts.add(part);
        }
        spark.sc()
                .runJob(
                        blocks.runs(),
                        new Nothing(),
                        CollectionConverters.asScala(parts).toSeq(),
                        new Ignore(),
                        ClassTag$.MODULE$.apply(Object.class));
    }

    public static void main(String[] arguments) throws Exception {
        SparkConf conf = new SparkConf()
                .setMaster(arguments[0])
                .setAppName("cost of a job")
                .set("spark.ui.enabled", "false")
                .set("spark.task.maxDirectResultSize", "100m")
                .set("spark.locality.wait", "0s")
                .set("spark.default.parallelism", arguments[3]);
        if (arguments[0].startsWith("local-cluster")) {
            Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
            conf.set("spark.executor.extraClassPath", System.getProperty("java.class.path"));
            conf.set("spark.executor.memory", arguments[0].replaceAll(".*,(\\d+)]", "$1m"));
        }
        int parts = Integer.parseInt(arguments[3]);
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            spark.setLogLevel("WARN");
            for (int size = 4; size < arguments.length; size++) {
                measure(
                        spark,
                        Integer.parseInt(arguments[size]),
                        parts,
                        size == 4 ? Double.parseDouble(arguments[1]) : Double.parseDouble(arguments[1]) / 3,
                        Double.parseDouble(arguments[2]));
            }
        }
    }

    private static List<Example> rows(int features) {
        Random random = new Random(1);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            float[] values = new float[features];
            values[i % features] = random.nextFloat();
            rows.add(Example.dense(values, i % 2));
        }
        return rows;
    }

    private static void measure(JavaSparkContext spark, int length, int parts, double warmUp, double seconds) {
        int width = (int) Math.sqrt(length);
        int features = Math.min(width, 1000);
        TrainingRequest request = TrainingRequest.of(
                Network.perceptron(new Tanh(), features, (length - 2) / (features + 3), 2),
                TrainingConfig.standard().withBatchSize(parts).withLanes(parts).withEpochs(1));
        ListSource source = new ListSource(() -> rows(features), 3, 1);
        ExampleRdd rows = ExampleRdd.of(spark, source);
        Fit fit = Fit.of(request, rows.scan(request, null), rows.featureNames(), rows.labelName());
        BlockSet blocks = BlockSet.of(
                rows.mapRows((row, where) -> fit.resolve(row, where)),
                0,
                fit.network().inputSize(),
                fit.preprocessing(),
                1,
                parts,
                parts,
                parts);
        float[] parameters = fit.network().initialParameters(1);
        JobSettings usual = JobSettings.of(spark.getConf());
        long steps = blocks.layout().stepsPerEpoch() - 1;
        JobPerStepGradients[] sources = {
            new JobPerStepGradients(
                    spark, fit, blocks, null, new JobSettings(Integer.MAX_VALUE, Long.MAX_VALUE, 1L << 30)),
            new JobPerStepGradients(spark, fit, blocks, null, new JobSettings(0, Long.MAX_VALUE, 1L << 30)),
            new JobPerStepGradients(spark, fit, blocks, null, new JobSettings(0, 0, 1L << 30))
        };
        String[] names = {"empty", "in task", "broadcast", "executor tree"};
        List<List<Double>> millis = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        long begin = System.nanoTime();
        for (int round = 0; System.nanoTime() - begin < (warmUp + seconds) * 1e9; round++) {
            boolean counts = System.nanoTime() - begin > warmUp * 1e9;
            for (int route = 0; route < 4; route++) {
                if (route == 3 && (parts < 4 || round % 20 != 0)) { // a tree is for four or more
                    continue;
                }
                long compute = 0;
                long start = System.nanoTime();
                if (route == 0) {
                    empty(spark, blocks);
                } else {
                    StepTimes before = sources[route - 1].times();
                    sources[route - 1].gradient(1, round % steps, parameters);
                    compute = sources[route - 1].times().minus(before).computeNanos();
                }
                if (counts) {
                    millis.get(route).add((System.nanoTime() - start - compute) / 1e6);
                }
            }
        }
        double[] medians = new double[4];
        StringBuilder line =
                new StringBuilder(String.format(Locale.ROOT, "%,d floats, %d parts:", parameters.length, parts));
        for (int route = 0; route < (parts < 4 ? 3 : 4); route++) {
            double[] sorted =
                    millis.get(route).stream().mapToDouble(Double::doubleValue).toArray();
            Arrays.sort(sorted);
            medians[route] = sorted[sorted.length / 2];
            line.append(String.format(
                    Locale.ROOT, " | %s %.2f ms (%.2f x)", names[route], medians[route], medians[route] / medians[0]));
        }
        System.out.println(line + " | " + millis.get(0).size() + " rounds; tree from " + usual.crowd() + " bytes");
        sources[0].close();
    }
}
