package dev.backdraft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples on Spark, with settings that take seconds. */
@Tag("slow")
class SparkExamplesTest {
    private static <O> String run(O options, Program<O> program, String arguments) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Program.run(
                arguments.split(" ", -1),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                options,
                program);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(code).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    /** The number behind some words. */
    private static double number(String printed, String words) {
        Matcher matcher = Pattern.compile(words + "\\s+([0-9.]+)").matcher(printed);
        assertThat(matcher.find()).as("'%s' in:%n%s", words, printed).isTrue();
        return Double.parseDouble(matcher.group(1));
    }

    @Test
    void aNetworkTellsSignalsApart() throws IOException {
        String printed = run(
                new SparkClassification.Options(),
                SparkClassification::run,
                "--samples 2000 --epochs 15 --perceptron-iterations 10");
        assertThat(number(printed, "NeuralNetworkClassifier")).isGreaterThan(0.35);
        assertThat(number(printed, "MultilayerPerceptronClassifier")).isPositive();
    }

    @Test
    void aNetworkComesCloserToTheFunctionThanALine() throws IOException {
        String printed = run(new SparkRegression.Options(), SparkRegression::run, "--rows 3000 --epochs 25");
        double line = number(printed, "LinearRegression\\s+RMSE");
        assertThat(line).isBetween(2.3, 3.0);
        assertThat(number(printed, "NeuralNetworkRegressor\\s+RMSE")).isBetween(1.0, 0.75 * line);
    }

    @Test
    void aPipelineChoosesItsNetworkAndIsTheSameWhenLoaded(@TempDir Path directory) throws IOException {
        String printed = run(
                new SparkPipeline.Options(),
                SparkPipeline::run,
                "--rows 1500 --epochs 15 --folds 2 --model " + directory.resolve("model"));
        assertThat(printed).contains("differing in 0 rows");
        assertThat(number(printed, "test rows: accuracy")).isGreaterThan(0.85);
        assertThat(number(printed, "hidden layers \\[]\\s+l2 0.0\\s+accuracy over the folds"))
                .isLessThan(number(printed, "hidden layers \\[32]\\s+l2 0.0\\s+accuracy over the folds"));
    }

    @Test
    void aStreamIsScoredAsItComes(@TempDir Path directory) throws IOException {
        String printed = run(
                new SparkStreaming.Options(),
                SparkStreaming::run,
                "--samples 1000 --epochs 10 --directory " + directory.resolve("streaming"));
        assertThat(printed).contains("1 file : 66 signals", "2 files: 133 signals", "3 files: 200 signals");
        assertThat(number(printed, "3 files: 200 signals scored,")).isGreaterThan(0.15);
    }
}
