package dev.backdraft.spark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.data.LabelScale;
import dev.backdraft.data.LabelScaling;
import dev.backdraft.data.Standardizer;
import dev.backdraft.json.JsonText;
import dev.backdraft.json.ValueText;
import dev.backdraft.layer.Layer;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.network.NetworkJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what is in a model file. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Print the structure and provenance of a model, and a hash of its weights.")
final class InspectCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE|DIR",
            description = "A model.backdraft file, or a directory that contains one.")
    private String file;

    @Option(names = "--model", paramLabel = "FILE|DIR", description = "The same, as other commands have it.")
    private String model;

    @Mixin
    private VerboseOption verbose;

    private String file() {
        if (file != null && model != null) {
            throw new UsageException("the model is named twice, " + file + " and --model " + model + ": leave one out");
        }
        if (file == null && model == null) {
            throw new UsageException("no model: give --model FILE, or a directory that has one");
        }
        return file != null ? file : model;
    }

    @Override
    public Integer call() throws IOException {
        verbose.apply();
        ModelFile.Contents contents = ModelOptions.readContents(file());
        Model model = contents.model();
        PrintWriter out = spec.commandLine().getOut();
        out.println("network: " + model.network());
        List<Layer> layers = model.network().layers();
        JsonNode json = NetworkJson.write(model.network()).get("layers");
        for (int i = 0; i < layers.size(); i++) {
            out.printf(
                    Locale.ROOT,
                    "layer %d: %s, %,d parameters%n",
                    i,
                    text(json.get(i)),
                    layers.get(i).parameterCount());
        }
        LabelScaling scaling = model.preprocessing().labelScaling();
        out.println("loss function: " + ReadableSettings.of(model.loss())
                + (scaling.isNone() ? "" : ", of " + scaling.description()));
        list(out, "features", model.preprocessing().featureNames());
        if (model.preprocessing().labelName() != null) {
            out.println("label: " + model.preprocessing().labelName());
        }
        list(out, "classes", model.preprocessing().classNames());
        out.println(
                "features standardized: " + standardized(model.preprocessing().features()));
        if (scaling.scale() != LabelScale.LINEAR) {
            out.println("label scale: " + ValueText.text(scaling.scale()));
        }
        if (model.preprocessing().label() != null) {
            out.println(
                    "label standardized: " + standardized(model.preprocessing().label()));
        }
        if (model.calibration() != null) {
            out.printf(
                    Locale.ROOT,
                    "calibration: an isotonic function of %,d points%n",
                    model.calibration().score().size());
        }
        if (model.hasThreshold()) {
            out.println("threshold: " + model.threshold());
        }
        model.provenance().forEach((key, value) -> out.println(provenance(key, value, model)));
        out.println("weights-sha256: " + model.weightsSha256());
        out.println(
                contents.verified()
                        ? "checksums: SHA-256 of tensors and header verified"
                        : "checksums: none, as in files of the first format version: damage would not be noticed");
        return 0;
    }

    /** A line of the provenance; figures say on which rows and when they were measured. */
    private static String provenance(String key, String value, Model model) {
        String epoch = model.provenance().getOrDefault("weightsOfEpoch", "?");
        String during = " (training rows, mean over the steps of epoch " + epoch + ")";
        String after = " (validation rows, after epoch " + epoch + ")";
        return switch (key) {
            case "loss" -> "training loss: " + value + during;
            case "accuracy" -> "training accuracy: " + value + during;
            case "validationLoss" -> "validation loss: " + value + after;
            case "validationAccuracy" -> "validation accuracy: " + value + after;
            case "lanes" -> "lanes: " + (value.equals("0") ? "auto" : value);
            case "config" -> "config: " + text(JsonText.read(value));
            default -> key + ": " + value;
        };
    }

    /** Settings in words on a terminal, which wraps them; JSON for programs. */
    private static String text(JsonNode settings) {
        return Terminal.width() > 0 ? ReadableSettings.of(settings) : settings.toString();
    }

    private static String standardized(Standardizer standardizer) {
        if (standardizer == null) {
            return "no";
        }
        int centered = standardizer.centered().length;
        return centered == 0 ? "yes" : String.format(Locale.ROOT, "yes, %,d centered in double", centered);
    }

    private static void list(PrintWriter out, String what, List<String> names) {
        if (!names.isEmpty()) {
            int shown = Math.min(names.size(), 12);
            out.println(what + ": " + String.join(", ", names.subList(0, shown))
                    + (names.size() > shown ? ", … (" + names.size() + ")" : ""));
        }
    }
}
