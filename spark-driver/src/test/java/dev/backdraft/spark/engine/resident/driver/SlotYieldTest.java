package dev.backdraft.spark.engine.resident.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.spark.engine.Fits;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
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
        List<String> lines = new CopyOnWriteArrayList<>();
        AbstractAppender appender = new AbstractAppender("lines", null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                lines.add(event.getMessage().getFormattedMessage());
            }
        };
        appender.start();
        Logger logger = (Logger) LogManager.getLogger(SlotYield.class);
        logger.addAppender(appender);
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[1]", 1))) {
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
                assertThat(lines).singleElement().asString().contains("as of another version of Spark");
            } finally {
                yield.close();
                logger.removeAppender(appender);
                LEAVE.countDown();
            }
            other.get(20, TimeUnit.SECONDS);
        }
    }
}
