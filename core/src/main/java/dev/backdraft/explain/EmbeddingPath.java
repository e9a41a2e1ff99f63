package dev.backdraft.explain;

import dev.backdraft.layer.Codes;
import dev.backdraft.layer.Layer;
import dev.backdraft.layer.Pass;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.tensor.Parameter;
import java.util.ArrayList;
import java.util.List;

/**
 * An embedding between two rows: in place of a code there is t from 0 to 1, and its vector is {@code start + t ·
 * change}. This is the straight line between two one-hot vectors, through a dense layer. Other columns pass through.
 *
 * <p>In the flat vector: for each column of codes, in order, start and change [embeddingSize × 2]. They are set, not
 * trained, and have no gradient.
 *
 * @param codes of the embedding
 */
record EmbeddingPath(int inputSize, List<Codes> codes) implements Layer {
    EmbeddingPath {
        codes = List.copyOf(codes);
    }

    @Override
    public String name() {
        return "embedding path";
    }

    @Override
    public int outputSize() {
        return inputSize + codes.stream().mapToInt(of -> of.embeddingSize() - 1).sum();
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        codes.forEach(of -> parameters.add(Parameter.weight("path" + of.column(), of.embeddingSize(), 2)));
        return parameters;
    }

    @Override
    public void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
        for (int n = 0; n < x.columns(); n++) {
            int at = 0;
            int row = 0;
            int column = 0;
            for (Codes of : codes) {
                for (; column < of.column(); column++) {
                    y.set(row++, n, x.get(column, n));
                }
                Matrix path = parameters.matrix(at, of.embeddingSize(), 2);
                float t = x.get(column++, n);
                for (int i = 0; i < of.embeddingSize(); i++) {
                    y.set(row++, n, path.get(i, 0) + t * path.get(i, 1));
                }
                at += path.size();
            }
            for (; column < inputSize; column++) {
                y.set(row++, n, x.get(column, n));
            }
        }
    }

    @Override
    public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
        if (dx == null) {
            return;
        }
        for (int n = 0; n < dx.columns(); n++) {
            int at = 0;
            int row = 0;
            int column = 0;
            for (Codes of : codes) {
                for (; column < of.column(); column++) {
                    dx.set(column, n, dy.get(row++, n));
                }
                Matrix path = parameters.matrix(at, of.embeddingSize(), 2);
                double dt = 0;
                for (int i = 0; i < of.embeddingSize(); i++) {
                    dt += (double) dy.get(row++, n) * path.get(i, 1);
                }
                dx.set(column++, n, (float) dt);
                at += path.size();
            }
            for (; column < inputSize; column++) {
                dx.set(column, n, dy.get(row++, n));
            }
        }
    }
}
