package dev.backdraft.spark.cli;

import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.data.LabelColumns;
import dev.backdraft.data.Standardizer;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.model.Model;
import dev.backdraft.model.Predictor;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
    private static final int BATCH = 1024;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions options;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The CSV file to write.")
    private String out;

    @Option(names = "--overwrite", description = "Replace --out when it exists.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        OutputFile file = new OutputFile(out);
        if (file.exists() && !overwrite) {
            throw new UsageException(out + ": this file exists: choose another, or add --overwrite to replace it");
        }
        Model model = options.model();
        Input input = options.inputWithoutLabels(model);
        try (LazySession session = options.session()) {
            ExampleSource rows = input.local(session);
            file.replace(stream -> {
                Writer writer = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
                long count = write(model, rows, writer);
                writer.flush();
                spec.commandLine().getOut().printf(Locale.ROOT, "%,d predictions: %s%n", count, out);
            });
        }
        return 0;
    }

    private static long write(Model model, ExampleSource source, Writer writer) throws IOException {
        writer.write(header(model) + '\n');
        int blockRows = model.blockRows(BATCH);
        Predictor predictor = model.predictor(blockRows);
        List<Example> batch = new ArrayList<>(blockRows);
        long rows = 0;
        for (int part = 0; part < source.parts(); part++) {
            try (ExampleReader reader = source.open(part)) {
                for (Example row = reader.read(); row != null; row = reader.read()) {
                    model.checkWidth(row, reader::where);
                    batch.add(row);
                    rows++;
                    if (batch.size() == blockRows) {
                        write(model, predictor, batch, writer);
                    }
                }
            }
        }
        write(model, predictor, batch, writer);
        return rows;
    }

    private static String header(Model model) {
        int outputs = model.network().outputSize();
        if (severalAnswers(model)) {
            List<String> labels = LabelColumns.split(model.preprocessing().labelName());
            return IntStream.range(0, outputs)
                    .mapToObj(k -> "prediction_" + (labels.size() == outputs ? labels.get(k) : Integer.toString(k)))
                    .map(PredictCommand::quoted)
                    .collect(Collectors.joining(","));
        }
        StringBuilder header = new StringBuilder("prediction");
        for (int k = 0; k < model.classCount(); k++) {
            header.append(',').append(quoted("probability_" + model.className(k)));
        }
        return header.toString();
    }

    /** Whether each output is a value, or the probability of a yes, of its own. */
    private static boolean severalAnswers(Model model) {
        return model.network().outputSize() > 1 && !model.choosesClass();
    }

    private static void write(Model model, Predictor predictor, List<Example> batch, Writer writer) throws IOException {
        if (batch.isEmpty()) {
            return;
        }
        predictor.load(batch);
        Matrix prediction = predictor.predict();
        for (int n = 0; n < batch.size(); n++) {
            if (severalAnswers(model)) {
                for (int k = 0; k < prediction.rows(); k++) {
                    writer.write((k == 0 ? "" : ",") + value(model, predictor, k, n));
                }
            } else if (!model.loss().classifies()) {
                writer.write(value(model, predictor, 0, n));
            } else {
                writer.write(quoted(model.className(Predictor.predictedClass(prediction, n))));
                if (prediction.rows() == 1) {
                    writer.write("," + (float) predictor.probability(0, n) + "," + prediction.get(0, n));
                } else {
                    for (int k = 0; k < prediction.rows(); k++) {
                        writer.write("," + prediction.get(k, n));
                    }
                }
            }
            writer.write('\n');
        }
        batch.clear();
    }

    /** With as many digits as it has: those of a double only when the label is centered in double. */
    private static String value(Model model, Predictor predictor, int output, int row) {
        Standardizer label = model.preprocessing().label();
        double value = predictor.value(output, row);
        return label != null && label.offset(output) != 0 ? Double.toString(value) : Float.toString((float) value);
    }

    private static String quoted(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
