package dev.backdraft.benchmarks.peer;

import dev.backdraft.activation.Relu;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkBuilder;
import dev.backdraft.optim.Adam;
import dev.backdraft.optim.Optimizer;
import dev.backdraft.optim.Sgd;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import java.util.List;

/**
 * A training that peers are measured at: a ReLU network with softmax cross-entropy.
 *
 * @param layers features, units of the hidden layers, classes
 * @param rows N
 * @param batchSize N or more for batch gradient descent
 * @param optimizer {@code sgd}, at a rate of 0.01, or {@code adam}, at 0.001
 */
record TrainingTask(List<Integer> layers, int rows, int batchSize, String optimizer) {
    private static final int PARTS = 4;
    private static final int LANES = 4; // for two cores; the default leaves large batches work for more
    private static final int LARGE_LEAF = 256; // rows, with which products are as fast as they get
    private static final int WITHOUT_END = 1_000_000;

    TrainingTask {
        layers = List.copyOf(layers);
        if (layers.size() < 2 || rows < 1 || batchSize < 1) {
            throw new IllegalArgumentException(
                    "layers " + layers + " of " + rows + " rows in batches of " + batchSize + " cannot be trained");
        }
        if (!optimizer.equals("sgd") && !optimizer.equals("adam")) {
            throw new IllegalArgumentException("the optimizer is sgd or adam, not " + optimizer);
        }
    }

    SyntheticRows source() {
        return new SyntheticRows(rows, layers.get(0), layers.get(layers.size() - 1), PARTS);
    }

    Network network() {
        NetworkBuilder builder = Network.builder(layers.get(0));
        for (int i = 1; i < layers.size(); i++) {
            builder.dense(layers.get(i));
            if (i < layers.size() - 1) {
                builder.activation(new Relu());
            }
        }
        return builder.build();
    }

    /**
     * Lanes for two cores, as the others' threads are set for two, too: 4 where that leaves each a large leaf, else the default.
     */
    int lanes() {
        boolean large = batchSize < rows && batchSize % LANES == 0 && batchSize / LANES >= LARGE_LEAF;
        return large ? LANES : BatchLayout.AUTO_LANES;
    }

    /** A training that goes on until a listener ends it. */
    TrainingRequest request() {
        boolean sgd = optimizer.equals("sgd");
        Optimizer rule = sgd ? new Sgd() : new Adam();
        TrainingConfig config = TrainingConfig.standard()
                .withEpochs(WITHOUT_END)
                .withBatchSize(batchSize >= rows ? BatchLayout.FULL_BATCH : batchSize)
                .withLanes(lanes())
                .withOptimizer(rule)
                .withLearningRate(sgd ? 0.01 : 0.001);
        return TrainingRequest.of(network(), config).withLoss(new SoftmaxCrossEntropy());
    }
}
