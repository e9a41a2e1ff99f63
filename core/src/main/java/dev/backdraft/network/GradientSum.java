package dev.backdraft.network;

import dev.backdraft.tensor.TouchedColumns;
import java.io.Serializable;
import java.util.Arrays;

/**
 * The gradient summed over rows, with the sums of their losses and weights. Sums add; only {@link #meanGradient} and
 * {@link #divide} divide. So any cut of a batch into parts gives the same mean up to rounding, and the same bits when
 * the parts are added in the same tree. Mutable, not thread-safe.
 */
public final class GradientSum implements Serializable {
    private static final long serialVersionUID = 1;

    private final float[] gradient;
    private final LossSum losses = new LossSum();
    private transient TouchedColumns touched; // null: any entry may hold something
    private transient boolean isNew = true; // all entries are zero

    /** A sum of nothing, for vectors of this length: {@link Network#length}. */
    public GradientSum(int length) {
        gradient = new float[length];
    }

    /**
     * Σ wₙ dLₙ/d(parameters); the array itself: backpropagation adds to it. Who writes something else than zeros to
     * entries that are not {@link #touched} calls {@link #touchAll} before the sum is used in a backward pass.
     */
    public float[] gradient() {
        return gradient;
    }

    /** The sums of losses and weights, itself: backpropagation adds to it. */
    public LossSum losses() {
        return losses;
    }

    /** Adds another sum entry by entry; {@code other} is read. */
    public void add(GradientSum other) {
        addLosses(other);
        addEntries(other, 0, gradient.length);
    }

    /** Adds the losses of another sum, before {@link #addEntries} adds all of its entries; {@code other} is read. */
    public void addLosses(GradientSum other) {
        losses.add(other.losses);
        isNew = false;
        if (touched != null && (other.touched == null || !touched.touchAll(other.touched))) {
            touched = null;
        }
    }

    /** Adds the entries of another gradient from (inclusive) to (exclusive), but no losses; {@code other} is read. */
    public void addEntries(GradientSum other, int from, int to) {
        float[] mine = gradient;
        float[] others = other.gradient;
        if (other.touched != null) {
            other.touched.addEntries(others, mine, from, to);
            return;
        }
        for (int i = from; i < to; i++) {
            mine[i] += others[i];
        }
    }

    /** Clears a matrix [height × columns], of which only {@linkplain #touch touched} columns will be written. */
    void startColumns(int offset, int height, int columns) {
        if (touched != null && touched.isOf(offset, height, columns)) {
            touched.clear(gradient);
        } else {
            if (!isNew) {
                Arrays.fill(gradient, offset, offset + height * columns, 0);
            }
            touched = new TouchedColumns(offset, height, columns);
        }
        isNew = false;
    }

    /** Says that a column of the matrix of {@link #startColumns} will be written. */
    void touch(int column) {
        touched.touch(column);
    }

    /** Says that any entry may be written. */
    public void touchAll() {
        touched = null;
        isNew = false;
    }

    /** The columns outside of which every entry is +0; null when any entry may be something else. Read. */
    public TouchedColumns touched() {
        return touched;
    }

    /** Back to zero, ready to have sums added that have touched the same columns as this one; {@code like} is read. */
    public void clear(GradientSum like) {
        losses.clear();
        if (like.touched == null) {
            Arrays.fill(gradient, 0);
            touched = null;
        } else if (touched != null && touched.isSameMatrix(like.touched)) {
            touched.clearAll(gradient);
        } else {
            Arrays.fill(gradient, 0);
            touched = like.touched.none();
        }
    }

    /** Overwrites {@code mean} with gradient / Σ wₙ. */
    public void meanGradient(float[] mean) {
        System.arraycopy(gradient, 0, mean, 0, mean.length);
        divide(mean, 0, mean.length);
    }

    /** Divides the entries from (inclusive) to (exclusive) of the gradient itself by Σ wₙ. */
    public void divide(int from, int to) {
        divide(gradient, from, to);
    }

    private void divide(float[] sums, int from, int to) {
        float weight = (float) losses.weight();
        for (int i = from; i < to; i++) {
            sums[i] /= weight;
        }
    }
}
