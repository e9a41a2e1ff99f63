package dev.backdraft.layer;

import static dev.backdraft.linalg.Transpose.NO;
import static dev.backdraft.linalg.Transpose.YES;

import dev.backdraft.activation.Identity;
import dev.backdraft.initializer.Constant;
import dev.backdraft.initializer.FanInUniform;
import dev.backdraft.initializer.Initializer;
import dev.backdraft.initializer.Uniform;
import dev.backdraft.json.Require;
import dev.backdraft.linalg.Blas;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.tensor.Parameter;
import java.util.List;
import java.util.Objects;

/**
 * The dense layers of k networks that share their weights: member m computes {@code yₘ = sₘ ⊙ W (rₘ ⊙ xₘ) + bₘ}. W is
 * shared, and r, s and b are each member's own. Wen, Tran and Ba 2020, "BatchEnsemble"; Gorishniy, Kotelnikov and
 * Babenko 2025, "TabM". A {@link Repeat} before the first such layer gives each member its input; an
 * {@link EnsembleMean} ends the network.
 *
 * <p>Shapes: x has the inputs of the members one after the other, [k·in × n], and y their outputs, [k·out × n]. Both
 * are also [in × k·n] and [out × k·n], so one product serves all members. In the flat vector: W [out × in], r [k·in], s
 * [k·out], b [k·out]. At the start, W and b are uniform in ±1/√in, r and s are 1, as in TabM.
 *
 * @param inputSize k·in
 * @param members k
 * @param units out, of each member
 * @param randomSigns whether r is 1 or −1 at the start, drawn for each entry, so that the members differ: in the first
 *     of such layers
 * @param initializer of W
 */
public record BatchEnsemble(int inputSize, int members, int units, boolean randomSigns, Initializer initializer)
        implements Layer {
    public BatchEnsemble {
        LayerSize.positive(inputSize);
        Require.atLeast(1, "the number of members", members);
        Require.atLeast(1, "the number of units of a batch ensemble", units);
        Objects.requireNonNull(initializer, "initializer");
        if (inputSize % members != 0) {
            throw new IllegalArgumentException("a batch ensemble of " + members + " members takes " + inputSize
                    + " values, which is not a multiple: repeat the input for each member first");
        }
        Require.fitsArray("a batch ensemble", "outputs", (long) units * members);
        long parameters = (long) units * (inputSize / members) + inputSize + 2L * units * members;
        Require.fitsArray("a batch ensemble", "parameters", parameters);
    }

    /** One input and one unit of two members. */
    public BatchEnsemble() {
        this(2, 2, 1, false, new FanInUniform());
    }

    @Override
    public String name() {
        return "batch-ensemble";
    }

    @Override
    public int outputSize() {
        return units * members;
    }

    private int inputs() {
        return inputSize / members;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                Parameter.weight("weight", units, inputs()),
                Parameter.bias("input-scale", inputSize),
                Parameter.bias("output-scale", outputSize()),
                Parameter.bias("bias", outputSize()));
    }

    private int inputScale() {
        return units * inputs();
    }

    private int outputScale() {
        return inputScale() + inputSize;
    }

    private int biases() {
        return outputScale() + outputSize();
    }

    private Matrix weights(Slice slice) {
        return slice.matrix(0, units, inputs());
    }

    @Override
    public void initialize(Slice parameters, SplitMix random) {
        initializer.fill(random, weights(parameters));
        new Constant(1).fill(random, parameters.matrix(inputScale(), inputSize + outputSize(), 1));
        double bound = Math.sqrt(1.0 / inputs());
        new Uniform(-bound, bound).fill(random, parameters.matrix(biases(), outputSize(), 1));
        for (int i = 0; randomSigns && i < inputSize; i++) {
            parameters.values()[parameters.offset() + inputScale() + i] = random.nextInt(2) == 0 ? -1 : 1;
        }
    }

    @Override
    public Initializer initializerBefore() {
        return new Identity().initializer();
    }

    /** Divides s and b, which come one after the other. */
    @Override
    public boolean divideOutputs(Slice parameters, double divisor) {
        parameters.divide(outputScale(), 2 * outputSize(), divisor);
        return true;
    }

    /** r ⊙ x, and W (r ⊙ x); backwards, their gradients. */
    @Override
    public int scratchSize(int rows) {
        return Math.multiplyExact(Math.addExact(inputSize, outputSize()), rows);
    }

    private Matrix scaled(Pass pass, int rows) {
        return new Matrix(pass.scratch(), 0, inputs(), members * rows);
    }

    private Matrix products(Pass pass, int rows) {
        return new Matrix(pass.scratch(), inputSize * rows, units, members * rows);
    }

    @Override
    public void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
        Matrix scaled = scaled(pass, x.columns());
        Matrix products = products(pass, x.columns());
        float[] p = parameters.values();
        for (int n = 0; n < x.columns(); n++) {
            for (int i = 0; i < inputSize; i++) {
                scaled.values()[n * inputSize + i] =
                        p[parameters.offset() + inputScale() + i] * x.values()[x.offset() + n * inputSize + i];
            }
        }
        Blas.gemm(weights(parameters), NO, scaled, NO, 0, products);
        int s = parameters.offset() + outputScale();
        int b = parameters.offset() + biases();
        int size = y.rows();
        for (int n = 0; n < x.columns(); n++) {
            for (int i = 0; i < size; i++) {
                y.values()[y.offset() + n * size + i] =
                        p[s + i] * products.values()[products.offset() + n * size + i] + p[b + i];
            }
        }
    }

    @Override
    public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
        Matrix scaled = scaled(pass, x.columns());
        Matrix products = products(pass, x.columns());
        float[] p = parameters.values();
        float[] d = dParameters.values();
        int size = y.rows();
        for (int n = 0; n < x.columns(); n++) {
            for (int i = 0; i < size; i++) {
                int at = products.offset() + n * size + i;
                float g = dy.values()[dy.offset() + n * size + i];
                d[dParameters.offset() + outputScale() + i] += g * products.values()[at];
                d[dParameters.offset() + biases() + i] += g;
                products.values()[at] = g * p[parameters.offset() + outputScale() + i]; // now their gradient
            }
        }
        Blas.gemm(products, NO, scaled, YES, 1, weights(dParameters));
        Blas.gemm(weights(parameters), YES, products, NO, 0, scaled); // now its gradient
        for (int n = 0; n < x.columns(); n++) {
            for (int i = 0; i < inputSize; i++) {
                float g = scaled.values()[n * inputSize + i];
                d[dParameters.offset() + inputScale() + i] += g * x.values()[x.offset() + n * inputSize + i];
                if (dx != null) {
                    dx.values()[dx.offset() + n * inputSize + i] = g * p[parameters.offset() + inputScale() + i];
                }
            }
        }
    }
}
