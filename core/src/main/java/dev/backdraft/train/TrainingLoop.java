package dev.backdraft.train;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.loss.Loss;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.LossSum;
import dev.backdraft.optim.OptimizerState;
import java.util.List;

/**
 * Training, once for all sources of gradients. For every step t of every epoch: the source sums the gradient over the rows of
 * batch Bₜ; it is divided once, by the sum of their weights; the optimiser takes a step. Batch gradient descent, mini-batch and
 * stochastic descent are this loop with B = N, 1 &lt; B &lt; N and B = 1.
 */
public final class TrainingLoop {
    private final TrainingConfig config;
    private final Loss loss;
    private final BatchLayout layout;
    private final GradientSource source;
    private final List<TrainingListener> listeners;

    /**
     * @param layout of the training rows
     * @param source of gradients over the rows of that layout; not closed here
     */
    public TrainingLoop(
            TrainingConfig config,
            Loss loss,
            BatchLayout layout,
            GradientSource source,
            List<TrainingListener> listeners) {
        this.config = config;
        this.loss = loss;
        this.layout = layout;
        this.source = source;
        this.listeners = List.copyOf(listeners);
    }

    /**
     * Trains for the configured epochs and returns the last one's result.
     *
     * @param parameters start values; changed, and the trained ones at the end
     * @throws DivergedException at the step whose loss is not finite
     */
    public EpochResult run(float[] parameters) {
        OptimizerState state = config.optimizer().initialState(parameters.length);
        float[] mean = new float[parameters.length];
        EpochResult result = null;
        for (int epoch = 1; epoch <= config.epochs(); epoch++) {
            long start = System.nanoTime();
            LossSum losses = new LossSum();
            for (long step = 0; step < layout.stepsPerEpoch(); step++) {
                GradientSum sum = source.gradient(epoch, step, parameters);
                if (!Double.isFinite(sum.losses().loss())) {
                    throw diverged("the loss is " + sum.losses().meanLoss(), epoch, step);
                }
                losses.add(sum.losses());
                sum.meanGradient(mean);
                config.optimizer().step(state, config.learningRate(), mean, parameters);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            checkFinite(parameters, epoch);
            result = result(epoch, losses, source.validationLoss(parameters), seconds);
            for (TrainingListener listener : listeners) {
                listener.epochEnded(result);
            }
        }
        return result;
    }

    private EpochResult result(int epoch, LossSum losses, LossSum validation, double seconds) {
        boolean classifies = loss.classifies();
        return new EpochResult(
                epoch,
                config.epochs(),
                losses.meanLoss(),
                classifies ? losses.accuracy() : Double.NaN,
                validation == null ? Double.NaN : validation.meanLoss(),
                validation == null || !classifies ? Double.NaN : validation.accuracy(),
                config.learningRate(),
                layout.rows(),
                seconds);
    }

    private void checkFinite(float[] parameters, int epoch) {
        for (float parameter : parameters) {
            if (!Float.isFinite(parameter)) {
                throw diverged("a parameter is " + parameter, epoch, layout.stepsPerEpoch() - 1);
            }
        }
    }

    private DivergedException diverged(String what, int epoch, long step) {
        return new DivergedException(what, epoch, step, config.learningRate());
    }
}
