package dev.backdraft.network;

import dev.backdraft.layer.Elementwise;
import dev.backdraft.layer.Layer;
import java.util.List;
import java.util.Locale;

/** A network in a line, for people. */
final class NetworkText {
    private NetworkText() {}

    static String of(Network network) {
        StringBuilder text = new StringBuilder().append(network.inputSize());
        for (int i = 0; i < network.layers().size(); i++) {
            text.append(" -> ");
            if (!network.inputs().get(i).equals(List.of(i - 1))) {
                text.append(network.inputs().get(i).toString().replace("-1", "input"));
            }
            text.append(describe(network.layers().get(i)));
        }
        return text.append(String.format(Locale.ROOT, ", %,d parameters", network.parameterCount()))
                .toString();
    }

    private static String describe(Layer layer) {
        if (layer instanceof Elementwise elementwise) {
            return elementwise.function().name();
        }
        return layer.inputSize() == layer.outputSize() ? layer.name() : layer.name() + " " + layer.outputSize();
    }
}
