package dev.backdraft.spark.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.evaluate.Evaluation;
import dev.backdraft.train.EpochResult;
import java.io.PrintWriter;

/** Shows a JSON object on a line for each epoch, note and model, for programs that follow a training. */
final class JsonDisplay implements EpochDisplay {
    private final PrintWriter out;

    JsonDisplay(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void epoch(EpochResult result, String left) {
        ObjectNode event = event("epoch");
        event.put("epoch", result.epoch()).put("epochs", result.epochs());
        put(event, "loss", result.loss());
        put(event, "accuracy", result.accuracy());
        put(event, "validationLoss", result.validationLoss());
        put(event, "validationAccuracy", result.validationAccuracy());
        result.furtherMetrics().forEach((name, value) -> put(event, name, value));
        put(event, "learningRate", result.learningRate());
        put(event, "seconds", result.seconds());
        put(event, "rowsPerSecond", result.rowsPerSecond());
        out.println(event);
    }

    @Override
    public void note(String text) {
        out.println(event("note").put("text", text));
    }

    @Override
    public void test(Evaluation evaluation) {
        ObjectNode event = event("test");
        event.put("rows", evaluation.rows());
        put(event, "loss", evaluation.loss());
        evaluation.metrics().forEach(metric -> put(event, metric.label(), evaluation.value(metric)));
        out.println(event);
    }

    @Override
    public void model(String path, String weightsSha256) {
        out.println(event("model").put("path", path).put("weightsSha256", weightsSha256));
    }

    private static ObjectNode event(String name) {
        return JsonNodeFactory.instance.objectNode().put("event", name);
    }

    /** JSON has no number that is not finite. */
    private static void put(ObjectNode event, String name, double value) {
        if (Double.isFinite(value)) {
            event.put(name, value);
        }
    }
}
