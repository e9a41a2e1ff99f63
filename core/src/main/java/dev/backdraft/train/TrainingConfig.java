package dev.backdraft.train;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.optim.Adam;
import dev.backdraft.optim.Optimizer;
import java.io.Serializable;

/**
 * How to train. Together with the data, the network and the loss it determines the result, bit for bit.
 *
 * @param epochs passes over the training rows
 * @param batchSize rows a step; {@link BatchLayout#FULL_BATCH} for all
 * @param lanes parts of a step that may be computed at once, or {@link BatchLayout#AUTO_LANES}
 * @param optimizer the rule that moves the parameters
 * @param learningRate of every step
 * @param seed of the start values and of the order of rows
 */
public record TrainingConfig(int epochs, int batchSize, int lanes, Optimizer optimizer, double learningRate, long seed)
        implements Serializable {
    public TrainingConfig {
        if (epochs < 1) {
            throw new IllegalArgumentException("epochs must be at least 1: " + epochs);
        }
        if (batchSize < 1) {
            throw new IllegalArgumentException("the batch size must be at least 1: " + batchSize);
        }
        if (lanes < 0) {
            throw new IllegalArgumentException("lanes must be at least 1: " + lanes);
        }
        if (!(learningRate > 0) || !Double.isFinite(learningRate)) {
            throw new IllegalArgumentException("the learning rate must be a positive number: " + learningRate);
        }
    }

    /** Adam at 0.001, batches of 128, 20 epochs, seed 42. */
    public static TrainingConfig standard() {
        return new TrainingConfig(20, 128, BatchLayout.AUTO_LANES, new Adam(), 0.001, 42);
    }

    public TrainingConfig withEpochs(int newEpochs) {
        return new TrainingConfig(newEpochs, batchSize, lanes, optimizer, learningRate, seed);
    }

    public TrainingConfig withBatchSize(int newBatchSize) {
        return new TrainingConfig(epochs, newBatchSize, lanes, optimizer, learningRate, seed);
    }

    public TrainingConfig withLanes(int newLanes) {
        return new TrainingConfig(epochs, batchSize, newLanes, optimizer, learningRate, seed);
    }

    public TrainingConfig withOptimizer(Optimizer newOptimizer) {
        return new TrainingConfig(epochs, batchSize, lanes, newOptimizer, learningRate, seed);
    }

    public TrainingConfig withLearningRate(double newLearningRate) {
        return new TrainingConfig(epochs, batchSize, lanes, optimizer, newLearningRate, seed);
    }

    public TrainingConfig withSeed(long newSeed) {
        return new TrainingConfig(epochs, batchSize, lanes, optimizer, learningRate, newSeed);
    }
}
