package dev.backdraft.train;

import dev.backdraft.activation.Sigmoid;
import dev.backdraft.layer.Elementwise;
import dev.backdraft.layer.EnsembleLayer;
import dev.backdraft.layer.Layer;
import dev.backdraft.layer.Softmax;
import dev.backdraft.network.Network;
import java.util.List;

/**
 * A number T that the logits of a network are divided by, and what it changes. The layer that makes the logits takes it
 * into its weights and biases, so that a calibrated network is one like any other. In an ensemble, the logits of each
 * member are divided.
 *
 * @param value T: above 1, probabilities become less extreme
 * @param before log-loss of the validation rows without it
 * @param after log-loss of the validation rows with it
 */
public record Temperature(double value, double before, double after) {
    /**
     * Checks that a network ends with a layer that makes logits, and nothing after it but what makes probabilities or a
     * mean of them.
     *
     * @throws IllegalArgumentException saying what there is instead
     */
    static void check(Network network) {
        logits(network);
    }

    /** The number of the layer that makes the logits. */
    private static int logits(Network network) {
        List<Layer> layers = network.layers();
        int at = layers.size() - 1;
        while (at > 0
                && isAfterLogits(layers.get(at))
                && network.inputs().get(at).equals(List.of(at - 1))) {
            at--;
        }
        Layer layer = layers.get(at);
        if (!layer.divideOutputs(network.slice(at, new float[network.length()]), 1)) {
            throw new IllegalArgumentException(
                    "calibration by temperature divides the outputs of a dense layer or of a batch"
                            + " ensemble at the end of the network, before any softmax, sigmoid or mean of an ensemble, but layer "
                            + at + " is " + layer.name() + ": change the network, or train without calibration");
        }
        return at;
    }

    private static boolean isAfterLogits(Layer layer) {
        return layer instanceof Softmax
                || layer instanceof EnsembleLayer
                || (layer instanceof Elementwise elementwise && elementwise.function() instanceof Sigmoid);
    }

    /**
     * The parameters of the network with its logits divided by a temperature.
     *
     * @param parameters the flat vector; read
     * @return a new vector
     */
    public static float[] divided(Network network, float[] parameters, double temperature) {
        float[] divided = parameters.clone();
        int layer = logits(network);
        network.layers().get(layer).divideOutputs(network.slice(layer, divided), temperature);
        return divided;
    }
}
