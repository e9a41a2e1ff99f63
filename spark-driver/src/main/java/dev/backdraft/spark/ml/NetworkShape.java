package dev.backdraft.spark.ml;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.activation.Activation;
import dev.backdraft.activation.Activations;
import dev.backdraft.data.DataException;
import dev.backdraft.json.JsonText;
import dev.backdraft.json.RecordJson;
import dev.backdraft.label.Outputs;
import dev.backdraft.loss.Loss;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkBuilder;
import dev.backdraft.network.NetworkJson;
import dev.backdraft.train.Preset;
import dev.backdraft.train.Setting;
import dev.backdraft.train.TrainingDraft;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;

/** The network that parameters ask for, of the width of the data. */
final class NetworkShape {
    /** The preset that suits the features. */
    static final String AUTO = "auto";

    /** No preset. */
    static final String NONE = Preset.NONE;

    private NetworkShape() {}

    /**
     * Refuses parameters that contradict each other.
     *
     * @throws IllegalArgumentException naming two of them
     */
    static void check(NeuralNetworkParams params) {
        if (startsFromModel(params)) {
            if (asksForPreset(params)) {
                refuse(params, params.initialModel(), params.preset());
            }
            refuse(
                    params,
                    params.initialModel(),
                    params.network(),
                    params.layers(),
                    params.hiddenLayers(),
                    params.activation(),
                    params.dropout(),
                    params.columnKinds(),
                    params.columnEncoding());
        }
        if (params.isSet(params.network())) {
            refuse(
                    params,
                    params.network(),
                    params.preset(),
                    params.layers(),
                    params.hiddenLayers(),
                    params.activation(),
                    params.dropout());
        }
        if (params.isSet(params.layers())) {
            refuse(params, params.layers(), params.preset(), params.hiddenLayers());
        }
    }

    /** Refuses a parameter of the layers together with those that describe the whole network. */
    static void checkAlone(NeuralNetworkParams params, Param<?> ofLayers) {
        if (params.isSet(ofLayers)) {
            refuse(params, ofLayers, params.network(), params.layers());
            if (startsFromModel(params)) {
                refuse(params, ofLayers, params.initialModel());
            }
        }
    }

    private static void refuse(NeuralNetworkParams params, Param<?> set, Param<?>... others) {
        for (Param<?> other : others) {
            if (params.isSet(other)) {
                throw new IllegalArgumentException(
                        "both " + set.name() + " and " + other.name() + " are set: clear one of them");
            }
        }
    }

    /** The classes that {@code layers} end with, two for one output; 0 when they are not set. */
    static int classesOfLayers(NeuralNetworkParams params) {
        return params.isSet(params.layers()) ? classes(params.getLayers()[params.getLayers().length - 1]) : 0;
    }

    /** The classes that so many outputs are for. */
    static int classes(int outputs) {
        return Math.max(2, outputs);
    }

    /** Whether columns of numbers are encoded; see {@link TrainingDraft#encodesNumbers}. */
    static boolean encodesNumbers(NeuralNetworkParams params) {
        if (!params.getPreset().equals(AUTO)) {
            return !params.getPreset().equals(NONE);
        }
        return Stream.of(
                        params.layers(),
                        params.network(),
                        params.hiddenLayers(),
                        params.activation(),
                        params.dropout(),
                        params.standardize())
                .noneMatch(params::isSet);
    }

    /** Whether a fit starts from a model, which has a network. */
    static boolean startsFromModel(NeuralNetworkParams params) {
        return !params.getInitialModel().isEmpty();
    }

    /** Whether parameters say how many features there are. */
    static boolean isSet(NeuralNetworkParams params) {
        return params.isSet(params.layers()) || isGiven(params);
    }

    private static boolean asksForPreset(NeuralNetworkParams params) {
        return !List.of(AUTO, NONE).contains(params.getPreset());
    }

    /** Whether a preset may choose the network and the settings. */
    static boolean mayBePreset(NeuralNetworkParams params) {
        boolean table =
                params.isSet(params.featuresCols()) && params.getPreset().equals(AUTO);
        return (asksForPreset(params) || table)
                && !isGiven(params)
                && !params.isSet(params.layers())
                && !startsFromModel(params);
    }

