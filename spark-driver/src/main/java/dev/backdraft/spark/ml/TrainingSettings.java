package dev.backdraft.spark.ml;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.json.JsonText;
import dev.backdraft.train.EarlyStopping;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingDraft;
import dev.backdraft.train.TrainingJson;
import java.util.List;
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

    private static final List<String> OUTSIDE = List.of("standardize", "validationFraction"); // of the configuration

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
     * The configuration, with usual values for what goes by the data.
     *
     * @throws IllegalArgumentException when parameters contradict each other
     */
    static TrainingConfig of(NeuralNetworkParams params) {
        ObjectNode json = json(params);
        json.remove(OUTSIDE);
        return TrainingJson.config(json, new TrainingConfig());
    }

    /**
     * What parameters say; what is not set goes by the data.
     *
     * @throws IllegalArgumentException when parameters contradict each other
     */
    static TrainingDraft draft(NeuralNetworkParams params) {
        return TrainingDraft.of(json(params));
    }

    private static ObjectNode json(NeuralNetworkParams params) {
        ObjectNode json = params.isSet(params.settings()) ? further(params.getSettings()) : object();
        int lanes = params.getLanes();
        if (params.isDefined(params.batchSize())) {
            int batch = params.getBatchSize() == 0 ? BatchLayout.FULL_BATCH : params.getBatchSize();
            if (lanes > 0 && batch != BatchLayout.FULL_BATCH && batch % lanes != 0) {
                throw new IllegalArgumentException(
                        "lanes must divide batchSize: " + lanes + " lanes, batch size " + batch);
            }
            json.put("batchSize", batch);
        }
        json.put("lanes", lanes).put("seed", params.getSeed()).put("schedule", params.getSchedule());
        if (params.isDefined(params.maxIter())) {
            json.put("epochs", params.getMaxIter());
        }
        if (params.isDefined(params.stepSize())) {
            json.put("learningRate", params.getStepSize());
        }
        if (params.isSet(params.optimizer())) {
            json.put("optimizer", params.getOptimizer());
        }
        if (params.isDefined(params.standardize())) {
            json.put("standardize", params.getStandardize());
        }
        if (params.isDefined(params.validationFraction())) {
            json.put("validationFraction", params.getValidationFraction());
        }
        putRegularization(json, params);
        putStopping(json, params);
        ArrayNode metrics = json.putArray("metrics");
        for (String metric : params.getMetrics()) {
            metrics.add(metric);
        }
        ArrayNode classWeights = json.putArray("classWeights");
        for (double weight : params.getClassWeights()) {
            classWeights.add(weight);
        }
        return json;
    }

    /** The penalty, unless it goes by the data; dropout is a regularization, too, but one of the network. */
    private static void putRegularization(ObjectNode json, NeuralNetworkParams params) {
        boolean said = params.isDefined(params.l2()) || params.getL1() > 0 || params.getDropout() > 0;
        if (said) {
            double l2 = params.isDefined(params.l2()) ? params.getL2() : 0;
            json.set("penalty", object().put("l1", params.getL1()).put("l2", l2));
        }
    }

    private static void putStopping(ObjectNode json, NeuralNetworkParams params) {
        boolean known = Columns.anyValidation(params) || params.isDefined(params.validationFraction());
        boolean wanted = params.isSet(params.earlyStoppingPatience()) || Columns.anyValidation(params);
        if (params.getEarlyStoppingPatience() == 0 || (known && !wanted)) {
            json.putNull("earlyStopping");
        } else if (wanted) {
            EarlyStopping stopping = stopping(params);
            json.set(
                    "earlyStopping",
                    object().put("metric", stopping.metric())
                            .put("patience", stopping.patience())
                            .put("minChange", stopping.minChange()));
        }
    }

    /** The early stopping that parameters ask for where there are validation rows; null for none. */
    static EarlyStopping stopping(NeuralNetworkParams params) {
        return params.getEarlyStoppingPatience() == 0
                ? null
                : new EarlyStopping(
                        params.getEarlyStoppingMetric(),
                        params.getEarlyStoppingPatience(),
                        params.getEarlyStoppingMinChange());
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
