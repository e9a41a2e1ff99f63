package dev.backdraft.spark.ml;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.json.JsonText;
import dev.backdraft.train.EarlyStopping;
import dev.backdraft.train.Setting;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingDraft;
import dev.backdraft.train.TrainingJson;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.param.Param;

/** The configuration of a training that parameters ask for. They go through the same JSON as files and the command line. */
final class TrainingSettings {
    /** The settings that have a parameter, which may have another name. */
    static final Map<String, String> PARAMETERS = Map.ofEntries(
            Map.entry("labelScale", "labelScale"),
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
            Map.entry("classWeights", "classWeights"),
            Map.entry("threshold", "threshold"));

    private static final List<String> OUTSIDE =
            List.of(Setting.STANDARDIZE.key(), Setting.VALIDATION_FRACTION.key()); // of the configuration

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
     * The configuration, with the values of {@link TrainingConfig} for the settings that are chosen from the data: enough to find
     * contradictions before any row is read.
     *
     * @throws IllegalArgumentException when parameters contradict each other
     */
    static TrainingConfig of(NeuralNetworkParams params) {
        ObjectNode json = json(params);
        json.remove(OUTSIDE);
        if (params.getBalanceClasses()) {
            json.remove("classWeights");
        }
        return TrainingJson.config(json, new TrainingConfig());
    }

    /**
     * The settings of the parameters, without those that are chosen from the data.
     *
     * @throws IllegalArgumentException when parameters contradict each other
     */
    static TrainingDraft draft(NeuralNetworkParams params) {
        return TrainingDraft.of(json(params));
    }

    private static ObjectNode json(NeuralNetworkParams params) {
        ObjectNode json = params.isSet(params.settings()) ? further(params.getSettings()) : object();
        int lanes = params.getLanes();
        if (params.getBatchSize() != ParamFactory.CHOSEN) {
            int batch = params.getBatchSize() == 0 ? BatchLayout.FULL_BATCH : params.getBatchSize();
            if (lanes > 0 && batch != BatchLayout.FULL_BATCH && batch % lanes != 0) {
                throw new IllegalArgumentException(
                        "lanes must divide batchSize: " + lanes + " lanes, batch size " + batch);
            }
            json.put("batchSize", batch);
        }
        json.put("lanes", lanes).put("seed", params.getSeed()).put("schedule", params.getSchedule());
        if (params.getMaxIter() > 0) {
            json.put("epochs", params.getMaxIter());
        }
        if (params.getStepSize() > 0) {
            json.put("learningRate", params.getStepSize());
        }
        if (params.isSet(params.optimizer())) {
            json.put("optimizer", params.getOptimizer());
        }
        if (params.isSet(params.standardize())) {
            json.put("standardize", params.getStandardize());
        }
        if (params.getValidationFraction() >= 0) {
            json.put("validationFraction", params.getValidationFraction());
        }
        if (params.isSet(params.labelScale())) {
            json.put("labelScale", params.getLabelScale());
        }
        putRegularization(json, params);
        putStopping(json, params);
        ArrayNode metrics = json.putArray("metrics");
        for (String metric : params.getMetrics()) {
            metrics.add(metric);
        }
        putClassWeights(json, params);
        if (params.isSet(params.threshold())) {
            json.put("threshold", params.getThreshold());
        }
        return json;
    }

    private static void putClassWeights(ObjectNode json, NeuralNetworkParams params) {
        if (params.getBalanceClasses()) {
            if (params.getClassWeights().length > 0) {
                throw new IllegalArgumentException(
                        "classWeights are set, and balanceClasses is true: clear one of them");
            }
            json.put("classWeights", "balanced");
            return;
        }
        ArrayNode classWeights = json.putArray("classWeights");
        for (double weight : params.getClassWeights()) {
            classWeights.add(weight);
        }
    }

    /** Both penalties, unless l2 is to be chosen and no l1 is set. */
    private static void putRegularization(ObjectNode json, NeuralNetworkParams params) {
        if (params.getL2() >= 0 || params.getL1() > 0) {
            json.set("penalty", object().put("l1", params.getL1()).put("l2", Math.max(0, params.getL2())));
        }
    }

    private static void putStopping(ObjectNode json, NeuralNetworkParams params) {
        boolean open = NetworkShape.mayBePreset(params) && !params.isSet(params.earlyStoppingPatience());
        if (open) {
            return; // the preset has a patience of its own
        }
        boolean known = Columns.anyValidation(params) || params.getValidationFraction() >= 0;
        boolean wanted = params.isSet(params.earlyStoppingPatience()) || Columns.anyValidation(params);
        if (params.getEarlyStoppingPatience() == 0 || (known && !wanted)) {
            json.putNull("earlyStopping");
        } else if (wanted) {
            EarlyStopping stopping = stopping(params, new EarlyStopping());
            json.set(
                    "earlyStopping",
                    object().put("metric", stopping.metric())
                            .put("patience", stopping.patience())
                            .put("minChange", stopping.minChange())
                            .put("refit", stopping.refit()));
        }
    }

    /**
     * The early stopping that parameters ask for.
     *
     * @param chosen for what no parameter says; null for none at all
     */
    static EarlyStopping stopping(NeuralNetworkParams params, EarlyStopping chosen) {
        return chosen == null
                ? null
                : new EarlyStopping(
                        said(params, params.earlyStoppingMetric(), chosen.metric()),
                        (Integer) said(params, params.earlyStoppingPatience(), (Object) chosen.patience()),
                        (Double) said(params, params.earlyStoppingMinChange(), (Object) chosen.minChange()),
                        (Boolean) said(params, params.refit(), (Object) chosen.refit()));
    }

    private static <T> T said(NeuralNetworkParams params, Param<T> param, T otherwise) {
        return params.isSet(param) ? params.$(param) : otherwise;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
