package dev.backdraft.optim;

/**
 * The average that {@link Averaging} keeps: in double, as a decay near 1 adds less than a float32 can hold; 8 bytes a parameter.
 * Mutable, not thread-safe.
 */
public final class AveragedWeights {
    private final Averaging settings;
    private final double[] average;
    private long count;

    AveragedWeights(Averaging settings, int length) {
        this.settings = settings;
        average = new double[length];
    }

    /**
     * To be told after every step; SWA lets it pass.
     *
     * @param epoch of the step, from 1
     * @param parameters read
     */
    public void stepEnded(int epoch, float[] parameters) {
        if (settings.kind() == Averaging.Kind.EMA && epoch >= settings.startEpoch()) {
            add(parameters);
        }
    }

    /**
     * To be told after every epoch; EMA lets it pass.
     *
     * @param epoch that ended, from 1
     * @param parameters read
     */
    public void epochEnded(int epoch, float[] parameters) {
        if (settings.kind() == Averaging.Kind.SWA && epoch >= settings.startEpoch()) {
            add(parameters);
        }
    }

    private void add(float[] parameters) {
        if (count == 0) {
            for (int i = 0; i < average.length; i++) {
                average[i] = parameters[i];
            }
        } else {
            double kept = settings.decay(count);
            for (int i = 0; i < average.length; i++) {
                average[i] = kept * average[i] + (1 - kept) * parameters[i];
            }
        }
        count++;
    }

    /** How many vectors went in; as long as it is 0 there is no average. */
    public long count() {
        return count;
    }

    /** The average itself, not a copy: for a checkpoint. */
    public double[] average() {
        return average;
    }

    /**
     * Writes the average, rounded to float; leaves the target alone while there is none.
     *
     * @param target overwritten
     */
    public void copyTo(float[] target) {
        if (count > 0) {
            for (int i = 0; i < average.length; i++) {
                target[i] = (float) average[i];
            }
        }
    }

    /**
     * Becomes the state with these {@link #count} and {@link #average}.
     *
     * @param savedAverage read
     */
    public void restore(long savedCount, double[] savedAverage) {
        if (savedAverage.length != average.length || savedCount < 0) {
            throw new IllegalArgumentException("an average of " + savedCount + " vectors of " + savedAverage.length
                    + " into one of " + average.length);
        }
        for (int i = 0; i < savedAverage.length; i++) {
            if (!Float.isFinite((float) savedAverage[i])) {
                throw new IllegalArgumentException("the average of weight " + i + " is " + savedAverage[i]);
            }
        }
        System.arraycopy(savedAverage, 0, average, 0, average.length);
        count = savedCount;
    }
}
