package dev.backdraft.train.engine;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.DataException;
import dev.backdraft.loss.Loss;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.network.LossSum;
import dev.backdraft.network.Network;
import dev.backdraft.schedule.BatchGrowth;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.EarlyStopping;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.OnDivergence;
import dev.backdraft.train.ScheduleUnit;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingEnd;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRules;
import dev.backdraft.train.TrainingState;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Training, the same for all sources of gradients. Each update of every epoch is made by the same steps:
 *
 * <ol>
 *   <li>the {@link GradientSource} sums the gradient over the rows of the batch
 *   <li>the {@linkplain UpdateStage#of stages} divide it once, by the sum of the rows' weights, clip it, add the penalty's gradient, and
 *       let the optimizer change the parameters
 *   <li>layers update their running statistics
 * </ol>
 *
 * <p>The first two are in {@link ParameterUpdate}. Batch gradient descent, mini-batch and stochastic descent are this loop with B = N,
 * 1 &lt; B &lt; N and B = 1. Larger batches than the layout's, for accumulation, batch growth or a line search, which wants all rows, are
 * several of its steps whose sums are added before the one division.
 */
public final class TrainingLoop {
    private final Network network;
    private final Loss loss;
    private final TrainingConfig config;
    private final BatchLayout layout;
    private final GradientSource source;
    private final List<TrainingListener> listeners;
    private final long totalUpdates;

    /**
     * @param layout of the training rows
     * @param source of gradients over the rows of that layout; not closed here
     * @throws IllegalArgumentException when the configuration contradicts itself or the network
     */
    public TrainingLoop(
            Network network,
            Loss loss,
            TrainingConfig config,
            BatchLayout layout,
            GradientSource source,
            List<TrainingListener> listeners) {
        this.network = network;
        this.loss = loss;
        this.config = config;
        this.layout = layout;
        this.source = source;
        this.listeners = List.copyOf(listeners);
        TrainingRules.check(network, config);
        totalUpdates = updatesUpTo(config.epochs());
    }

    /** Updates of the parameters in the first epochs. Takes as long as the batch grows, not as long as the epochs are many. */
    private long updatesUpTo(int epochs) {
        BatchGrowth growth = config.batchGrowth();
        if (growth == null) {
            return epochs * updates(1);
        }
        long updates = 0;
        long done = 0;
        while (done < epochs) {
            int epoch = (int) done + 1;
            long next = done + growth.everyEpochs();
            boolean last = next >= epochs
                    || growth.batchSize(config.batchSize(), epoch)
                            == growth.batchSize(config.batchSize(), (int) next + 1); // it no longer grows
            long count = last ? epochs - done : growth.everyEpochs();
            updates += count * updates(epoch);
            done += count;
        }
        return updates;
    }

    /** Updates of the parameters in an epoch. */
    private long updates(int epoch) {
        long steps = stepsPerUpdate(epoch);
        return (layout.stepsPerEpoch() + steps - 1) / steps;
    }

    /** Steps of the layout that make an update. */
    private long stepsPerUpdate(int epoch) {
        if (config.optimizer().searchesLine()) {
            return layout.stepsPerEpoch();
        }
        BatchGrowth growth = config.batchGrowth();
        long grown = growth == null ? 1 : growth.batchSize(config.batchSize(), epoch) / config.batchSize();
        return Math.min(layout.stepsPerEpoch(), grown * config.accumulation());
    }

    /**
     * Trains until the configured number of epochs is done, and returns the last one's result.
     *
     * @param state the state of the training; changed
     * @return null when nothing was left to do
     * @throws DivergedException at the step whose loss or gradient is not finite, as far as {@link OnDivergence} does
     *     not say what else is done
     */
    public EpochResult run(TrainingState state) {
        ParameterUpdate update = update(state);
        TrainingState good = config.onDivergence() == OnDivergence.ROLLBACK ? copy(state) : null;
        EpochResult result = null;
        while (state.epoch() < config.epochs() && !state.isStopped()) {
            try {
                result = epoch(state, update);
            } catch (DivergedException e) {
                if (good == null || state.rollbacks() == OnDivergence.MOST_ROLLBACKS) {
                    throw e;
                }
                rollBack(state, good, e);
                update = update(state);
                continue;
            }
            if (good != null) {
                state.copyTo(good);
            }
            for (TrainingListener listener : listeners) {
                listener.epochEnded(result, state);
            }
        }
        return result;
    }

    /**
     * Checks that a training can continue from a state, before anybody is told that it does.
     *
     * @throws DataException when an update would not begin there: the size of batches was changed in the middle of an
     *     epoch
     */
    public void check(TrainingState state) {
        long step = state.step();
        if (step >= layout.stepsPerEpoch() || step % stepsPerUpdate(state.epoch() + 1) != 0) {
            throw new DataException(
                    "the checkpoint is of batch %,d of the %,d of an epoch, and no update begins there with these settings:"
                            + " batchGrowth can change at the end of an epoch only; continue without the change, or train from"
                            + " scratch",
                    step, layout.stepsPerEpoch());
        }
    }

    private ParameterUpdate update(TrainingState state) {
        return new ParameterUpdate(network, loss, config, layout, source, state);
    }

    private TrainingState copy(TrainingState state) {
        TrainingState copy = TrainingState.start(network, config);
        state.copyTo(copy);
        return copy;
    }

    private void rollBack(TrainingState state, TrainingState good, DivergedException cause) {
        good.rolledBack();
        good.copyTo(state);
        for (TrainingListener listener : listeners) {
            listener.rolledBack(cause, state);
        }
    }

    private EpochResult epoch(TrainingState state, ParameterUpdate update) {
        StepTimes before = state.step() > 0 ? null : source.times(); // not known of another process
        long start = System.nanoTime() - state.nanos();
        int epoch = state.epoch() + 1;
        long group = stepsPerUpdate(epoch);
        LossSum losses = state.losses();
        double rate = 0;
        for (long step = state.step(); step < layout.stepsPerEpoch(); step = state.step()) {
            rate = learningRate(state, epoch);
            long count = Math.min(group, layout.stepsPerEpoch() - step);
            update.run(epoch, step, count, rate, losses);
            state.stepsDone(step + count, System.nanoTime() - start);
            for (int i = 0; i < listeners.size(); i++) { // an iterator would be garbage in each step
                listeners.get(i).stepDone(epoch, step + count, layout.stepsPerEpoch());
                if (step + count < layout.stepsPerEpoch()) {
                    listeners.get(i).stepDone(state);
                }
            }
        }
        if (losses.weight() == 0 && update.lastSkipped() != null) {
            throw update.lastSkipped(); // every update of the epoch was skipped
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        StepTimes times = before == null ? null : source.times().minus(before);
        if (state.average() != null) {
            state.average().epochEnded(epoch, state.parameters());
        }
        float[] measured = state.averaged();
        Divergence.check(network.layout(), measured, epoch, layout.stepsPerEpoch() - 1, rate, losses.weight());
        MetricSums validation = source.validate(measured);
        EpochResult result = result(epoch, losses, validation, rate, seconds, times);
        state.epochDone(result);
        if (config.optimizer().finished(state.optimizer())) {
            state.stop(config.optimizer().name() + " has found a minimum");
        }
        if (state.plateau() != null) {
            state.plateau().observe(validation == null ? result.loss() : result.validationLoss());
        }
        if (state.best() != null && state.best().observe(result, watched(result), measured)) {
            EarlyStopping stopping = config.earlyStopping();
            state.stop("no better " + TrainingEnd.measured(stopping.metric(), result) + " for " + stopping.patience()
                    + (stopping.patience() == 1 ? " epoch" : " epochs"));
        }
        return result;
    }

    private double watched(EpochResult result) {
        String metric = config.earlyStopping().metric();
        double value = result.value(metric);
        if (Double.isNaN(value) && !result.values().containsKey(metric)) {
            throw new IllegalArgumentException("early stopping watches " + metric
                    + ", which is not measured: it is one of " + result.values().keySet());
        }
        return value;
    }

    private double learningRate(TrainingState state, int epoch) {
        double base = state.plateau() == null
                ? config.learningRate()
                : state.plateau().rate();
        base *= state.rateFactor();
        if (config.batchGrowth() != null) {
            base *= config.batchGrowth().rateFactor(config.batchSize(), epoch);
        }
        return config.scheduleUnit() == ScheduleUnit.STEP
                ? config.schedule().rate(base, state.updates(), totalUpdates)
                : config.schedule().rate(base, epoch - 1, config.epochs());
    }

    private EpochResult result(
            int epoch, LossSum losses, MetricSums validation, double rate, double seconds, StepTimes times) {
        boolean classifies = loss.target().classifies();
        return new EpochResult(
                epoch,
                config.epochs(),
                loss.objective(losses.meanLoss()),
                classifies ? losses.accuracy() : Double.NaN,
                validation == null ? Double.NaN : validation.loss(),
                validation == null || !classifies ? Double.NaN : validation.accuracy(),
                rate,
                metrics(validation),
                layout.rows(),
                seconds,
                times);
    }

    private SortedMap<String, Double> metrics(MetricSums validation) {
        SortedMap<String, Double> values = new TreeMap<>();
        if (validation != null) {
            for (Metric metric : source.metrics()) {
                values.put(metric.label(), validation.value(metric));
            }
        }
        return values;
    }
}
