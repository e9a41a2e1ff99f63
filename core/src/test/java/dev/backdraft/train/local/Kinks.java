package dev.backdraft.train.local;

import dev.backdraft.activation.Activation;
import dev.backdraft.activation.Exp;
import dev.backdraft.activation.HardSigmoid;
import dev.backdraft.activation.LeakyRelu;
import dev.backdraft.activation.Relu;
import dev.backdraft.activation.Selu;
import dev.backdraft.layer.Elementwise;
import dev.backdraft.layer.EnsembleLayer;
import dev.backdraft.layer.Layer;
import dev.backdraft.layer.LayerNorm;
import dev.backdraft.layer.ParametricActivation;
import dev.backdraft.layer.Pass;
import dev.backdraft.layer.PeriodicEmbedding;
import dev.backdraft.layer.PeriodicForm;
import dev.backdraft.layer.PiecewiseLinearEmbedding;
import dev.backdraft.layer.Prelu;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.network.FlatLayout;
import dev.backdraft.network.Network;
import java.util.List;

/** How near a batch comes to where a slope jumps: there, differences say nothing of the gradient. */
final class Kinks {
    private static final double STEEP = 1.5; // of exp, beyond which float32 differences are too coarse

    private static final double FASTER = 3; // the output of a normalised network moves more than a parameter

    private Kinks() {}

    /**
     * Whether all inputs of activations are further than a bound from their kinks, and the outputs of the network from
     * those of the loss. Most cases that are tried are not, and end at their first such layer.
     *
     * @param layout of the network
     */
    static boolean areFurtherAway(ThreeLawsTest.Case one, FlatLayout layout, int rows, double bound) {
        Network network = one.network();
        float[] parameters = one.parameters();
        Matrix input = one.x(rows);
        long[] streams = one.rowStreams(rows);
        Matrix[] outputs = new Matrix[network.layers().size()];
        double distance = Double.POSITIVE_INFINITY;
        for (int i = 0; i < outputs.length; i++) {
            Layer layer = network.layers().get(i);
            Matrix x = stacked(network.inputs().get(i), input, outputs, layer.inputSize());
            if (layer instanceof Elementwise elementwise) {
                for (float value : x.values()) {
                    distance = Math.min(distance, distance(elementwise.function(), value));
                }
            }
            distance = Math.min(distance, ofLayer(layer, x, layout.parameters(i, parameters)));
            if (layer instanceof LayerNorm && x.rows() > 1) {
                for (int n = 0; n < rows; n++) {
                    distance = Math.min(distance, spread(x, n) / FASTER);
                }
            }
            if (distance <= bound) {
                return false;
            }
            outputs[i] = Matrix.zeros(layer.outputSize(), rows);
            Pass pass = new Pass(i, layer.scratchSize(rows));
            pass.train(null, streams, layout.statistics(i, parameters), null);
            layer.forward(layout.parameters(i, parameters), x, outputs[i], pass);
        }
        Matrix last = outputs[outputs.length - 1];
        Matrix target = one.target(rows);
        if (network.layers().get(outputs.length - 1) instanceof EnsembleLayer ensemble && outputs.length > 1) {
            Matrix members = outputs[outputs.length - 2];
            int count = ensemble.members();
            Matrix answers = new Matrix(members.values(), 0, members.rows() / count, rows * count);
            Matrix targets = Matrix.zeros(target.rows(), rows * count);
            for (int n = 0; n < targets.columns(); n++) {
                for (int i = 0; i < targets.rows(); i++) {
                    targets.set(i, n, target.get(i, n / count));
                }
            }
            distance = Math.min(distance, LossCases.distanceFromKinks(one.loss(), answers, targets) / FASTER);
        }
        return Math.min(distance, LossCases.distanceFromKinks(one.loss(), last, target) / FASTER) > bound;
    }

    /** The smallest distance of an input of a layer with parameters from one of its kinks. */
    private static double ofLayer(Layer layer, Matrix x, Slice parameters) {
        double distance = Double.POSITIVE_INFINITY;
        if (layer instanceof PeriodicEmbedding waves && waves.form() == PeriodicForm.PLR) {
            Layer straight = new PeriodicEmbedding(
                    waves.inputSize(), PeriodicForm.PL, waves.frequencies(), waves.embeddingSize(), waves.deviation());
            Matrix y = Matrix.zeros(straight.outputSize(), x.columns());
            straight.forward(parameters, x, y, new Pass(0, straight.scratchSize(x.columns())));
            return ofLayer(new Prelu(), y, parameters);
        }
        for (int i = 0; i < x.size(); i++) {
            double value = x.values()[x.offset() + i];
            if (layer instanceof Prelu) {
                distance = Math.min(distance, Math.abs(value));
            } else if (layer instanceof ParametricActivation mixture) {
                distance = Math.min(distance, distance(mixture.function(), value));
            } else if (layer instanceof PiecewiseLinearEmbedding pieces) {
                for (double boundary : pieces.boundaries().get(i % x.rows())) {
                    distance = Math.min(distance, Math.abs(value - boundary));
                }
            }
        }
        return distance;
    }

    /** The range of a column: what layer normalisation divides by, more or less. */
    private static double spread(Matrix x, int column) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < x.rows(); i++) {
            low = Math.min(low, x.get(i, column));
            high = Math.max(high, x.get(i, column));
        }
        return high - low;
    }

    private static double distance(Activation function, double x) {
        if (function instanceof HardSigmoid sigmoid) {
            return Math.abs(Math.abs(x) - 0.5 / sigmoid.slope());
        }
        if (function instanceof Exp) {
            return STEEP - Math.abs(x);
        }
        boolean bent = function instanceof Relu || function instanceof LeakyRelu || function instanceof Selu;
        return bent ? Math.abs(x) : Double.POSITIVE_INFINITY;
    }

    private static Matrix stacked(List<Integer> inputs, Matrix batch, Matrix[] outputs, int height) {
        Matrix stack = Matrix.zeros(height, batch.columns());
        int from = 0;
        for (int input : inputs) {
            Matrix part = input == Network.INPUT ? batch : outputs[input];
            for (int n = 0; n < batch.columns(); n++) {
                for (int i = 0; i < part.rows(); i++) {
                    stack.set(from + i, n, part.get(i, n));
                }
            }
            from += part.rows();
        }
        return stack;
    }
}
