package dev.backdraft.spark.cli;

import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.data.SkippedRows;
import dev.backdraft.explain.IntegratedGradients;
import dev.backdraft.model.Model;
import dev.backdraft.model.ScoredBatches;
import dev.backdraft.spark.score.SparkPredictions;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a model's predictions as CSV. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Write the predictions of a model as CSV, one line per row, in the order of the input.")
final class PredictCommand implements Callable<Integer> {
    private static final int BATCH = SparkPredictions.BATCH_ROWS;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions options;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The CSV file to write.")
    private String out;

    @Option(names = "--overwrite", description = "Replace --out when it exists.")
    private boolean overwrite;

    @Option(
            names = "--keep",
            paramLabel = "COLUMN[,…]",
            description = "Columns of the CSV or Parquet input to copy before the predictions, such as a row number.")
    private String kept;

    @Option(
            names = "--contributions",
            description =
                    "Add a column for each feature with its contribution to the raw output of the predicted class, or to the"
                            + " predicted number (integrated gradients).")
    private boolean contributions;

    @Option(
            names = "--embedding",
            arity = "0..1",
            fallbackValue = "-1",
            paramLabel = "LAYER",
            description = "Add a column for each output of a hidden layer, given by its number as inspect lists it;"
                    + " without a number, of the last hidden layer, which is all that the layer of the outputs takes;"
                    + " -2: of the narrowest hidden layer, the code of an autoencoder.")
    private Integer embedding;

    @Option(
            names = "--reconstruction-error",
            description =
                    "Add a column with the mean squared error of the reconstruction by an autoencoder, over its inputs,"
                            + " encoded and scaled.")
    private boolean reconstructionError;

    @Override
    public Integer call() throws IOException {
        OutputFile file = new OutputFile(out);
        if (file.exists() && !overwrite) {
            throw new UsageException(out + ": this file exists: choose another, or add --overwrite to replace it");
        }
        Model model = options.model();
        if (reconstructionError && !model.reconstructs()) {
            throw new UsageException(
                    "--reconstruction-error is for an autoencoder, which the model is not: leave it out");
        }
        checkContributions(model);
        checkEmbedding(model);
        PredictionText text = new PredictionText(reconstructionError, contributions, embedding);
        Input input = options.inputWithoutLabels(model, kept);
        try (LazySession session = options.session()) {
            if (options.isDistributed(input)) {
                onSpark(model, text, input, ModelOptions.withFixedParts(session.get()), file);
            } else {
                here(model, text, input, file);
            }
        }
        return 0;
    }

    private void checkContributions(Model model) {
        try {
            if (contributions) {
                IntegratedGradients.check(model);
            }
        } catch (IllegalArgumentException e) {
            throw new UsageException("--contributions: " + e.getMessage());
        }
    }

    private void checkEmbedding(Model model) {
        if (embedding == null) {
            return;
        }
        try {
            model.embeddingSize(embedding);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--embedding: " + e.getMessage());
        }
    }

    private void onSpark(Model model, PredictionText text, Input input, SparkSession spark, OutputFile file)
            throws IOException {
        String header = text.header(model, input.kept(() -> spark));
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        try (SparkPredictions predictions = SparkPredictions.of(context, model, input.distributed(spark), text::of)) {
            file.replace(stream -> {
                Writer writer = writer(stream, header);
                Iterator<String> lines = predictions.lines();
                while (lines.hasNext()) {
                    writer.write(lines.next());
                }
                writer.flush();
            });
            report(predictions.rows(), predictions.skipped());
        }
    }

    /** Part by part, as a cluster does. */
    private void here(Model model, PredictionText text, Input input, OutputFile file) throws IOException {
        ExampleSource source = input.local(() -> {
            throw new IllegalStateException("these rows are read without Spark");
        });
        String header = text.header(model, input.kept(() -> null));
        SkippedRows skipped = new SkippedRows();
        file.replace(stream -> {
            Writer writer = writer(stream, header);
            long rows = 0;
            for (int part = 0; part < source.parts(); part++) {
                try (ExampleReader reader = source.open(part)) {
                    ScoredBatches batches = new ScoredBatches(model, BATCH, reader);
                    while (batches.next()) {
                        rows += batches.rows().size();
                        writer.write(text.of(model, batches));
                    }
                    skipped.add(reader.skipped());
                }
            }
            writer.flush();
            report(rows, skipped);
        });
    }

    private static Writer writer(OutputStream stream, String header) throws IOException {
        Writer writer = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
        writer.write(header);
        return writer;
    }

    private void report(long rows, SkippedRows skipped) {
        PrintWriter console = spec.commandLine().getOut();
        if (options.skipsInvalid()) {
            console.println(skipped);
        }
        console.printf(Locale.ROOT, "%,d predictions: %s%n", rows, out);
    }
}
