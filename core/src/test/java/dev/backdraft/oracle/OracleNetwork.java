package dev.backdraft.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.backdraft.activation.Activation;
import dev.backdraft.activation.Activations;
import dev.backdraft.activation.Elu;
import dev.backdraft.activation.Gelu;
import dev.backdraft.activation.GeluForm;
import dev.backdraft.activation.HardSigmoid;
import dev.backdraft.activation.LeakyRelu;
import dev.backdraft.layer.BatchNorm;
import dev.backdraft.layer.Dense;
import dev.backdraft.layer.Layer;
import dev.backdraft.layer.LayerNorm;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.loss.Loss;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkBuilder;
import java.util.ArrayList;
import java.util.List;

/** Networks, parameters and losses of the reference files as ours. Their W is written row by row, ours column by column. */
record OracleNetwork(Network network) {
    static OracleNetwork of(JsonNode layers) {
        JsonNode first = layers.get(0);
        NetworkBuilder builder = Network.builder(
                first.has("in") ? first.get("in").asInt() : first.get("dim").asInt());
        layers.forEach(layer -> add(builder, layer));
        return new OracleNetwork(builder.build());
    }

    private static void add(NetworkBuilder builder, JsonNode layer) {
        int size = builder.size();
        switch (layer.get("type").asText()) {
            case "dense" ->
                builder.dense(layer.get("out").asInt(), layer.path("bias").asBoolean(true));
            case "layernorm" -> builder.add(new LayerNorm(size, layer.get("eps").asDouble()));
            case "batchnorm" ->
                builder.add(new BatchNorm(
                        size, layer.get("eps").asDouble(), layer.get("momentum").asDouble()));
            case "residual" -> builder.residual(block -> layer.get("layers").forEach(inner -> add(block, inner)));
            default -> {
                String function = layer.get("fn").asText();
                if (function.equals("softmax")) {
                    builder.softmax();
                } else {
                    builder.activation(activation(function, layer.path("params")));
                }
            }
        }
    }

    static Activation activation(String name, JsonNode settings) {
        return switch (name) {
            case "leaky_relu" -> new LeakyRelu(settings.get("slope").asDouble());
            case "elu" -> new Elu(settings.get("alpha").asDouble());
            case "gelu_exact" -> new Gelu(GeluForm.EXACT);
            case "gelu_tanh" -> new Gelu(GeluForm.TANH);
            case "hard_sigmoid_0.2" -> new HardSigmoid(0.2);
            default -> Activations.CATALOG.named(name.replace('_', '-'));
        };
    }

    /** For each of our layers, in order, the entry of theirs: of residual blocks those inside, then null for the addition. */
    static List<JsonNode> entries(JsonNode layers) {
        List<JsonNode> flat = new ArrayList<>();
        for (JsonNode layer : layers) {
            if (layer.has("layers")) {
                flat.addAll(entries(layer.get("layers")));
                flat.add(null);
            } else {
                flat.add(layer);
            }
        }
        return flat;
    }

    /** A loss without settings, the sum over outputs. */
    static Loss loss(String name) {
        return OracleLoss.of(name, MissingNode.getInstance(), "batch_mean_output_sum");
    }

    /** The parameters as the layers of a file list them, in our order; statistics at their start. */
    float[] parameters(JsonNode layers) {
        float[] flat = network.initialParameters(1);
        List<JsonNode> entries = entries(layers);
        for (int i = 0; i < entries.size(); i++) {
            if (network.layers().get(i).parameterCount() > 0) {
                for (String name : names(network.layers().get(i))) {
                    set(matrix(i, name, flat), Oracle.numbers(entries.get(i).get(name)), 0);
                }
            }
        }
        return flat;
    }

    /** What they call the parameters of a layer, in our order. */
    static List<String> names(Layer layer) {
        if (layer instanceof Dense dense) {
            return dense.bias() ? List.of("W", "b") : List.of("W");
        }
        return List.of("gamma", "beta");
    }

    /** A parameter of a layer, or its gradient, by their name. */
    Matrix matrix(int layer, String name, float[] flat) {
        Slice slice = network.slice(layer, flat);
        if (network.layers().get(layer) instanceof Dense dense) {
            return name.equals("W") ? dense.weights(slice) : dense.biases(slice);
        }
        int size = network.layers().get(layer).outputSize();
        return slice.matrix(name.equals("gamma") ? 0 : size, size, 1);
    }

    /** Their flat vector, for each dense layer W row by row and then b, in our order. */
    float[] fromTheirOrder(double[] theirs) {
        float[] flat = new float[network.parameterCount()];
        int from = 0;
        for (int i = 0; i < network.layers().size(); i++) {
            if (network.layers().get(i) instanceof Dense dense) {
                Slice slice = network.slice(i, flat);
                from = set(dense.weights(slice), theirs, from);
                from = set(dense.biases(slice), theirs, from);
            }
        }
        return flat;
    }

    /** Our flat vector in their order. */
    float[] toTheirOrder(float[] ours) {
        float[] theirs = new float[ours.length];
        int to = 0;
        for (int i = 0; i < network.layers().size(); i++) {
            if (network.layers().get(i) instanceof Dense dense) {
                Slice slice = network.slice(i, ours);
                for (Matrix matrix : List.of(dense.weights(slice), dense.biases(slice))) {
                    float[] rows = rowByRow(matrix);
                    System.arraycopy(rows, 0, theirs, to, rows.length);
                    to += rows.length;
                }
            }
        }
        return theirs;
    }

    static float[] rowByRow(Matrix matrix) {
        float[] values = new float[matrix.size()];
        for (int row = 0, to = 0; row < matrix.rows(); row++) {
            for (int column = 0; column < matrix.columns(); column++) {
                values[to++] = matrix.get(row, column);
            }
        }
        return values;
    }

    private static int set(Matrix matrix, double[] rowByRow, int from) {
        int at = from;
        for (int row = 0; row < matrix.rows(); row++) {
            for (int column = 0; column < matrix.columns(); column++) {
                matrix.set(row, column, (float) rowByRow[at++]);
            }
        }
        return at;
    }
}
