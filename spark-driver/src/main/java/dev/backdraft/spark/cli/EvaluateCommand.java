package dev.backdraft.spark.cli;

import dev.backdraft.data.LabelScaling;
import dev.backdraft.evaluate.Evaluation;
import dev.backdraft.metric.ConfusionMatrix;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.Metrics;
import dev.backdraft.metric.PredictionKind;
import dev.backdraft.model.Model;
import dev.backdraft.spark.score.SparkEvaluation;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints how well a model does on labelled rows. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Print loss, metrics and confusion matrix of a model on labeled rows.")
final class EvaluateCommand implements Callable<Integer> {
    private static final int LARGEST_MATRIX = 30;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions options;

    @Option(
            names = "--metrics",
            split = ",",
            hideParamSyntax = true,
            paramLabel = "NAME,…",
            description = "Metrics to print instead of the default ones: ${COMPLETION-CANDIDATES}; top-k-accuracy for"
                    + " any k.",
            completionCandidates = Names.Metrics.class)
    private List<String> metrics = List.of();

    private List<Metric> metrics(Model model) {
        if (metrics.isEmpty()) {
            return Evaluation.usualMetrics(model);
        }
        List<Metric> wanted = UsageException.check(
                "--metrics", () -> metrics.stream().map(Metrics::named).toList());
        for (Metric metric : wanted) {
            if (!metric.suits(PredictionKind.of(model.loss()))) {
                throw new UsageException("--metrics: " + metric.label() + " is not for a network that was trained with "
                        + model.loss().name());
            }
        }
        return wanted;
    }

    @Override
    public Integer call() throws IOException {
        Model model = options.model();
        Input input = options.input(model);
        try (LazySession session = options.session()) {
            List<Metric> wanted = metrics(model);
            Evaluation evaluation = options.isDistributed(input)
                    ? onSpark(model, input, ModelOptions.withFixedParts(session.get()), wanted)
                    : Evaluation.of(model, input.local(session), wanted);
            PrintWriter out = spec.commandLine().getOut();
            if (options.skipsInvalid()) {
                out.println(evaluation.skipped());
            }
            print(model, evaluation, out);
            switch (evaluation.seen()) {
                case ALL ->
                    out.println(
                            "note: the model was trained on these very rows, so the figures show how well it remembers"
                                    + " them; evaluate it on rows that it has not seen");
                case SOME ->
                    out.printf(
                            Locale.ROOT,
                            "note: the model was trained on %,d of these %,d rows, so the figures also show how well it"
                                    + " remembers them; evaluate it on rows that it has not seen%n",
                            Long.parseLong(model.provenance().get("trainingRows")),
                            evaluation.rows());
                case UNKNOWN -> {}
            }
        }
        return 0;
    }

    private static Evaluation onSpark(Model model, Input input, SparkSession spark, List<Metric> metrics) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        return SparkEvaluation.of(context, model, input.distributed(spark), metrics);
    }

    static void print(Model model, Evaluation evaluation, PrintWriter out) {
        out.printf(Locale.ROOT, "rows: %,d%n", evaluation.rows());
        LabelScaling scaling = model.preprocessing().labelScaling();
        String scale = scaling.isNone()
                ? ""
                : " of " + scaling.description() + "; the metrics below are in the label's own unit";
        out.printf(Locale.ROOT, "loss: %.6f (%s%s)%n", evaluation.loss(), ReadableSettings.of(model.loss()), scale);
        if (model.hasThreshold()) {
            out.println("threshold: " + model.threshold());
        }
        for (Metric metric : evaluation.metrics()) {
            String format =
                    model.loss().target().classifies() ? "%s: %.4f%n" : "%s: %.6g%n"; // shares, or in the label's units
            if (Double.isNaN(evaluation.value(metric))) {
                out.println(UndefinedMetrics.note(metric.label(), "these rows"));
            } else {
                out.printf(Locale.ROOT, format, metric.label(), evaluation.value(metric));
            }
        }
        ConfusionMatrix confusion = evaluation.confusion();
        if (confusion != null && confusion.classes() <= LARGEST_MATRIX) {
            ConfusionText.print(model, confusion, out, Terminal.width());
        }
    }
}
