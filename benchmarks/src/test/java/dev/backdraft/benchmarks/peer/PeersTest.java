package dev.backdraft.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backdraft.benchmarks.cluster.StandaloneCluster;
import dev.backdraft.data.Example;
import dev.backdraft.spark.engine.Aggregation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each peer that is a Java program, at a tiny workload: it answers as often as it is asked, with finite numbers. No timing. */
@Tag("slow")
final class PeersTest {
    private static final String JAVA_OPTIONS = "spark.executor.extraJavaOptions";
    private static final TrainingTask TINY = new TrainingTask(List.of(6, 5, 3), 96, 32, "sgd");

    /** A peer, or what is the whole of one. */
    @FunctionalInterface
    interface Peer {
        void run(Requests requests) throws Exception;
    }

    /** The figures of the peer's answers to two requests of no time. */
    private static void check(Peer peer, String... figures) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] requests = "measure 0.01 0\nmeasure 0 0\n".getBytes(StandardCharsets.UTF_8);
        peer.run(new Requests(new ByteArrayInputStream(requests), new PrintStream(out, true, StandardCharsets.UTF_8)));
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize(2);
        for (String line : lines) {
            JsonNode answer = new ObjectMapper().readTree(line);
            assertThat(answer.path("figures").fieldNames()).toIterable().containsExactlyInAnyOrder(figures);
            answer.path("figures")
                    .forEach(figure -> assertThat(figure.asDouble()).isFinite().isPositive());
        }
    }

    @Test
    void coreAnswers() throws Exception {
        check(requests -> CorePeer.run(TINY, 2, "core", requests), "core");
        check(
                requests -> CorePeer.run(new TrainingTask(List.of(6, 5, 3), 96, 96, "adam"), 1, "core", requests),
                "core");
    }

    @Test
    void productsAnswer() throws Exception {
        check(requests -> ProductsPeer.run(TINY, 2, "products", requests), "products");
    }

    @Test
    void fitsToAnAccuracyAnswer() throws Exception {
        SyntheticRows rows = TINY.source();
        check(requests -> AccuracyPeer.runLocally(TINY, rows, rows, 1, "core", requests), "core (target not reached)");
    }

    @Test
    void peersOnSparkAnswer() throws Exception {
        try (SparkSession session = SparkSessions.start("local[2]")) {
            JavaSparkContext spark = new JavaSparkContext(session.sparkContext());
            for (Aggregation aggregation : Aggregation.values()) {
                check(requests -> SparkPeer.run(spark, TINY, aggregation, new Stopwatch("spark", requests)), "spark");
            }
            check(requests -> JobStepPeer.run(spark, TINY, requests), "job-step", "empty-job");
            check(requests -> MemoryPeer.run(spark, TINY, requests), "process-peak", "heap-in-use");
            check(requests -> MllibPeer.run(session, TINY, "mllib", requests), "mllib");
        }
    }

    @Test
    void executorsAnswer() throws Exception {
        Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
        System.setProperty(JAVA_OPTIONS, StandaloneCluster.QUICK_START);
        try (SparkSession session = SparkSessions.start("executors[2]")) {
            JavaSparkContext spark = new JavaSparkContext(session.sparkContext());
            check(
                    requests -> SparkPeer.run(spark, TINY, Aggregation.RESIDENT, new Stopwatch("executors", requests)),
                    "executors");
        } finally {
            System.clearProperty(JAVA_OPTIONS);
        }
    }

    /** The first numbers of the formula by hand: SplitMix64 of seed 0 starts with E220A8397B1DCDAF, 6E789E6AA1B965F4. */
    @Test
    void rowsFollowTheFormula() throws IOException {
        assertThat(SyntheticRows.uniform(0)).isEqualTo(0xE220A8 / 0x1p24f);
        assertThat(SyntheticRows.uniform(1)).isEqualTo(0x6E789E / 0x1p24f);
        Example first = new SyntheticRows(3, 2, 2, 1).open(0).read();
        assertThat(first.values()).containsExactly(0xE220A8 / 0x1p24f, 0x6E789E / 0x1p24f);
    }

    @Test
    void rowsDoNotDependOnParts() throws IOException {
        SyntheticRows whole = new SyntheticRows(7, 4, 3, 1);
        SyntheticRows inParts = new SyntheticRows(7, 4, 3, 3);
        var one = whole.open(0);
        for (int part = 0; part < 3; part++) {
            var reader = inParts.open(part);
            for (Example row = reader.read(); row != null; row = reader.read()) {
                Example same = one.read();
                assertThat(row.values()).containsExactly(same.values());
                assertThat(row.label()).isEqualTo(same.label(), within(0.0));
            }
        }
        assertThat(one.read()).isNull();
    }
}
