package dev.backdraft.spark.engine.resident.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.loss.Target;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.engine.Fits;
import dev.backdraft.spark.engine.resident.ResidentJob;
import dev.backdraft.spark.engine.resident.SessionEndedException;
import dev.backdraft.spark.engine.resident.executor.WorkerTask;
import dev.backdraft.spark.engine.resident.protocol.Request.Work;
import dev.backdraft.spark.engine.resident.protocol.SumPool;
import dev.backdraft.train.Fit;
import dev.backdraft.train.Objective;
import dev.backdraft.train.engine.LaneSum;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
class LostConnectionTest {
    private static final AtomicBoolean FIRST = new AtomicBoolean(true);
    private static final CountDownLatch ENTERED = new CountDownLatch(1);
    private static final CountDownLatch LEAVE = new CountDownLatch(1);

    /** The first worker that computes it is busy until it may leave. */
    private record Busy(Loss loss) implements Loss {
        @Override
        public double sum(Matrix logits, Matrix target, float[] weights, Matrix dLogits) {
            if (FIRST.getAndSet(false)) {
                ENTERED.countDown();
                try {
                    LEAVE.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return loss.sum(logits, target, weights, dLogits);
        }

        @Override
        public String name() {
            return loss.name();
        }

        @Override
        public Target target() {
            return loss.target();
        }

        @Override
        public double correct(Matrix logits, Matrix target, float[] weights) {
            return loss.correct(logits, target, weights);
        }

        @Override
        public void predict(Matrix logits, Matrix prediction) {
            loss.predict(logits, prediction);
        }
    }

    @Test
    void aRerunConnectsAgainWhileAnotherTaskIsBusyAtTheLostEnd() throws Exception {
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[2, 4]", 2))) {
            Fit fit = Fits.settle(spark, Fits.ROWS, Fits.request(1));
            BlockSet set = Fits.blocks(spark, Fits.ROWS, fit, false);
            float[] parameters = fit.network().initialParameters(1);
            Objective objective = new Objective(fit.network(), new Busy(new SoftmaxCrossEntropy()), set.layout(), 1);
            Coordinator coordinator = new Coordinator(2, new ResidentSettings(60_000, 60_000, 0, 2), () -> true);
            SumPool pool = new SumPool(parameters.length);
            AtomicReference<Throwable> failure = new AtomicReference<>();
            try (DriverEndpoint network = new DriverEndpoint(
                    spark.sc().getConf(), 0, coordinator, pool, set.layout().lanes(), false)) {
                ResidentJob job = new ResidentJob(
                        spark.sc(),
                        set,
                        null,
                        2,
                        new WorkerTask("the session", objective, fit.measures(), set, null, network.address()),
                        failure::set);
                CompletableFuture<List<LaneSum>> sums = CompletableFuture.supplyAsync(() -> {
                    try {
                        return coordinator
                                .run(Work.gradient(1, 0, 6, parameters), set, network::send)
                                .sums();
                    } catch (SessionEndedException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
                ENTERED.await();
                network.executorLost("driver");
                while (coordinator.workersPresent() == 2) {
                    Thread.sleep(1);
                }
                while (coordinator.workersPresent() == 0 && failure.get() == null) {
                    Thread.sleep(1);
                }
                LEAVE.countDown();
                assertThat(sums.get(1, TimeUnit.MINUTES)).isNotEmpty();
                coordinator.stop();
                assertThat(job.awaitEnd(30_000)).isTrue();
            }
            assertThat(failure).hasNullValue();
        }
    }
}
