package dev.backdraft.activation;

import dev.backdraft.linalg.Matrix;

/** An activation that is given by its formula and its slope, in double: the loops over the entries are here. */
public interface ScalarActivation extends Activation {
    /** f(x). */
    double value(double x);

    /**
     * f'(x); at a kink any value between those on its sides.
     *
     * @param y f(x), rounded to float
     */
    double slope(double x, double y);

    @Override
    default void forward(Matrix x, Matrix y) {
        float[] from = x.values();
        float[] to = y.values();
        int shift = y.offset() - x.offset();
        for (int i = x.offset(); i < x.offset() + x.size(); i++) {
            to[i + shift] = (float) value(from[i]);
        }
    }

    @Override
    default void backward(Matrix x, Matrix y, Matrix dy, Matrix dx) {
        float[] xs = x.values();
        float[] ys = y.values();
        float[] from = dy.values();
        float[] to = dx.values();
        for (int i = 0; i < x.size(); i++) {
            to[dx.offset() + i] = (float) (slope(xs[x.offset() + i], ys[y.offset() + i]) * from[dy.offset() + i]);
        }
    }
}
