package dev.backdraft.spark.engine.resident.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.spark.LogLines;
import dev.backdraft.spark.engine.Fits;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class SlotYieldTest {
    private static final CountDownLatch LEAVE = new CountDownLatch(1);

    /**
     * A timer forgets a task that throws, and says nothing. A log with the same line four times a second says no more.
     */
    @Test
    void anErrorDoesNotEndTheWatchAndIsLoggedOnce() throws Exception {
        try (LogLines log = new LogLines(SlotYield.class);
                JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[1]", 1))) {
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
}
