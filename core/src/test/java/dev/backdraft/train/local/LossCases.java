package dev.backdraft.train.local;

import dev.backdraft.activation.Sigmoid;
import dev.backdraft.layer.Elementwise;
import dev.backdraft.layer.Layer;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.AbsoluteError;
import dev.backdraft.loss.DistributionLoss;
import dev.backdraft.loss.Gamma;
import dev.backdraft.loss.Hinge;
import dev.backdraft.loss.Huber;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.OutputRange;
import dev.backdraft.loss.Pinball;
import dev.backdraft.loss.Poisson;
import dev.backdraft.loss.SquaredHinge;
import dev.backdraft.loss.Target;
import dev.backdraft.loss.Tweedie;
import dev.backdraft.network.Network;
import java.util.ArrayList;
import java.util.List;

/** What each loss needs of a network and of targets, so that one list of cases serves all. */
final class LossCases {
    private static final double LARGEST_LOG_RATE = 2; // beyond it, e^z is too steep for differences in float32

    private LossCases() {}

    /** The network, with a sigmoid after it when the loss takes probabilities. */
    static Network networkFor(Loss loss, Network network) {
        if (loss.outputRange() != OutputRange.PROBABILITY) {
            return network;
        }
        List<Layer> layers = new ArrayList<>(network.layers());
        layers.add(new Elementwise(new Sigmoid(), network.outputSize()));
        List<List<Integer>> inputs = new ArrayList<>(network.inputs());
        inputs.add(List.of(network.layers().size() - 1));
        return new Network(layers, inputs);
    }

    /** Whether a loss takes this number of outputs. */
    static boolean suits(Loss loss, int outputs) {
        return loss.target().classCount(outputs) != 1 // one class is none
                && !(loss instanceof DistributionLoss one && one.outputs() != outputs);
    }

    /** Random targets: classes, distributions, counts or values. */
    static Matrix target(Loss loss, int outputs, int rows, SplitMix random) {
        Matrix target = Matrix.zeros(loss.labelCount(outputs), rows);
        boolean distribution = loss.target() == Target.DISTRIBUTION;
        for (int n = 0; n < rows; n++) {
            float total = 0;
            for (int k = 0; k < target.rows(); k++) {
                float value = (float) random.nextGaussian();
                if (distribution) {
                    value = (float) (0.1 + random.nextDouble());
                } else if (loss.target().classifies()) {
                    value = random.nextInt(loss.target().classCount(outputs));
                } else if (loss.target() == Target.COUNT) {
                    value = random.nextInt(4);
                } else if (loss.target() == Target.POSITIVE) {
                    value = 0.5f + random.nextInt(4);
                }
                target.set(k, n, value);
                total += value;
            }
            for (int k = 0; distribution && k < target.rows(); k++) {
                target.set(k, n, target.get(k, n) / total);
            }
        }
        return target;
    }

    /** The smallest distance of an output from where the loss's slope, or the slope's slope, jumps. */
    static double distanceFromKinks(Loss loss, Matrix outputs, Matrix target) {
        double distance = Double.POSITIVE_INFINITY;
        if (loss instanceof Pinball) {
            Matrix quantiles = Matrix.zeros(outputs.rows(), outputs.columns());
            loss.predict(outputs, quantiles);
            for (int i = 0; i < quantiles.size(); i++) {
                double t = target.get(0, i / quantiles.rows());
                distance = Math.min(distance, Math.abs(quantiles.values()[i] - t));
            }
        }
        for (int i = 0; i < outputs.size(); i++) {
            double z = outputs.values()[i];
            if (loss instanceof AbsoluteError) {
                distance = Math.min(distance, Math.abs(z - target.values()[i]));
            } else if (loss instanceof Huber huber) {
                distance = Math.min(distance, Math.abs(Math.abs(z - target.values()[i]) - huber.delta()));
            } else if (loss instanceof Hinge || loss instanceof SquaredHinge) {
                distance = Math.min(distance, Math.abs(1 - (target.values()[i] > 0 ? z : -z)));
            } else if (loss instanceof Poisson || loss instanceof Gamma || loss instanceof Tweedie) {
                distance = Math.min(distance, LARGEST_LOG_RATE - Math.abs(z));
            }
        }
        return distance;
    }
}
