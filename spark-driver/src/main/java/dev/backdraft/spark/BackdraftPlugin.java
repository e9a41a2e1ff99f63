package dev.backdraft.spark;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import dev.backdraft.spark.engine.FitProgress;
import dev.backdraft.spark.engine.FitStatus;
import java.util.function.Function;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Brings the progress of fits into Spark's metrics: {@code --conf spark.plugins=dev.backdraft.spark.BackdraftPlugin}. The driver
 * then has gauges that every sink of {@code spark.metrics.conf} shows, under {@code
 * plugin.dev.backdraft.spark.BackdraftPlugin}. They tell of the fit that began last of those that run, or of the last that ran;
 * what is not known is NaN.
 *
 * <table>
 *   <caption>Gauges</caption>
 *   <tr><td>{@code runningFits}</td><td>number of fits that run</td></tr>
 *   <tr><td>{@code epoch}, {@code epochs}</td><td>counted from 1, and how many were asked for</td></tr>
 *   <tr><td>{@code batch}, {@code batches}</td><td>within the epoch, counted from 1, and how many it has</td></tr>
 *   <tr><td>{@code steps}, {@code rows}</td><td>done so far</td></tr>
 *   <tr><td>{@code loss}</td><td>mean over the rows of the epoch so far</td></tr>
 *   <tr><td>{@code validationLoss}</td><td>when it was last measured</td></tr>
 *   <tr><td>{@code rowsPerSecond}</td><td>within the last second</td></tr>
 *   <tr><td>{@code computeShare}, {@code combineShare}, {@code waitShare}</td><td>shares of that time, 0 … 1</td></tr>
 * </table>
 */
public final class BackdraftPlugin implements SparkPlugin {
    /** Made by Spark. */
    public BackdraftPlugin() {}

    @Override
    public DriverPlugin driverPlugin() {
        return new Driver();
    }

    /** Executors have nothing to tell that the driver does not know: null. */
    @Override
    public ExecutorPlugin executorPlugin() {
        return null;
    }

    private static final class Driver implements DriverPlugin {
        @Override
        public void registerMetrics(String appId, PluginContext context) {
            MetricRegistry registry = context.metricRegistry();
            registry.register("runningFits", (Gauge<Integer>) FitProgress::runningFits);
            register(registry, "epoch", FitStatus::epoch);
            register(registry, "epochs", FitStatus::epochs);
            register(registry, "batch", FitStatus::batch);
            register(registry, "batches", FitStatus::batches);
            register(registry, "steps", FitStatus::steps);
            register(registry, "rows", FitStatus::rows);
            register(registry, "loss", FitStatus::loss);
            register(registry, "validationLoss", FitStatus::validationLoss);
            register(registry, "rowsPerSecond", FitStatus::rowsPerSecond);
            register(registry, "computeShare", FitStatus::computeShare);
            register(registry, "combineShare", FitStatus::combineShare);
            register(registry, "waitShare", FitStatus::waitShare);
        }

        private static void register(MetricRegistry registry, String name, Function<FitStatus, Number> figure) {
            registry.register(name, (Gauge<Number>) () -> figure.apply(FitProgress.newest()));
        }
    }
}
