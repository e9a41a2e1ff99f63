package dev.backdraft.layer;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;

/**
 * Fixed functions φ₁ … φₘ of each feature, as inputs of what follows: y has for each of the {@code inputSize} features its m values,
 * one feature after the other. No parameters. A linear layer after it is linear regression with basis functions (Bishop 2006,
 * section 3.1).
 */
interface Basis extends Layer {
    /** m. */
    int functions();

    /** φₖ(x), k from 0. */
    double value(int k, double x);

    /** φₖ'(x). */
    double slope(int k, double x);

    @Override
    default int outputSize() {
        return inputSize() * functions();
    }

    @Override
    default void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
        int functions = functions();
        for (int i = 0; i < x.size(); i++) {
            double input = x.values()[x.offset() + i];
            for (int k = 0; k < functions; k++) {
                y.values()[y.offset() + i * functions + k] = (float) value(k, input);
            }
        }
    }

    @Override
    default void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
        if (dx == null) {
            return;
        }
        int functions = functions();
        for (int i = 0; i < x.size(); i++) {
            double input = x.values()[x.offset() + i];
            double sum = 0;
            for (int k = 0; k < functions; k++) {
                sum += slope(k, input) * dy.values()[dy.offset() + i * functions + k];
            }
            dx.values()[dx.offset() + i] = (float) sum;
        }
    }
}
