package dev.backdraft.spark.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class ExampleRddTest {
    private static final AtomicInteger OPENED = new AtomicInteger();
    private static final AtomicInteger CLOSED = new AtomicInteger();

    /** Ten rows, and a file that must be closed. */
    private record Counted() implements ExampleSource {
        @Override
        public int parts() {
            return 1;
        }

        @Override
        public ExampleReader open(int part) {
            OPENED.incrementAndGet();
            return new ExampleReader() {
                private int next;

                @Override
                public Example read() {
                    return next < 10 ? Example.dense(new float[] {next++}, 0) : null;
                }

                @Override
                public String where() {
                    return "row " + next;
                }

                @Override
                public void close() {
                    CLOSED.incrementAndGet();
                }
            };
        }

        @Override
        public List<String> featureNames() {
            return List.of();
        }

        @Override
        public String labelName() {
            return null;
        }
    }

    @Test
    void readersAreClosedOnceAlsoWhenATaskEndsBeforeItsRows() {
        SparkConf conf =
                new SparkConf().setMaster("local[1]").setAppName("test").set("spark.ui.enabled", "false");
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            ExampleRdd rows = ExampleRdd.of(spark, new Counted());
            assertThat(rows.mapRows((row, where) -> row).count()).isEqualTo(10);
            assertThat(CLOSED).hasValue(OPENED.get());
            assertThat(rows.mapRows((row, where) -> row).map(Example::label).take(1))
                    .hasSize(1);
            assertThat(CLOSED).hasValue(OPENED.get());
        }
    }
}