    /** Whether the whole network is given, outputs too. */
    static boolean isGiven(NeuralNetworkParams params) {
        return params.isSet(params.network());
    }

    /**
     * The network that is given as a whole.
     *
     * @param features of the data; -1 if not known yet
     * @return null when the width is not known, and the JSON does not say it
     */
    static Network given(NeuralNetworkParams params, int features) {
        ObjectNode json = JsonText.read(params.getNetwork());
        if (features < 0 && !json.has("inputSize")) {
            return null;
        }
        Network network;
        try {
            network = NetworkJson.read(json, Math.max(0, features));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("network: " + e.getMessage(), e);
        }
        if (features >= 0 && network.inputSize() != features) {
            throw new DataException(
                    "the network takes %d features, but the rows have %d", network.inputSize(), features);
        }
        return network;
    }

    /** The draft with the preset and the hidden layers that are set, so that what is not set is chosen. */
    static TrainingDraft open(TrainingDraft draft, NeuralNetworkParams params) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        TrainingDraft result = draft;
        if (params.getPreset().equals(NONE)) {
            result = result.with(Setting.PRESET.key(), json.nullNode());
        } else if (!params.getPreset().equals(AUTO)) {
            result = result.with(Setting.PRESET.key(), json.textNode(params.getPreset()));
        }
        if (params.isSet(params.hiddenLayers())) {
            result = result.withHidden(params.getHiddenLayers());
        }
        if (params.isSet(params.activation())) {
            result = result.with(Setting.ACTIVATION.key(), json.textNode(params.getActivation()));
        }
        return params.isSet(params.dropout())
                ? result.with(Setting.DROPOUT.key(), json.numberNode(params.getDropout()))
                : result;
    }

    /**
     * The memory that the parameters of the network will take, in bytes, as far as it is known without the data.
     *
     * @throws UnsupportedOperationException when it is not, as Spark asks for
     */
    static long bytes(NeuralNetworkParams params) {
        Network network = null;
        if (isGiven(params)) {
            network = given(params, -1);
        } else if (params.isSet(params.layers())) {
            int[] layers = params.getLayers();
            int last = layers[layers.length - 1];
            network = ofLayers(params, layers[0], last, last, null);
        }
        if (network == null) {
            throw new UnsupportedOperationException("neither layers nor network says how large the model will be");
        }
        return Float.BYTES * (long) network.length();
    }

    /**
     * Dense layers, the activation and dropout after each but the last.
     *
     * @param features of the data
     * @param wanted the number of classes or outputs that the data has, which {@code layers} must end with, or with
     *     {@code outputs}
     * @param outputs of the network: one for two classes
     * @param loss that is named, or null; what it needs after the last layer is added unless {@code layers} says all
     */
    static Network ofLayers(NeuralNetworkParams params, int features, int wanted, int outputs, Loss loss) {
        int[] hidden = params.getHiddenLayers();
        if (params.isSet(params.layers())) {
            int[] layers = params.getLayers();
            int last = layers[layers.length - 1];
            if (layers[0] != features || (last != wanted && last != outputs)) {
                throw new DataException(
                        "layers %s must start with the %d features and end with the %d %s of the data",
                        Arrays.toString(layers), features, wanted, wanted == outputs ? "outputs" : "classes");
            }
            hidden = Arrays.copyOfRange(layers, 1, layers.length - 1);
        }
        Activation activation =
                new RecordJson(List.of(Activations.CATALOG)).read(params.getActivation(), Activations.CATALOG);
        NetworkBuilder builder = Network.builder(features);
        for (int units : hidden) {
            builder.dense(units).activation(activation);
            if (params.getDropout() > 0) {
                builder.dropout(params.getDropout());
            }
        }
        builder.dense(outputs);
        Outputs.ending(params.isSet(params.layers()) ? null : loss).ifPresent(name -> {
            if (name.equals("softmax")) {
                builder.softmax();
            } else {
                builder.activation(Activations.CATALOG.named(name));
            }
        });
        return builder.build();
    }
}
