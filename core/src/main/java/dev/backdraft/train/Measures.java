package dev.backdraft.train;

import dev.backdraft.data.Block;
import dev.backdraft.data.Leaf;
import dev.backdraft.data.Standardizer;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.Loss;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.metric.PredictionKind;
import dev.backdraft.network.Backpropagation;
import dev.backdraft.network.Network;
import java.io.Serializable;
import java.util.List;

/**
 * What is measured of validation rows: the loss always, and metrics of the predictions, for a regression in the label's own
 * units.
 *
 * @param label how labels were scaled, or null
 */
public record Measures(Network network, Loss loss, Standardizer label, List<Metric> metrics) implements Serializable {
    public Measures {
        metrics = List.copyOf(metrics);
    }

    /** The loss alone. */
    public static Measures ofLoss(Network network, Loss loss) {
        return new Measures(network, loss, null, List.of());
    }

    /** What the predictions of a network trained with this loss say. */
    public static PredictionKind predictionKind(Loss loss) {
        if (!loss.classifies()) {
            return PredictionKind.VALUES;
        }
        boolean oneOfMany = loss.classCount(3) == 3; // else each output is a question of its own
        return oneOfMany ? PredictionKind.CLASSES : PredictionKind.QUESTIONS;
    }

    /** Sums of nothing. */
    public Validation none() {
        return new Validation(
                metrics.isEmpty() ? null : new MetricSums(metrics, predictionKind(loss), network.outputSize()));
    }

    /**
     * Measures the rows of a block, in their order.
     *
     * @param parameters read
     */
    public Validation of(Block block, float[] parameters) {
        Leaf leaf = new Leaf(network.inputSize(), block.rows(), false);
        leaf.load(block);
        Validation sum = none();
        Backpropagation backpropagation = new Backpropagation(network, loss, block.rows());
        backpropagation.addLoss(parameters, leaf.x(), leaf.target(), leaf.weights(), sum.losses());
        if (sum.metrics() != null) {
            Matrix prediction = Matrix.zeros(network.outputSize(), block.rows());
            loss.predict(
                    backpropagation.forward(parameters, leaf.x()), prediction); // the loss has overwritten the logits
            sum.metrics().add(inLabelUnits(prediction), inLabelUnits(leaf.target()), leaf.weights());
        }
        return sum;
    }

    /** The values before scaling, less the mean where that is subtracted in double, which changes no error; in place. */
    private Matrix inLabelUnits(Matrix values) {
        if (label != null) {
            for (int n = 0; n < values.columns(); n++) {
                label.invert(values.values(), values.offset() + n * values.rows());
            }
        }
        return values;
    }
}
