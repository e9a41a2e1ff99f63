package dev.backdraft.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.backdraft.layer.Activation;
import dev.backdraft.layer.Activations;
import dev.backdraft.layer.Dense;
import dev.backdraft.layer.Elementwise;
import dev.backdraft.layer.GlorotUniform;
import dev.backdraft.layer.Layer;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.loss.Loss;
import dev.backdraft.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Networks, parameters and losses of the reference files as ours. Their W is written row by row, ours column by column. */
record OracleNetwork(Network network) {
    private static final Set<String> ACTIVATIONS = Set.of("identity", "sigmoid", "tanh", "relu");

    static OracleNetwork of(JsonNode layers) {
        List<Layer> ours = new ArrayList<>();
        for (JsonNode layer : layers) {
            if (layer.get("type").asText().equals("dense")) {
                int in = layer.get("in").asInt();
                ours.add(new Dense(in, layer.get("out").asInt(), new GlorotUniform()));
            } else {
                int size = ours.get(ours.size() - 1).outputSize();
                ours.add(new Elementwise(activation(layer.get("fn").asText()), size));
            }
        }
        return new OracleNetwork(new Network(ours));
    }

    static Activation activation(String name) {
        return Activations.CATALOG.named(name.replace('_', '-'));
    }

    static boolean isOurActivation(String name) {
        return ACTIVATIONS.contains(name);
    }

    /** Whether all layers are dense or activations that we have. */
    static boolean isOurs(JsonNode layers) {
        for (JsonNode layer : layers) {
            String type = layer.get("type").asText();
            if (!type.equals("dense")
                    && !(type.equals("activation")
                            && isOurActivation(layer.get("fn").asText()))) {
                return false;
            }
        }
        return true;
    }

    /** A loss without settings, the sum over outputs. */
    static Loss loss(String name) {
        return OracleLoss.of(name, MissingNode.getInstance(), "batch_mean_output_sum");
    }

    /** W and b as the layers of a file list them, in our order. */
    float[] parameters(JsonNode layers) {
        float[] flat = new float[network.parameterCount()];
        for (int i = 0; i < layers.size(); i++) {
            if (network.layers().get(i) instanceof Dense dense) {
                Slice slice = network.slice(i, flat);
                set(dense.weights(slice), Oracle.numbers(layers.get(i).get("W")), 0);
                if (layers.get(i).path("bias").asBoolean(true)) {
                    set(dense.biases(slice), Oracle.numbers(layers.get(i).get("b")), 0);
                }
            }
        }
        return flat;
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
