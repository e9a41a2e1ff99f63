package dev.backdraft.spark.engine.resident.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.spark.LogLines;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.engine.Fits;
import dev.backdraft.spark.engine.resident.ResidentJob;
import dev.backdraft.train.Fit;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class SlotYieldTest {
    private static final long FIRST_WAIT_MILLIS = 100;
    private static final long PAUSE_MILLIS = 4_000; // for a job
    private static final int RELEASES = 6;
    private static final CountDownLatch LEAVE = new CountDownLatch(1);
    private static final CountDownLatch FREE = new CountDownLatch(1);

    /**
     * A timer forgets a task that throws, and says nothing. A log with the same line four times a second says no more.
     */
    @Test
    void anErrorDoesNotEndTheWatchAndIsLoggedOnce() throws Exception {
        // The first context of a JVM configures the log.
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[1]", 1));
                LogLines log = new LogLines(SlotYield.class)) {
            JavaFutureAction<Void> other = spark.parallelize(List.of(1), 1).foreachAsync(x -> LEAVE.await());
            CountDownLatch releases = new CountDownLatch(3);
            SlotYield yield = new SlotYield(
                    spark.sc(),
                    () -> {
                        releases.countDown();
                        throw new NoSuchMethodError("as of another version of Spark");
                    },
                    () -> true);
            try {
                assertThat(releases.await(20, TimeUnit.SECONDS)).isTrue();
                assertThat(log.lines()).singleElement().asString().contains("as of another version of Spark");
            } finally {
                yield.close();
                LEAVE.countDown();
            }
            other.get(20, TimeUnit.SECONDS);
        }
    }

    /** A task that does nothing. */
    private static final class Idle extends AbstractFunction1<Iterator<Object>, BoxedUnit> implements Serializable {
        private static final long serialVersionUID = 1;

        @Override
        public BoxedUnit apply(Iterator<Object> parts) {
            return BoxedUnit.UNIT;
        }
    }

    /**
     * A job that never finds a slot makes the workers release theirs less and less often, and the waiting workers of a
     * fit get theirs no later. Whom a release is for shows in how long it lasts.
     */
    @Test
    void aJobThatCanNeverRunDelaysNoFit() throws Exception {
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[1]", 1))) {
            Fit fit = Fits.settle(spark, Fits.ROWS, Fits.request(1));
            BlockSet blocks = Fits.blocks(spark, Fits.ROWS, fit, false);
            JavaFutureAction<Void> holder = spark.parallelize(List.of(1), 1).foreachAsync(x -> FREE.await());
            JavaFutureAction<Void> never = spark.parallelize(List.of(1), 1).foreachAsync(x -> {});
            long begin = System.nanoTime();
            SlotYield yield = new SlotYield(spark.sc(), () -> {}, () -> true, FIRST_WAIT_MILLIS);
            try {
                for (int i = 0; i < RELEASES; i++) {
                    awaitWanted(yield);
                }
                long sum = FIRST_WAIT_MILLIS * ((1 << RELEASES) - 1); // each wait is twice the last one
                assertThat(millisSince(begin)).isGreaterThanOrEqualTo(sum);
                ResidentJob workers = new ResidentJob(spark.sc(), blocks, null, 1, new Idle(), failure -> {});
                assertThat(awaitWanted(yield)).as("the next release").isLessThan(sum);
                long start = System.nanoTime();
                yield.awaitOthers();
                assertThat(millisSince(start))
                        .as("its length, as it is for the fit")
                        .isLessThan(PAUSE_MILLIS / 2);
                FREE.countDown();
                assertThat(workers.awaitEnd(20_000)).isTrue();
            } finally {
                yield.close();
                FREE.countDown();
            }
            holder.get(20, TimeUnit.SECONDS);
            never.get(20, TimeUnit.SECONDS);
            blocks.close();
        }
    }

    /** Returns how many milliseconds it took. */
    private static long awaitWanted(SlotYield yield) throws InterruptedException {
        long start = System.nanoTime();
        while (!yield.takeWanted()) {
            Thread.sleep(1);
        }
        return millisSince(start);
    }

    private static long millisSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
}
