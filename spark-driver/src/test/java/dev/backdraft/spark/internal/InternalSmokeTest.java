package dev.backdraft.spark.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.util.HasTrainingSummary;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.Option;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/** Each adapter to what is private to Spark does what it says, on the Spark that the tests run on. */
class InternalSmokeTest {
    private static SparkSession session;
    private static JavaSparkContext spark;

    @TempDir
    private static Path directory;

    /** Adds {@code smoke_injected} to the sessions. */
    public static final class Extensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
        @Override
        public BoxedUnit apply(SparkSessionExtensions extensions) {
            SqlFunctions.inject(extensions, definition("smoke_injected"));
            return BoxedUnit.UNIT;
        }
    }

    /** Returns the constant and the second argument, the sum of numbers, or a row. */
    private record Joined(String text) implements PlannedFunction {
        @Override
        public DataType type() {
            return DataTypes.StringType;
        }

        @Override
        public String refusal(List<DataType> arguments) {
            return arguments.get(0).equals(DataTypes.StringType) ? null : "not text";
        }

        @Override
        public Rest rest(List<DataType> arguments) {
            return arguments.size() == 2 ? Rest.ONE : arguments.contains(DataTypes.DateType) ? Rest.ROW : Rest.NUMBERS;
        }

        @Override
        public AbstractFunction2<Object, Object, Object> plan(String constant) {
            return new Call(constant, QueryPlanning.current() != null);
        }
    }

    private static final class Call extends AbstractFunction2<Object, Object, Object> implements java.io.Serializable {
        private static final long serialVersionUID = 1;

        private final String constant;
        private final boolean planning;

        Call(String constant, boolean planning) {
            this.constant = constant;
            this.planning = planning;
        }

        @Override
        public Object apply(Object first, Object rest) {
            String values = rest instanceof scala.collection.Seq<?> several ? several.mkString("+") : rest.toString();
            return constant + " " + first + " " + values + " " + planning;
        }
    }

    private static SqlFunctions.Definition definition(String text) {
        return new SqlFunctions.Definition(text, "_FUNC_(a, b) - Smoke.", "two values", () -> new Joined(text));
    }

    @BeforeAll
    static void start() {
        session = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.hadoop.smoke.key", "of the application")
                .config("spark.sql.extensions", Extensions.class.getName())
                .getOrCreate();
        spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    }

    @AfterAll
    static void stop() {
        session.stop();
    }

    @Test
    void thisJvmKnowsItsPlace() {
        assertThat(ThisJvm.isOfSpark()).isTrue();
        assertThat(ThisJvm.executorId()).isEqualTo("driver");
        assertThat(ThisJvm.host()).isNotBlank();
        assertThat(ThisJvm.conf().get("spark.app.id")).isEqualTo(spark.sc().applicationId());
    }

    @Test
    void executorsAndSlotsAreCounted() {
        assertThat(Executors.count(spark.sc())).isZero(); // a local master has none
        assertThat(Executors.slots(spark.sc())).isEqualTo(2);
    }

    @Test
    void hadoopSettingsAreThoseOfTheApplicationAndOfASession() {
        assertThat(HadoopSettings.current().get("smoke.key")).isEqualTo("of the application");
        SparkSession other = session.newSession();
        other.conf().set("smoke.session", "of the session");
        Configuration settings = HadoopSettings.of(other);
        assertThat(settings.get("smoke.key")).isEqualTo("of the application");
        assertThat(settings.get("smoke.session")).isEqualTo("of the session");
    }

    @Test
    void cachedPartitionsAreFound() {
        JavaRDD<Integer> rows = spark.parallelize(List.of(1, 2, 3, 4), 2).persist(StorageLevel.MEMORY_ONLY());
        assertThat(CachedPartitions.isAnywhere(rows.rdd(), 1)).isFalse();
        assertThat(CachedPartitions.here(rows.rdd(), 1)).isNull();
        rows.count();
        assertThat(CachedPartitions.isAnywhere(rows.rdd(), 1)).isTrue();
        assertThat(CachedPartitions.isInMemoryHere(rows.rdd(), 1)).isTrue();
        Iterator<Integer> second = CachedPartitions.here(rows.rdd(), 1);
        assertThat(second.next()).isEqualTo(3);
        assertThat(second.next()).isEqualTo(4);
        assertThat(second.hasNext()).isFalse();
        rows.unpersist(true);
        assertThat(CachedPartitions.isAnywhere(rows.rdd(), 1)).isFalse();
        assertThat(CachedPartitions.isInMemoryHere(rows.rdd(), 1)).isFalse();
    }

    private record Settled(int number, String text) implements java.io.Serializable {}

    @Test
    void recordsTravelWithTasks() {
        byte[] bytes = ClosureBytes.write(new Settled(3, "three"), Settled.class);
        assertThat(ClosureBytes.read(bytes, Settled.class)).isEqualTo(new Settled(3, "three"));
    }

    @Test
    void metadataOfAStageIsWrittenAndRead() {
        String path = directory.resolve("stage").toString();
        StageMetadata.save(new VectorAssembler("smoke").setOutputCol("v"), path, session);
        VectorAssembler read =
                StageMetadata.load(path, session, VectorAssembler.class, VectorAssembler::new, List.of("none"));
        assertThat(read.uid()).isEqualTo("smoke");
        assertThat(read.getOutputCol()).isEqualTo("v");
        assertThat(LocalSaving.isOn()).isFalse();
    }

    @Test
    void namesAreReadAsSparkReadsThem() {
        assertThat(SqlNames.parts("a.`b.c`")).containsExactly("a", "b.c");
        assertThat(SqlNames.parts("a..b")).containsExactly("a..b");
        assertThat(SqlNames.isCaseSensitive()).isFalse();
    }

    @Test
    void functionsArePlannedWithTheirQuery() {
        SqlFunctions.register(session, definition("smoke_registered"));
        assertThat(QueryPlanning.current()).isNull();
        for (String function : List.of("smoke_injected", "smoke_registered")) {
            Row row = session.sql("SELECT " + function + "('c', id), " + function
                            + "('c', id, 1.5D), " + function
                            + "('c', id, date'2026-01-31') FROM range(7, 8, 1, 1) WHERE id > rand()")
                    .collectAsList()
                    .get(0);
            assertThat(row.getString(0)).isEqualTo("c c 7 true");
            assertThat(row.getString(1)).isEqualTo("c c 7.0+1.5 true");
            assertThat(row.getString(2)).isEqualTo("c c [7,2026-01-31] true");
            assertThat(session.sql("DESCRIBE FUNCTION " + function)
                            .collectAsList()
                            .toString())
                    .contains(function + "(a, b) - Smoke.");
        }
    }

    private record Summary(double[] objectiveHistory, int totalIterations) implements FitSummary {}

    private static final class Fitted implements HasFitSummary<Summary> {
        private Option<Summary> summary = Option.empty();

        @Override
        public Option<Summary> trainingSummary() {
            return summary;
        }

        @Override
        public void trainingSummary_$eq(Option<Summary> newSummary) {
            summary = newSummary;
        }
    }

    @Test
    void summariesAreKnownToSpark() {
        HasTrainingSummary<Summary> fitted = new Fitted();
        assertThat(fitted.hasSummary()).isFalse();
        fitted.setSummary(Option.apply(new Summary(new double[] {2, 1}, 2)));
        assertThat(fitted.summary().totalIterations()).isEqualTo(2);
        assertThat(fitted.hasSummary()).isTrue();
    }

    @Test
    void messagesGoBothWaysOverSparksConnections() throws Exception {
        BlockingQueue<String> received = new ArrayBlockingQueue<>(4);
        SparkTransport.Listener listener = new SparkTransport.Listener() {
            @Override
            public void received(SparkTransport.Link link, ByteBuffer frame) {
                String text = StandardCharsets.UTF_8.decode(frame).toString();
                received.add(text);
                if (text.equals("there")) {
                    link.send(bytes("and back"));
                }
            }

            @Override
            public void closed(SparkTransport.Link link) {
                received.add("closed");
            }
        };
        assertThat(SparkTransport.obstacle()).isNull();
        try (SparkTransport server = new SparkTransport(listener);
                SparkTransport client = new SparkTransport(listener)) {
            assertThat(server.mayShareMemory()).isTrue();
            SparkTransport.Link link = client.connect("127.0.0.1", server.listen("127.0.0.1", 0));
            link.send(bytes("there"));
            assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo("there");
            assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo("and back");
            assertThat(client.bytesSent()).isEqualTo(5);
            assertThat(client.bytesReceived()).isEqualTo(8);
            link.close();
            assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo("closed");
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "4.0.1, true",
        "4.1.0, true",
        "4.2.0, false",
        "4.2.0-preview1, false",
        "4.10.0, false",
        "10.0.0, false",
        "3.5, true"
    })
    void versionsAreComparedByTheirNumbers(String version, boolean before) {
        assertThat(SqlFunctions.isBefore(version, 4, 2)).isEqualTo(before);
    }

    /** So that an adapter without a call above is noticed. */
    @Test
    void everyAdapterIsCalledHere() throws IOException {
        Set<String> adapters = new TreeSet<>();
        for (JavaClass type : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.backdraft.spark.internal")) {
            if (type.isTopLevelClass() && !type.getSimpleName().equals("package-info")) {
                adapters.add(type.getSimpleName());
            }
        }
        assertThat(adapters).contains("SparkTransport").hasSizeGreaterThan(10);
        adapters.remove("FunctionCall"); // made by SqlFunctions
        String here = Files.readString(Path.of("src/test/java/dev/backdraft/spark/internal/InternalSmokeTest.java"));
        assertThat(adapters).allSatisfy(adapter -> assertThat(here).containsPattern("\\b" + adapter + "[.<>(:{ ]"));
    }
}
