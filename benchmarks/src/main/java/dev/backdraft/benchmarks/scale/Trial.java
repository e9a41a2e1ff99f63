package dev.backdraft.benchmarks.scale;

import dev.backdraft.activation.Relu;
import dev.backdraft.benchmarks.cluster.StandaloneCluster;
import dev.backdraft.benchmarks.peer.SyntheticRows;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Optimizers;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.engine.Aggregation;
import dev.backdraft.spark.engine.SparkTraining;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.engine.PreparedTraining;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A training by resident workers on rows by a formula, for the times of its steps.
 *
 * @param units of the layers, features first and classes last
 * @param batch rows of a step
 * @param lanes of a step
 * @param steps of an epoch
 */
record Trial(List<Integer> units, int batch, int lanes, int steps, int epochs, String optimizer) {
    Trial {
        units = List.copyOf(units);
    }

    /**
     * What a training did.
     *
     * @param parameters length of the vectors
     * @param results of the epochs
     * @param stepSeconds of each step that follows another one of its epoch, without the first epoch, in order
     * @param weights SHA-256 of the trained weights
     */
    record Outcome(int parameters, List<EpochResult> results, List<Double> stepSeconds, String weights) {}

    /**
     * Trains once.
     *
     * @param afterEpoch runs after each epoch
     */
    Outcome run(JavaSparkContext spark, Runnable afterEpoch) {
        int[] sizes = units.stream().mapToInt(Integer::intValue).toArray();
        SyntheticRows source = new SyntheticRows(batch * steps, sizes[0], sizes[sizes.length - 1], lanes);
        TrainingRequest request = TrainingRequest.of(
                Network.perceptron(new Relu(), sizes),
                TrainingConfig.standard()
                        .withEpochs(epochs)
                        .withBatchSize(batch)
                        .withOptimizer(Optimizers.named(optimizer))
                        .withLanes(lanes));
        Clock clock = new Clock(afterEpoch);
        try (PreparedTraining training =
                new SparkTraining(spark, Aggregation.RESIDENT).prepare(request, ExampleRdd.of(spark, source), null)) {
            training.plan().sentences().forEach(sentence -> System.err.println("plan: " + sentence));
            String weights =
                    training.train(TrainingStart.fromScratch(), List.of(clock)).weightsSha256();
            return new Outcome(request.network().length(), clock.results, clock.stepSeconds, weights);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Measures steps from end to end. */
    private static final class Clock implements TrainingListener {
        private final Runnable afterEpoch;
        private final List<EpochResult> results = new ArrayList<>();
        private final List<Double> stepSeconds = new ArrayList<>();
        private long last; // end of a step

        Clock(Runnable afterEpoch) {
            this.afterEpoch = afterEpoch;
        }

        @Override
        public void stepDone(int epoch, long steps, long ofEpoch) {
            long now = System.nanoTime();
            if (epoch > 1 && steps > 1) {
                stepSeconds.add((now - last) * 1e-9);
            }
            last = now;
        }

        @Override
        public void epochEnded(EpochResult result) {
            results.add(result);
            afterEpoch.run();
        }
    }

    /**
     * The settings of Spark for executors that share no memory.
     *
     * @param host of the driver
     * @param slots of all executors
     */
    static SparkConf conf(String master, String host, int slots, int executorMegabytes, int fanOut) {
        SparkConf conf = new SparkConf()
                .setAppName("Backdraft scale")
                .setMaster(master)
                .set("spark.default.parallelism", Integer.toString(slots))
                .set("spark.executor.memory", executorMegabytes + "m")
                .set("spark.executor.extraClassPath", StandaloneCluster.classPath())
                .set("spark.scheduler.minRegisteredResourcesRatio", "1")
                .set("spark.scheduler.maxRegisteredResourcesWaitingTime", "120s")
                .set("spark.ui.enabled", "false")
                .set("spark.ui.showConsoleProgress", "false")
                .set("spark.driver.host", host)
                .set("spark.driver.bindAddress", host)
                .set("spark.locality.wait", "0s")
                .set("spark.backdraft.sharedMemory", "false")
                .set("spark.backdraft.fanOut", Integer.toString(fanOut));
        String logging = System.getProperty("log4j2.configurationFile");
        if (logging != null) {
            conf.set("spark.executor.extraJavaOptions", "-Dlog4j2.configurationFile=" + logging);
        }
        return conf;
    }
}
