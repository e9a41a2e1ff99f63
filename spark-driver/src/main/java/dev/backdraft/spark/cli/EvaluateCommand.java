package dev.backdraft.spark.cli;

import dev.backdraft.model.Model;
import dev.backdraft.train.Evaluation;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints how well a model does on labelled rows. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Print loss, accuracy and confusion matrix of a model on labelled rows, or MSE, MAE and R².")
final class EvaluateCommand implements Callable<Integer> {
    private static final int LARGEST_MATRIX = 30;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions options;

    @Override
    public Integer call() throws IOException {
        Model model = options.model();
        Input input = options.input(model);
        SparkSession[] started = new SparkSession[1];
        try {
            Evaluation evaluation = Evaluation.of(model, input.local(() -> started[0] = options.session()));
            print(model, evaluation, spec.commandLine().getOut());
        } finally {
            if (started[0] != null) {
                started[0].stop();
            }
        }
        return 0;
    }

    static void print(Model model, Evaluation evaluation, PrintWriter out) {
        out.printf(Locale.ROOT, "rows: %,d%n", evaluation.rows());
        out.printf(
                Locale.ROOT,
                "loss: %.6f (%s)%n",
                evaluation.loss(),
                model.loss().name());
        if (!model.loss().classifies()) {
            out.printf(Locale.ROOT, "MSE: %.6g%n", evaluation.meanSquaredError());
            out.printf(Locale.ROOT, "RMSE: %.6g%n", Math.sqrt(evaluation.meanSquaredError()));
            out.printf(Locale.ROOT, "MAE: %.6g%n", evaluation.meanAbsoluteError());
            out.printf(Locale.ROOT, "R²: %.4f%n", evaluation.rSquared());
            return;
        }
        out.printf(Locale.ROOT, "accuracy: %.4f%n", evaluation.accuracy());
        if (model.classCount() <= LARGEST_MATRIX) {
            printConfusion(model, evaluation.confusion(), out);
        }
    }

    private static void printConfusion(Model model, long[][] confusion, PrintWriter out) {
        int width = 5;
        for (int k = 0; k < confusion.length; k++) {
            width = Math.max(width, model.className(k).length());
            for (long count : confusion[k]) {
                width = Math.max(width, Long.toString(count).length());
            }
        }
        String cell = "%" + (width + 2) + "s";
        out.println("confusion matrix (rows: true class, columns: predicted class):");
        out.printf(cell, "");
        for (int k = 0; k < confusion.length; k++) {
            out.printf(cell, model.className(k));
        }
        out.println();
        for (int k = 0; k < confusion.length; k++) {
            out.printf(cell, model.className(k));
            for (long count : confusion[k]) {
                out.printf(cell, count);
            }
            out.println();
        }
    }
}
