package dev.backdraft.examples;

import dev.backdraft.layer.Layer;
import dev.backdraft.layer.Pass;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.tensor.Parameter;
import java.util.List;

/**
 * The Gabor model as a layer of our own: {@code y = sin(u) exp(−u²/w)}, w = 32 by default, with {@code u = φ₀ + 0.06 φ₁ x}, one input, one output
 * and two parameters (φ₀, φ₁), which start at (0, 1). {@code dy/du = (cos u − 2u/w · sin u) exp(−u²/w)}, {@code du/dφ₀ = 1},
 * {@code du/dφ₁ = 0.06 x}, {@code du/dx = 0.06 φ₁}.
 *
 * <p>Source: Prince 2023, "Understanding Deep Learning", section 6.1.2, has w = 32; others write
 * w = 8, where fewer waves are seen.
 *
 * @param width w, of the bell that the sine is multiplied with; positive
 */
public record GaborLayer(double width) implements Layer {
    private static final double SCALE = 0.06;

    public GaborLayer {
        if (!(width > 0 && width < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("gabor: width must be positive: " + width);
        }
    }

    /** With w = 32, as in the book. */
    public GaborLayer() {
        this(32);
    }

    @Override
    public String name() {
        return "gabor";
    }

    @Override
    public int inputSize() {
        return 1;
    }

    @Override
    public int outputSize() {
        return 1;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameter.bias("phi", 2));
    }

    @Override
    public void initialize(Slice parameters, SplitMix random) {
        parameters.values()[parameters.offset()] = 0;
        parameters.values()[parameters.offset() + 1] = 1;
    }

    @Override
    public void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
        for (int n = 0; n < x.columns(); n++) {
            double u = u(parameters, x.get(0, n));
            y.set(0, n, (float) (StrictMath.sin(u) * StrictMath.exp(-u * u / width)));
        }
    }

    @Override
    public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
        double dPhi0 = 0;
        double dPhi1 = 0;
        for (int n = 0; n < x.columns(); n++) {
            double u = u(parameters, x.get(0, n));
            double slope = (StrictMath.cos(u) - 2 * u / width * StrictMath.sin(u)) * StrictMath.exp(-u * u / width);
            double du = slope * dy.get(0, n);
            dPhi0 += du;
            dPhi1 += du * SCALE * x.get(0, n);
            if (dx != null) {
                dx.set(0, n, (float) (du * SCALE * phi(parameters, 1)));
            }
        }
        dParameters.values()[dParameters.offset()] += (float) dPhi0;
        dParameters.values()[dParameters.offset() + 1] += (float) dPhi1;
    }

    private static double u(Slice parameters, double x) {
        return phi(parameters, 0) + SCALE * phi(parameters, 1) * x;
    }

    private static double phi(Slice parameters, int i) {
        return parameters.values()[parameters.offset() + i];
    }
}
