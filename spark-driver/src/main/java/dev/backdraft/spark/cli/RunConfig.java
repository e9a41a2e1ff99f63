package dev.backdraft.spark.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.backdraft.linalg.Blas;
import dev.backdraft.model.Model;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Writes {@code config.json}: every setting of a run as it was resolved, and what it ran on. */
final class RunConfig {
    private RunConfig() {}

    static void write(
            RunDirectory directory,
            TrainOptions training,
            DataOptions input,
            String weight,
            String validation,
            String master,
            boolean local,
            Model model)
            throws IOException {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("data", input.data);
        config.put("format", input.format.name().toLowerCase(Locale.ROOT));
        config.put("labels", input.labels);
        config.put("label", model.preprocessing().labelName());
        config.put("weight", weight);
        config.put("validation", validation);
        config.put("layers", training.layers);
        config.put("activation", training.activation);
        config.put("loss", model.loss().name());
        config.put("optimizer", training.optimizer);
        config.put("learningRate", training.learningRate);
        config.put("batchSize", training.batchSize);
        config.put("epochs", training.epochs);
        config.put("lanes", training.lanes);
        config.put("seed", training.seed);
        config.put("standardize", training.standardize);
        config.put("master", master);
        config.put("aggregation", local ? "local" : "job");
        config.put("dataFingerprint", model.provenance().get("dataFingerprint"));
        config.put("weightsSha256", model.weightsSha256());
        config.put("version", Main.Version.current());
        config.put("java", System.getProperty("java.version"));
        config.put("blas", Blas.backend());
        ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        try (OutputStream out = directory.create("config.json")) {
            out.write(json.writeValueAsBytes(config));
        }
    }
}
