package dev.backdraft.explain;

import dev.backdraft.layer.Codes;
import dev.backdraft.layer.Embedding;
import dev.backdraft.layer.Layer;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.network.FlatLayout;
import dev.backdraft.network.Network;
import java.util.ArrayList;
import java.util.List;

/**
 * The straight path from a baseline to a row, as a network takes it: numbers change from one value to the other, and a
 * category changes from one vector to the other. Mutable, for one thread.
 */
final class RowPath {
    private final Network original;
    private final FlatLayout layout;
    private final float[] trained;
    private final Network network; // with paths in place of embeddings
    private final float[] parameters; // of that network
    private final boolean[] isCode;
    private final float[] start;
    private float[] end;

    /**
     * A path that starts at a baseline.
     *
     * @param trained parameters of the network; read, not copied
     * @param start the baseline, as the network sees it; kept
     * @throws IllegalArgumentException when a code is also taken as a number
     */
    RowPath(Network original, float[] trained, float[] start) {
        this.original = original;
        this.trained = trained;
        this.start = start;
        end = start;
        layout = original.layout();
        isCode = new boolean[original.inputSize()];
        original.codeColumns().forEach(column -> isCode[column] = true);
        check(original);
        List<Layer> layers = new ArrayList<>();
        for (Layer layer : original.layers()) {
            layers.add(layer instanceof Embedding e ? new EmbeddingPath(e.inputSize(), e.codes()) : layer);
        }
        network = new Network(layers, original.inputs());
        FlatLayout own = network.layout();
        parameters = new float[own.length()];
        for (int i = 0; i < layers.size(); i++) {
            if (!(layers.get(i) instanceof EmbeddingPath)) {
                copy(layout.parameters(i, trained), own.parameters(i, parameters));
            }
            copy(layout.statistics(i, trained), own.statistics(i, parameters));
        }
    }

    private static void copy(Slice from, Slice to) {
        System.arraycopy(from.values(), from.offset(), to.values(), to.offset(), from.length());
    }

    /**
     * Checks that codes go into embeddings only.
     *
     * @throws IllegalArgumentException naming a layer that takes one as a number
     */
    static void check(Network network) {
        List<Integer> codeColumns = network.codeColumns();
        for (int i = 0; i < network.layers().size(); i++) {
            Layer layer = network.layers().get(i);
            boolean[] own = new boolean[layer.inputSize()];
            for (Codes codes : layer.codes()) {
                own[codes.column()] = true;
                if (!(layer instanceof Embedding) || network.sourceOf(i, codes.column()) < 0) {
                    throw new IllegalArgumentException("layer " + i + " (" + layer.name()
                            + ") takes codes, but is no embedding of a column of the input: there are no contributions of such a"
                            + " network");
                }
            }
            boolean copies = layer.copyOf(0) >= 0; // into layers that are checked themselves
            for (int column = 0; !copies && !codeColumns.isEmpty() && column < own.length; column++) {
                int source = own[column] ? -1 : network.sourceOf(i, column);
                if (codeColumns.contains(source)) {
                    throw new IllegalArgumentException("layer " + i + " (" + layer.name() + ") takes column " + source
                            + " as a number, but it holds the codes of an embedding: there are no contributions of such a"
                            + " network");
                }
            }
        }
    }

    /** The network whose input is a {@link #point} of the path. */
    Network network() {
        return network;
    }

    /** The parameters of {@link #network}, for the present path; read only. */
    float[] parameters() {
        return parameters;
    }

    /**
     * Lets the path end at a row.
     *
     * @param row as the network sees it; kept
     */
    void endAt(float[] row) {
        end = row;
        FlatLayout own = network.layout();
        for (int i = 0; i < original.layers().size(); i++) {
            if (original.layers().get(i) instanceof Embedding embedding) {
                setVectors(embedding, i, layout.parameters(i, trained), own.parameters(i, parameters));
            }
        }
    }

    private void setVectors(Embedding embedding, int layer, Slice vectors, Slice paths) {
        int from = 0;
        int to = 0;
        for (Codes codes : embedding.codes()) {
            int source = original.sourceOf(layer, codes.column());
            Matrix all = vectors.matrix(from, codes.embeddingSize(), codes.values());
            Matrix path = paths.matrix(to, codes.embeddingSize(), 2);
            for (int k = 0; k < codes.embeddingSize(); k++) {
                float first = all.get(k, (int) start[source]);
                path.set(k, 0, first);
                path.set(k, 1, all.get(k, (int) end[source]) - first);
            }
            from += all.size();
            to += path.size();
        }
    }

    /**
     * How much an input of {@link #network} changes from start to end: that of a code goes from 0 to 1 if it changes.
     */
    double change(int input) {
        return isCode[input] ? (start[input] == end[input] ? 0 : 1) : (double) end[input] - start[input];
    }

    /** Overwrites a column with the point at t, from 0 to 1, of the path. */
    void point(double t, Matrix points, int column) {
        for (int i = 0; i < start.length; i++) {
            points.set(i, column, (float) (isCode[i] ? t : start[i] + t * ((double) end[i] - start[i])));
        }
    }
}
