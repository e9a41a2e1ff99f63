package dev.backdraft.spark.ml;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.json.JsonText;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingJson;
import java.util.Map;

/** The configuration of a training that parameters ask for. They go through the same JSON as files and the command line. */
final class TrainingSettings {
    /** The settings that have a parameter, which may have another name. */
    private static final Map<String, String> PARAMETERS = Map.ofEntries(
            Map.entry("epochs", "maxIter"),
            Map.entry("batchSize", "batchSize"),
            Map.entry("lanes", "lanes"),
            Map.entry("seed", "seed"),
            Map.entry("optimizer", "optimizer"),
            Map.entry("learningRate", "stepSize"),
            Map.entry("schedule", "schedule"),
            Map.entry("penalty", "l1 and l2"),
            Map.entry("earlyStopping", "earlyStoppingPatience"),
            Map.entry("metrics", "metrics"),
            Map.entry("classWeights", "classWeights"));

    private TrainingSettings() {}

    /** Checks the text of one setting. */
    static void check(String key, String text) {
        TrainingJson.config(object().put(key, text), new TrainingConfig());
    }

    /** Checks settings that have no parameter of their own, as a JSON object. */
    static void checkFurther(String text) {
        further(text);
    }

    private static ObjectNode further(String text) {
        ObjectNode json = JsonText.read(text);
        json.fieldNames().forEachRemaining(key -> {
            if (PARAMETERS.containsKey(key)) {
                throw new IllegalArgumentException("'" + key + "' is set by the parameter " + PARAMETERS.get(key));
            }
        });
        TrainingJson.config(json, new TrainingConfig());
        return json;
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException when parameters contradict each other
     */
    static TrainingConfig of(NeuralNetworkParams params) {
        int batch = params.getBatchSize() == 0 ? BatchLayout.FULL_BATCH : params.getBatchSize();
        int lanes = params.getLanes();
        if (lanes > 0 && batch != BatchLayout.FULL_BATCH && batch % lanes != 0) {
            throw new IllegalArgumentException("lanes must divide batchSize: " + lanes + " lanes, batch size " + batch);
        }
        ObjectNode json = params.isSet(params.settings()) ? further(params.getSettings()) : object();
        json.put("epochs", params.getMaxIter())
                .put("batchSize", batch)
                .put("lanes", lanes)
                .put("seed", params.getSeed())
                .put("optimizer", params.getOptimizer())
                .put("learningRate", params.getStepSize())
                .put("schedule", params.getSchedule());
        json.set("penalty", object().put("l1", params.getL1()).put("l2", params.getL2()));
        if (stopsEarly(params)) {
            json.set(
                    "earlyStopping",
                    object().put("metric", params.getEarlyStoppingMetric())
                            .put("patience", params.getEarlyStoppingPatience())
                            .put("minChange", params.getEarlyStoppingMinChange()));
        }
        ArrayNode metrics = json.putArray("metrics");
        for (String metric : params.getMetrics()) {
            metrics.add(metric);
        }
        ArrayNode classWeights = json.putArray("classWeights");
        for (double weight : params.getClassWeights()) {
            classWeights.add(weight);
        }
        return TrainingJson.config(json, new TrainingConfig());
    }

    private static boolean stopsEarly(NeuralNetworkParams params) {
        boolean wanted = params.isSet(params.earlyStoppingPatience()) || Columns.anyValidation(params);
        return wanted && params.getEarlyStoppingPatience() > 0;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
