package dev.backdraft.layer;

import dev.backdraft.initializer.Initializer;
import dev.backdraft.initializer.Normal;
import dev.backdraft.json.Require;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.tensor.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;

/**
 * A learned vector for each category of some columns; the other columns pass through. y is x with each code replaced by
 * its vector, so the output of column 2 comes before that of column 3. Guo and Berkhahn 2016. It is a dense layer
 * without bias on the one-hot vector of each code, bit for bit with products that sum in order, without the products.
 *
 * <p>In the flat vector: for each column of codes, in order, W [embeddingSize × values]; column c of W is the vector of
 * code c. Vectors start as the {@code initializer} says; the default is the standard normal distribution, as in PyTorch
 * and RealMLP (Holzmüller, Grinsztajn and Steinwart 2024).
 *
 * @param codes the columns that hold codes, ascending; none of them is standardized
 * @param initializer of each W
 */
public record Embedding(int inputSize, List<Codes> codes, Initializer initializer) implements LookupLayer {
    public Embedding {
        LayerSize.positive(inputSize);
        Objects.requireNonNull(initializer, "initializer");
        int before = -1;
        long outputs = inputSize;
        long parameters = 0;
        for (Codes of : codes) {
            if (of == null || of.column() <= before || of.column() >= inputSize) {
                throw new IllegalArgumentException("the codes of an embedding must be of ascending columns from 0 to "
                        + (inputSize - 1) + ", but after column " + before + " there is "
                        + (of == null ? "none" : of.column()));
            }
            before = of.column();
            outputs += of.embeddingSize() - 1;
            parameters += of.size();
        }
        if (codes.isEmpty()) {
            throw new IllegalArgumentException("an embedding needs at least one column of \"codes\"");
        }
        Require.fitsArray("an embedding", "outputs", outputs);
        Require.fitsArray("an embedding", "parameters", parameters);
        codes = List.copyOf(codes);
    }

    /** One column of codes with two values. */
    public Embedding() {
        this(1, List.of(new Codes()));
    }

    /** With vectors that start with a standard normal distribution. */
    public Embedding(int inputSize, List<Codes> codes) {
        this(inputSize, codes, new Normal(0, 1));
    }

    @Override
    public String name() {
        return "embedding";
    }

    @Override
    public int outputSize() {
        int size = inputSize;
        for (Codes of : codes) {
            size += of.embeddingSize() - 1;
        }
        return size;
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        for (Codes of : codes) {
            parameters.add(Parameter.weight("weight" + of.column(), of.embeddingSize(), of.values()));
        }
        return parameters;
    }

    @Override
    public void initialize(Slice parameters, SplitMix random) {
        int at = 0;
        for (Codes of : codes) {
            initializer.fill(random, parameters.matrix(at, of.embeddingSize(), of.values()));
            at += of.size();
        }
    }

    @Override
    public int columnHeight() {
        int height = 0;
        for (Codes of : codes) {
            height = greatestCommonDivisor(of.embeddingSize(), height);
        }
        return height;
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    @Override
    public void touchedColumns(Matrix x, IntConsumer touched) {
        int height = columnHeight();
        int at = 0;
        for (Codes of : codes) {
            int columns = of.embeddingSize() / height; // of each vector
            for (int n = 0; n < x.columns(); n++) {
                int first = at / height + columns * (int) x.values()[x.offset() + n * inputSize + of.column()];
                for (int column = first; column < first + columns; column++) {
                    touched.accept(column);
                }
            }
            at += of.size();
        }
    }

    @Override
    public void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
        float[] w = parameters.values();
        for (int n = 0; n < x.columns(); n++) {
            int from = x.offset() + n * inputSize;
            int to = y.offset() + n * y.rows();
            int at = parameters.offset();
            int column = 0;
            for (int c = 0; c < codes.size(); c++) {
                Codes of = codes.get(c);
                System.arraycopy(x.values(), from + column, y.values(), to, of.column() - column);
                to += of.column() - column;
                int code = of.code(x.values()[from + of.column()]);
                System.arraycopy(w, at + code * of.embeddingSize(), y.values(), to, of.embeddingSize());
                to += of.embeddingSize();
                at += of.size();
                column = of.column() + 1;
            }
            System.arraycopy(x.values(), from + column, y.values(), to, inputSize - column);
        }
    }

    /** A code has no gradient: it is 0, as that of the column of a table. */
    @Override
    public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
        float[] dw = dParameters.values();
        float[] dys = dy.values();
        for (int n = 0; n < x.columns(); n++) {
            int from = x.offset() + n * inputSize;
            int to = dy.offset() + n * dy.rows();
            int at = dParameters.offset();
            int column = 0;
            for (int c = 0; c < codes.size(); c++) {
                Codes of = codes.get(c);
                passThrough(dys, to, dx, n, column, of.column());
                to += of.column() - column;
                int code = (int) x.values()[from + of.column()];
                int vector = at + code * of.embeddingSize();
                for (int i = 0; i < of.embeddingSize(); i++) {
                    dw[vector + i] += dys[to + i];
                }
                if (dx != null) {
                    dx.values()[dx.offset() + n * inputSize + of.column()] = 0;
                }
                to += of.embeddingSize();
                at += of.size();
                column = of.column() + 1;
            }
            passThrough(dys, to, dx, n, column, inputSize);
        }
    }

    /** The gradient of columns [column, end) of row n, which are no codes. */
    private void passThrough(float[] dy, int from, Matrix dx, int n, int column, int end) {
        if (dx != null) {
            System.arraycopy(dy, from, dx.values(), dx.offset() + n * inputSize + column, end - column);
        }
    }
}
