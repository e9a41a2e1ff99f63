package dev.backdraft.evaluate;

import dev.backdraft.data.Block;
import dev.backdraft.data.LabelBatch;
import dev.backdraft.data.LabelScaling;
import dev.backdraft.data.Leaf;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.Loss;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.network.Backpropagation;
import dev.backdraft.network.Network;
import java.io.Serializable;
import java.util.List;

/**
 * What is measured of validation rows: the loss always, and metrics of the predictions, for a regression in the label's own
 * units.
 *
 * @param scaling of the labels
 */
public record Measures(Network network, Loss loss, LabelScaling scaling, List<Metric> metrics) implements Serializable {
    public Measures {
        metrics = List.copyOf(metrics);
    }

    /** The loss alone. */
    public static Measures ofLoss(Network network, Loss loss) {
        return new Measures(network, loss, LabelScaling.NONE, List.of());
    }

    /** The sums of no rows. */
    public MetricSums none() {
        return new MetricSums(metrics, loss, network.outputSize());
    }

    /**
     * Measures the rows of a block, in their order.
     *
     * @param parameters read
     */
    public MetricSums of(Block block, float[] parameters) {
        Leaf leaf = new Leaf(network.inputSize(), block.rows(), false);
        leaf.load(block);
        MetricSums sum = none();
        Matrix logits = new Backpropagation(network, loss, block.rows()).forward(parameters, leaf.x());
        LabelBatch labels = LabelBatch.ofTargets(leaf.target(), leaf.weights(), scaling);
        Matrix prediction = sum.needsPredictions() ? predictions(logits) : null;
        sum.add(logits, labels.target(), prediction, labels.label(), labels.weights());
        return sum;
    }

    /** Predictions as {@link dev.backdraft.model.Predictor#predictCentered} gives them. */
    private Matrix predictions(Matrix logits) {
        Matrix prediction = Matrix.zeros(logits.rows(), logits.columns());
        loss.predict(logits, prediction);
        scaling.invert(prediction);
        return prediction;
    }
}
