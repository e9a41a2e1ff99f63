package dev.backdraft.train;

import dev.backdraft.metric.Metric;
import dev.backdraft.model.TensorFile;

/** What {@link EarlyStopping} remembers: the best value so far, its epoch, its weights. Mutable, not thread-safe. */
public final class BestWeights {
    private final EarlyStopping settings;
    private final Metric metric;
    private final float[] parameters;
    private double value = Double.NaN;
    private int epoch;
    private EpochResult result; // null before the first epoch, and from a checkpoint that has none

    BestWeights(EarlyStopping settings, int length) {
        this.settings = settings;
        metric = settings.measure();
        parameters = new float[length];
    }

    /**
     * Takes the value of an epoch.
     *
     * @param newResult the epoch's figures
     * @param newParameters that it was measured with; copied if it is the best
     * @return whether the training should end
     */
    public boolean observe(EpochResult newResult, double newValue, float[] newParameters) {
        int newEpoch = newResult.epoch();
        if (epoch == 0 || metric.improves(newValue, value, settings.minChange())) {
            value = newValue;
            epoch = newEpoch;
            result = newResult;
            System.arraycopy(newParameters, 0, parameters, 0, parameters.length);
        }
        return newEpoch - epoch >= settings.patience();
    }

    /** The epoch of the best value, 0 before the first. */
    public int epoch() {
        return epoch;
    }

    /** The best value. */
    public double value() {
        return value;
    }

    /** The weights of the best epoch; the array itself. */
    float[] parameters() {
        return parameters;
    }

    /** The figures of the best epoch; null before the first. */
    EpochResult result() {
        return result;
    }

    void copyTo(BestWeights other) {
        System.arraycopy(parameters, 0, other.parameters, 0, parameters.length);
        other.value = value;
        other.epoch = epoch;
        other.result = result;
    }

    void save(TensorFile file) {
        file.put("best.parameters", parameters);
        file.put("best.numbers", new double[] {value, epoch});
        if (result != null) {
            EpochFigures.save(result, "best.figures", file);
        }
    }

    /** @param epochsDone none later can be the best */
    void restore(int epochs, int epochsDone, TensorFile file) {
        System.arraycopy(file.floats("best.parameters", parameters.length), 0, parameters, 0, parameters.length);
        double[] numbers = file.doubles("best.numbers", 2);
        if (!(numbers[1] >= 0 && numbers[1] <= epochsDone && numbers[1] == Math.rint(numbers[1]))) {
            throw new IllegalArgumentException(
                    "its best epoch is " + numbers[1] + ", not a whole number from 0 to " + epochsDone);
        }
        value = numbers[0];
        epoch = (int) numbers[1];
        result = EpochFigures.restore(epochs, "best.figures", file);
    }
}
