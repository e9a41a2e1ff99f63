package dev.backdraft.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.activation.Tanh;
import dev.backdraft.network.Network;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.engine.SparkTraining;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gauges, through Spark's own sinks. */
class BackdraftPluginTest {
    private static final ListSource SOURCE = new ListSource(() -> ListSource.threeClasses(211, false), 3, 5);
    private static final TrainingRequest REQUEST = TrainingRequest.of(
                    Network.perceptron(new Tanh(), 5, 7, 3),
                    TrainingConfig.standard().withBatchSize(64).withLanes(4).withEpochs(3))
            .withValidationFraction(0.2);
    private static final String PREFIX = "driver.plugin.dev.backdraft.spark.BackdraftPlugin.";

    private static SparkConf conf() {
        return new SparkConf()
                .setMaster("local[2]")
                .setAppName("test")
                .set("spark.metrics.namespace", "app")
                .set("spark.ui.enabled", "false")
                .set("spark.plugins", BackdraftPlugin.class.getName());
    }

    private static void fit(JavaSparkContext spark, TrainingListener listener) {
        new SparkTraining(spark).train(REQUEST, ExampleRdd.of(spark, SOURCE), null, List.of(listener));
    }

    @Test
    void aSinkShowsTheFiguresOfTheFit(@TempDir Path directory) throws IOException {
        SparkConf conf = conf().set("spark.metrics.conf.*.sink.csv.class", "org.apache.spark.metrics.sink.CsvSink")
                .set("spark.metrics.conf.*.sink.csv.directory", directory.toString());
        List<EpochResult> results = new ArrayList<>();
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            fit(spark, results::add);
        } // its end is reported
        Map<String, Double> last = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith("app." + PREFIX)) {
                    List<String> lines = Files.readAllLines(file);
                    String value = lines.get(lines.size() - 1).split(",", -1)[1];
                    last.put(name.substring(("app." + PREFIX).length()), Double.valueOf(value));
                }
            }
        }
        EpochResult result = results.get(2);
        assertThat(last)
                .containsEntry("epoch.csv", 3.0)
                .containsEntry("epochs.csv", 3.0)
                .containsEntry("batch.csv", 4.0)
                .containsEntry("batches.csv", 4.0)
                .containsEntry("steps.csv", 12.0)
                .containsEntry("rows.csv", 3.0 * result.rows())
                .containsEntry("loss.csv", result.loss())
                .containsEntry("validationLoss.csv", result.validationLoss())
                .containsEntry("runningFits.csv", 0.0);
        assertThat(last.get("rowsPerSecond.csv")).isPositive();
        assertThat(last.get("combineShare.csv")).isBetween(0.0, 1.0);
        assertThat(last.get("computeShare.csv") + last.get("waitShare.csv")).isBetween(0.0, 1.0);
    }

    @Test
    void gaugesMoveWhileAFitRuns() {
        SparkConf conf = conf().set("spark.metrics.conf.*.sink.jmx.class", "org.apache.spark.metrics.sink.JmxSink");
        List<Object> epochs = new ArrayList<>();
        List<Object> running = new ArrayList<>();
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            fit(spark, result -> {
                epochs.add(jmx("epoch"));
                running.add(jmx("runningFits"));
            });
            assertThat(jmx("runningFits")).isEqualTo(0);
        }
        assertThat(epochs).containsExactly(1, 2, 3); // as validation rows are measured at the end of each
        assertThat(running).containsExactly(1, 1, 1);
    }

    private static Object jmx(String gauge) {
        try {
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            return server.getAttribute(new ObjectName("metrics:name=app." + PREFIX + gauge + ",type=gauges"), "Value");
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }
}
