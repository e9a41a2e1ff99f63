package dev.backdraft.spark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.Network;
import dev.backdraft.train.Fit;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.engine.GradientSource;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** What is shown of a fit must not do it harm. */
class ObservedGradientsTest {
    private final AtomicBoolean broken = new AtomicBoolean(); // the figures
    private final AtomicBoolean closed = new AtomicBoolean(); // the source
    private final BatchLayout layout = BatchLayout.of(100, 10, BatchLayout.AUTO_LANES);

    private final GradientSource source = new GradientSource() {
        @Override
        public GradientSum gradient(int epoch, long step, float[] parameters) {
            throw new IllegalStateException("nobody asks for it");
        }

        @Override
        public MetricSums validate(float[] parameters) {
            return null;
        }

        @Override
        public List<Metric> metrics() {
            return List.of();
        }

        @Override
        public void close() {
            closed.set(true);
        }
    };

    private Fit fit() {
        Loss loss = (Loss) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Loss.class}, (proxy, method, arguments) -> {
                    if (broken.get()) {
                        throw new IllegalStateException("no figures");
                    }
                    return method.invoke(new SquaredError(), arguments);
                });
        return new Fit(Network.perceptron(new Tanh(), 2, 1), loss, null, TrainingConfig.standard(), "", 100, null);
    }

    @Test
    void theSourceIsClosedAndTheFitOverEvenWhereFiguresCannotBeShown() {
        try (JavaSparkContext spark = new JavaSparkContext(
                new SparkConf().setMaster("local[1]").setAppName("test").set("spark.ui.enabled", "false"))) {
            int before = FitProgress.runningFits();
            ObservedGradients observed = new ObservedGradients(fit(), layout, source, new JobLabels(spark.sc()));
            assertThat(FitProgress.runningFits()).isEqualTo(before + 1);
            broken.set(true);
            assertThatThrownBy(observed::close).hasMessage("no figures");
            assertThat(closed).isTrue();
            assertThat(FitProgress.runningFits()).isEqualTo(before);
        }
    }
}
