package dev.backdraft.layer;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A function of one number, applied to every entry: y = f(x). The kernels are plain loops; exp and tanh are {@link
 * StrictMath}'s, so that the bits do not depend on the machine.
 */
public enum Activation {
    /** f(x) = x. */
    @JsonProperty("identity")
    IDENTITY(Initializer.GLOROT_UNIFORM) {
        @Override
        void forward(float[] x, int xFrom, float[] y, int yFrom, int count) {
            System.arraycopy(x, xFrom, y, yFrom, count);
        }

        @Override
        void backward(float[] y, int yFrom, float[] dy, int dyFrom, float[] dx, int dxFrom, int count) {
            System.arraycopy(dy, dyFrom, dx, dxFrom, count);
        }
    },

    /** f(x) = 1/(1 + e⁻ˣ), f' = y (1 − y). Never overflows: for x < 0 it is eˣ/(1 + eˣ). */
    @JsonProperty("sigmoid")
    SIGMOID(Initializer.GLOROT_UNIFORM) {
        @Override
        void forward(float[] x, int xFrom, float[] y, int yFrom, int count) {
            for (int i = 0; i < count; i++) {
                double e = StrictMath.exp(-Math.abs(x[xFrom + i]));
                y[yFrom + i] = (float) ((x[xFrom + i] >= 0 ? 1 : e) / (1 + e));
            }
        }

        @Override
        void backward(float[] y, int yFrom, float[] dy, int dyFrom, float[] dx, int dxFrom, int count) {
            for (int i = 0; i < count; i++) {
                float v = y[yFrom + i];
                dx[dxFrom + i] = dy[dyFrom + i] * v * (1 - v);
            }
        }
    },

    /** f(x) = tanh x, f' = 1 − y². */
    @JsonProperty("tanh")
    TANH(Initializer.GLOROT_UNIFORM) {
        @Override
        void forward(float[] x, int xFrom, float[] y, int yFrom, int count) {
            for (int i = 0; i < count; i++) {
                y[yFrom + i] = (float) StrictMath.tanh(x[xFrom + i]);
            }
        }

        @Override
        void backward(float[] y, int yFrom, float[] dy, int dyFrom, float[] dx, int dxFrom, int count) {
            for (int i = 0; i < count; i++) {
                float v = y[yFrom + i];
                dx[dxFrom + i] = dy[dyFrom + i] * (1 - v) * (1 + v);
            }
        }
    },

    /** f(x) = max(0, x), f' = 1 where x > 0, else 0 (also at 0). */
    @JsonProperty("relu")
    RELU(Initializer.HE_NORMAL) {
        @Override
        void forward(float[] x, int xFrom, float[] y, int yFrom, int count) {
            for (int i = 0; i < count; i++) {
                y[yFrom + i] = Math.max(0f, x[xFrom + i]);
            }
        }

        @Override
        void backward(float[] y, int yFrom, float[] dy, int dyFrom, float[] dx, int dxFrom, int count) {
            for (int i = 0; i < count; i++) {
                dx[dxFrom + i] = y[yFrom + i] > 0 ? dy[dyFrom + i] : 0;
            }
        }
    };

    private final Initializer initializer;

    Activation(Initializer initializer) {
        this.initializer = initializer;
    }

    /** The initialiser that suits a dense layer in front of this activation. */
    public Initializer initializer() {
        return initializer;
    }

    /** y[yFrom + i] = f(x[xFrom + i]). x is read, y overwritten. */
    abstract void forward(float[] x, int xFrom, float[] y, int yFrom, int count);

    /** dx[dxFrom + i] = f'(x) dy[dyFrom + i], with f' computed from y = f(x). y and dy are read, dx overwritten. */
    abstract void backward(float[] y, int yFrom, float[] dy, int dyFrom, float[] dx, int dxFrom, int count);
}
