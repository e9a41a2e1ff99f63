package dev.backdraft.layer;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;
import java.util.Arrays;

/** One layer alone, with its parameters, statistics and what a pass leaves of them; the arrays are for tests to look at. */
final class LayerRun {
    final Layer layer;
    final float[] parameters;
    final float[] statistics;
    final float[] gradient;
    final float[] sums;
    private Pass pass;
    private Matrix x;
    private Matrix y;

    LayerRun(Layer layer) {
        this.layer = layer;
        parameters = new float[layer.parameterCount()];
        statistics = new float[layer.statisticCount()];
        gradient = new float[layer.parameterCount()];
        sums = new float[layer.statisticCount()];
        layer.initialize(whole(parameters), SplitMix.at(1, 0, 0, 0));
        layer.initializeStatistics(whole(statistics));
    }

    static Slice whole(float[] values) {
        return new Slice(values, 0, values.length);
    }

    /** Forward as in training; weights and streams may be null. */
    Matrix train(Matrix batch, float[] weights, long[] rowStreams) {
        pass = new Pass(3, layer.scratchSize(batch.columns()));
        pass.train(weights, rowStreams, whole(statistics), whole(sums));
        return forward(batch);
    }

    /** Forward as a trained network. */
    Matrix evaluate(Matrix batch) {
        pass = new Pass(3, layer.scratchSize(batch.columns()));
        pass.evaluate(whole(statistics));
        return forward(batch);
    }

    private Matrix forward(Matrix batch) {
        x = batch;
        y = Matrix.zeros(layer.outputSize(), batch.columns());
        layer.forward(whole(parameters), x, y, pass);
        return y;
    }

    /** Backward of the last forward; the gradient of the parameters is added to. */
    Matrix backward(Matrix dy) {
        Matrix dx = Matrix.zeros(layer.inputSize(), dy.columns());
        Arrays.fill(dx.values(), Float.NaN); // to be overwritten
        layer.backward(whole(parameters), x, y, dy, dx, whole(gradient), pass);
        return dx;
    }

    static Matrix random(int rows, int columns, long seed) {
        SplitMix random = SplitMix.at(seed, 7, 0, 0);
        Matrix matrix = Matrix.zeros(rows, columns);
        for (int i = 0; i < matrix.size(); i++) {
            matrix.values()[i] = (float) random.nextGaussian();
        }
        return matrix;
    }

    static Matrix columns(Matrix all, int from, int to) {
        float[] values = new float[(to - from) * all.rows()];
        System.arraycopy(all.values(), from * all.rows(), values, 0, values.length);
        return new Matrix(values, 0, all.rows(), to - from);
    }

    /** Addresses of the random numbers of rows. */
    static long[] streams(int rows, long seed) {
        long[] streams = new long[rows];
        for (int n = 0; n < rows; n++) {
            streams[n] = SplitMix.address(seed, 6, 0, n);
        }
        return streams;
    }
}
