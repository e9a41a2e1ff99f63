package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every Java block of README and docs compiles, and the first program of docs/spark-ml.md runs. */
class DocumentationJavaTest {
    private static final Pattern PROGRAM = Pattern.compile("public class (\\w+)");

    /** What the fragments use without declaring it: the page says in words where it comes from. */
    private static final String AROUND_FRAGMENT =
            """
            import dev.backdraft.data.*;
            import dev.backdraft.data.file.*;
            import dev.backdraft.evaluate.*;
            import dev.backdraft.explain.*;
            import dev.backdraft.metric.Metrics;
            import dev.backdraft.model.*;
            import dev.backdraft.network.Network;
            import dev.backdraft.spark.ml.*;
            import dev.backdraft.spark.rdd.*;
            import dev.backdraft.spark.sql.*;
            import dev.backdraft.train.*;
            import dev.backdraft.train.local.*;
            import java.nio.file.Path;
            import org.apache.spark.api.java.JavaRDD;
            import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
            import org.apache.spark.mllib.linalg.Vector;
            import org.apache.spark.mllib.regression.LabeledPoint;
            import org.apache.spark.sql.*;

            class Fragment {
                SparkSession spark;
                Dataset<Row> training;
                Dataset<Row> test;
                Dataset<Row> testRows;
                NeuralNetworkClassificationModel model;
                Network network;
                JavaRDD<LabeledPoint> points;
                JavaRDD<Vector> vectors;

                void run() throws Exception {
            BODY
                }
            }
            """;

    @TempDir
    private Path directory;

    @Test
    void everyBlockCompiles() throws IOException {
        List<DocumentationBlocks.Block> blocks = DocumentationBlocks.of("java");
        assertThat(blocks).hasSizeGreaterThan(9);
        List<Path> sources = new ArrayList<>();
        List<String> places = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            String text = blocks.get(i).text();
            Matcher program = PROGRAM.matcher(text);
            boolean whole = program.find();
            String source = whole ? text : AROUND_FRAGMENT.replace("BODY", text);
            // a package of its own, as several pages have programs of one name
            Path file = directory.resolve("block" + i).resolve((whole ? program.group(1) : "Fragment") + ".java");
            Files.createDirectories(file.getParent());
            Files.writeString(file, "package block" + i + ";\n" + source);
            sources.add(file);
            places.add(blocks.get(i).place());
        }
        assertThat(compile(sources)).as("places: " + places).isEmpty();
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    @Tag("slow")
    void theProgramOfThePipelineRuns() throws IOException, InterruptedException {
        DocumentationBlocks.Block block = DocumentationBlocks.of("java").stream()
                .filter(one -> one.isOf("docs/spark-ml.md") && one.text().contains("public class Iris "))
                .findFirst()
                .orElseThrow();
        Path source = directory.resolve("Iris.java");
        Files.writeString(source, block.text());
        assertThat(compile(List.of(source))).isEmpty();
        try (InputStream data = new GZIPInputStream(
                Files.newInputStream(DocumentationBlocks.ROOT.resolve("core/src/test/resources/data/iris.csv.gz")))) {
            Files.copy(data, directory.resolve("iris.csv"));
        }
        Path output = directory.resolve("output.txt");
        Path log = directory.resolve("log.txt");
        ProcessBuilder program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-XX:TieredStopAtLevel=1", // it runs for seconds only
                        "-XX:+UseSerialGC",
                        "-Dspark.ui.enabled=false",
                        "-Dlog4j2.configurationFile="
                                + DocumentationBlocks.ROOT
                                        .resolve("spark-driver/src/main/launcher/log4j2.properties")
                                        .toAbsolutePath(),
                        "-cp",
                        directory + File.pathSeparator + classPath(),
                        "Iris")
                .directory(directory.toFile())
                .redirectOutput(output.toFile())
                .redirectError(log.toFile());
        program.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        assertThat(program.start().waitFor()).isZero();
        String printed = Files.readString(output, StandardCharsets.UTF_8).strip();
        assertThat(Double.parseDouble(printed.substring("accuracy: ".length()))).isGreaterThan(0.85);
        assertThat(directory.resolve("iris-model/metadata")).exists();
        // the page says that this configuration leaves Backdraft's lines and silences Spark
        assertThat(Files.readString(log, StandardCharsets.UTF_8))
                .contains("History: epoch 1/100: loss ", "History: epoch 100/100: loss ")
                .doesNotContain("SparkContext:", "Using Spark's default log4j profile");
    }

    /** Compiles sources for JDK 17 and returns the errors. */
    private List<String> compile(List<Path> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(found, Locale.ROOT, StandardCharsets.UTF_8)) {
            List<String> options = List.of(
                    "-d", directory.toString(), "-cp", classPath(), "--release", "17", "-proc:none", "-Xlint:none");
            compiler.getTask(null, files, found, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
        }
        return found.getDiagnostics().stream()
                .filter(one -> one.getKind() == javax.tools.Diagnostic.Kind.ERROR)
                .map(one -> one.getSource().getName() + ":" + one.getLineNumber() + ": " + one.getMessage(Locale.ROOT))
                .toList();
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
