package dev.backdraft.layer;

import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;

/**
 * What one layer may know of the pass of a batch beyond its input: whether the network is being trained, the weights of the
 * rows, their random numbers, statistics, scratch. Scratch for one thread; the network's pass makes one a layer and fills it
 * in.
 */
public final class Pass {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long layer;
    private final float[] scratch;
    private boolean training;
    private boolean startsGradient;
    private double dropoutFactor = 1;
    private float[] weights;
    private long[] rowStreams;
    private Slice statistics;
    private Slice statisticSums;

    /**
     * @param layer number of the layer in its network, part of the address of its random numbers
     * @param scratchSize floats
     */
    public Pass(int layer, int scratchSize) {
        this.layer = SplitMix.mix(layer + GOLDEN);
        scratch = new float[scratchSize];
    }

    /** Makes it the pass of a trained network; {@code statistics} are read. */
    public void evaluate(Slice newStatistics) {
        training = false;
        weights = null;
        rowStreams = null;
        statistics = newStatistics;
        statisticSums = null;
    }

    /**
     * Makes it a pass of training.
     *
     * @param newWeights of the rows, or null for 1 each; read
     * @param newRowStreams the address of each row's random numbers, or null when no layer draws any; read
     * @param newStatistics read
     * @param newStatisticSums added to; null when nobody wants them
     */
    public void train(float[] newWeights, long[] newRowStreams, Slice newStatistics, Slice newStatisticSums) {
        training = true;
        weights = newWeights;
        rowStreams = newRowStreams;
        statistics = newStatistics;
        statisticSums = newStatisticSums;
    }

    /**
     * Says before the backward pass whether the gradient of the parameters holds nothing yet, for layers that {@linkplain
     * Layer#overwritesGradient overwrite} it then.
     */
    public void startGradient(boolean starts) {
        startsGradient = starts;
    }

    /** What {@link #startGradient} said. */
    public boolean startsGradient() {
        return startsGradient;
    }

    /** Whether the network is being trained: then dropout drops and batch normalization looks at the batch. */
    public boolean training() {
        return training;
    }

    /** Sets the factor that the rates of dropout are multiplied by. */
    public void multiplyDropout(double factor) {
        dropoutFactor = factor;
    }

    /** The factor that the rates of dropout are multiplied by; 1 at first. */
    public double dropoutFactor() {
        return dropoutFactor;
    }

    /** The weight of row n; 1 without weights. */
    public float weight(int n) {
        return weights == null ? 1 : weights[n];
    }

    /**
     * 64 random bits that belong to entry i of row n in this layer and epoch: the same whenever and wherever they are asked for.
     *
     * @throws IllegalStateException when the caller of the pass gave no addresses
     */
    public long randomBits(int n, int i) {
        if (rowStreams == null) {
            throw new IllegalStateException("a layer draws random numbers, but the pass was given no row streams");
        }
        return SplitMix.mix(SplitMix.mix(rowStreams[n] ^ layer) + (i + 1) * GOLDEN);
    }

    /** The layer's statistics; read. */
    public Slice statistics() {
        return statistics;
    }

    /**
     * What the layer adds its statistics of this batch to, each multiplied with the sum of the rows' weights, as the step's sum
     * is divided by it; null when nobody wants them.
     */
    public Slice statisticSums() {
        return statisticSums;
    }

    /** As long as {@link Layer#scratchSize} said; kept from forward to backward, then anybody's. */
    public float[] scratch() {
        return scratch;
    }
}
