package dev.backdraft.layer;

import dev.backdraft.json.Require;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;

/**
 * Dropout, inverted: while training each entry is 0 with probability p, else multiplied with 1/(1 − p), so that its mean stays;
 * otherwise y = x. Srivastava et al. 2014; inverted as in most libraries, so that a trained network needs no scaling.
 *
 * <p>Whether an entry is dropped depends on (seed, epoch, rank of the row, layer, entry) alone: not on the batch that the row is in,
 * nor on the machine.
 *
 * <p>A training may multiply p by {@link Pass#dropoutFactor}, another number at each step.
 *
 * @param rate p, 0 ≤ p &lt; 1
 */
public record Dropout(double rate, int size) implements Layer {
    private static final int BITS = 53;

    public Dropout {
        Require.fraction("the rate of dropout", rate);
        LayerSize.positive(size);
    }

    /** p = 0.5 of one unit. */
    public Dropout() {
        this(0.5, 1);
    }

    @Override
    public String name() {
        return "dropout";
    }

    @Override
    public int inputSize() {
        return size;
    }

    @Override
    public int outputSize() {
        return size;
    }

    @Override
    public boolean isRandom() {
        return rate > 0;
    }

    @Override
    public void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
        apply(x, y, pass);
    }

    @Override
    public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
        if (dx != null) {
            apply(dy, dx, pass);
        }
    }

    /** Forward and backward are the same: each entry times its factor. The draws are made again, as they are addressed. */
    private void apply(Matrix from, Matrix to, Pass pass) {
        double now = rate * pass.dropoutFactor();
        if (!pass.training() || now == 0) {
            System.arraycopy(from.values(), from.offset(), to.values(), to.offset(), from.size());
            return;
        }
        long limit = (long) (now * (1L << BITS)); // drops when 53 random bits are below
        float scale = (float) (1 / (1 - now));
        float[] source = from.values();
        float[] target = to.values();
        for (int n = 0; n < from.columns(); n++) {
            int s = from.offset() + n * size;
            int t = to.offset() + n * size;
            for (int i = 0; i < size; i++) {
                boolean dropped = pass.randomBits(n, i) >>> (Long.SIZE - BITS) < limit;
                target[t + i] = dropped ? 0 : scale * source[s + i];
            }
        }
    }
}
