package dev.backdraft.train;

import dev.backdraft.model.TensorFile;
import dev.backdraft.network.LossSum;
import dev.backdraft.network.Network;
import dev.backdraft.optim.AveragedWeights;
import dev.backdraft.optim.Optimizer;
import dev.backdraft.optim.OptimizerState;
import dev.backdraft.optim.ParameterLayout;
import dev.backdraft.schedule.PlateauState;
import dev.backdraft.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * All that a training has between two updates: parameters and statistics, what optimizer, schedule, averaging and early
 * stopping remember, and how much of the current epoch is done. A training that goes on from it takes the same steps,
 * bit for bit. Mutable, not thread-safe.
 */
public final class TrainingState {
    private final float[] parameters;
    private final Optimizer rule;
    private final OptimizerState optimizer;
    private final PlateauState plateau; // null without
    private final AveragedWeights average; // null without
    private final BestWeights best; // null without
    private final LossSum losses = new LossSum(); // of the unfinished epoch
    private int epoch;
    private long step; // of the unfinished epoch
    private long nanos; // that the unfinished epoch has taken
    private long updates;
    private long skippedUpdates; // their loss or gradient was not finite
    private int rollbacks;
    private String changes = ""; // of settings, on purpose
    private String stopReason; // null while it goes on
    private boolean abandoned;
    private final List<EpochResult> history = new ArrayList<>(); // of all epochs that are done

    private TrainingState(Network network, TrainingConfig config, float[] parameters) {
        this.parameters = parameters;
        rule = config.optimizer();
        optimizer = rule.initialState(layout(network, config));
        plateau = config.reduceOnPlateau() == null
                ? null
                : config.reduceOnPlateau().initialState(config.learningRate());
        average = config.averaging() == null ? null : config.averaging().initialState(parameters.length);
        EarlyStopping stopping = config.earlyStopping();
        best = stopping == null ? null : new BestWeights(stopping, parameters.length);
    }

    private static ParameterLayout layout(Network network, TrainingConfig config) {
        List<Tensor> tensors = network.layout().parameters();
        return new ParameterLayout(
                tensors,
                config.penalizeBiases(),
                config.rateFactors().of(tensors),
                config.decayFactors().of(tensors));
    }

    /** The start of a training, its parameters drawn by the configuration's seed. */
    public static TrainingState start(Network network, TrainingConfig config) {
        return new TrainingState(network, config, network.initialParameters(config.seed()));
    }

    /** The start of a training, from the {@linkplain Fit#initialParameters parameters} that it is to start from. */
    public static TrainingState start(Fit fit) {
        return new TrainingState(fit.network(), fit.config(), fit.initialParameters());
    }

    /**
     * The start of a training from given parameters.
     *
     * @param parameters copied
     */
    public static TrainingState startFrom(Network network, TrainingConfig config, float[] parameters) {
        return new TrainingState(network, config, parameters.clone());
    }

    /** The parameters that the next step starts from, followed by the statistics; the array itself. */
    public float[] parameters() {
        return parameters;
    }

    /**
     * The parameters to predict with: those of the best epoch, with early stopping; else their average, with averaging; else the
     * last. The array itself, or a copy.
     */
    public float[] result() {
        return best != null && best.epoch() > 0 ? best.parameters() : averaged();
    }

    /**
     * The parameters to measure: their average, with averaging; else the last, or the best point that a search along a line has
     * found, as the last is a trial.
     */
    public float[] averaged() {
        boolean averages = average != null && average.count() > 0;
        if (!averages && !rule.searchesLine()) {
            return parameters;
        }
        float[] copy = parameters.clone();
        if (averages) {
            average.copyTo(copy);
        } else {
            rule.settle(optimizer, copy);
        }
        return copy;
    }

    /** What the optimizer remembers; changed by each update. */
    public OptimizerState optimizer() {
        return optimizer;
    }

    /** What {@link dev.backdraft.schedule.ReduceOnPlateau} remembers; null without it. */
    public PlateauState plateau() {
        return plateau;
    }

    /** The average of the parameters so far; null without averaging. */
    public AveragedWeights average() {
        return average;
    }

    /** What early stopping remembers, or null. */
    public BestWeights best() {
        return best;
    }

    /** Epochs that are done. */
    public int epoch() {
        return epoch;
    }

    /**
     * Number of batches of the unfinished epoch that are done; 0 at the end of an epoch. Several batches may make an
     * update, and a state is never in the middle of one.
     */
    public long step() {
        return step;
    }

    /** The losses of the rows of these batches; added to by the loop. */
    public LossSum losses() {
        return losses;
    }

    /** Nanoseconds that the unfinished epoch has taken so far, in this process and those that it was continued from. */
    public long nanos() {
        return nanos;
    }

    /** Notes that batches of the unfinished epoch are done. */
    public void stepsDone(long newStep, long newNanos) {
        step = newStep;
        nanos = newNanos;
    }

    /** Updates of the parameters that are done. */
    public long updates() {
        return updates;
    }

    /** Whether early stopping, a listener, or a rule that has found its minimum has ended the training. */
    public boolean isStopped() {
        return stopReason != null;
    }

    /** Whether all epochs are done, or early stopping has waited in vain: no caller has ended the training before. */
    public boolean isOver(TrainingConfig config) {
        boolean stopsEarly =
                best != null && epoch - best.epoch() >= config.earlyStopping().patience();
        return !abandoned && (stopsEarly || epoch >= config.epochs());
    }

    /** What has ended the training, in words; null when nothing has. */
    public String stopReason() {
        return stopReason;
    }

    /** The figures of the epoch whose weights are the {@link #result}; null before the first. */
    public EpochResult figures() {
        return best != null && best.epoch() > 0 ? best.result() : last();
    }

    /** The figures of all epochs that are done, in order. Unmodifiable. */
    public List<EpochResult> history() {
        return Collections.unmodifiableList(history);
    }

    /** Null before the first epoch. */
    private EpochResult last() {
        return history.isEmpty() ? null : history.get(history.size() - 1);
    }

    /** Counts an update. */
    public void updated() {
        updates++;
    }

    /**
     * Number of updates that were skipped because their loss or gradient was not finite; {@link #updates} counts them,
     * too.
     */
    public long skippedUpdates() {
        return skippedUpdates;
    }

    /** Counts an update that was skipped. */
    public void skipped() {
        updates++;
        skippedUpdates++;
    }

    /** The number of times that the training went back because its numbers were not finite. */
    public int rollbacks() {
        return rollbacks;
    }

    /** By which the learning rate is multiplied: each rollback has halved it. */
    public double rateFactor() {
        return Math.scalb(1.0, -rollbacks);
    }

    /**
     * The settings that were changed on purpose when the training continued from a checkpoint, as in {@code after epoch
     * 3: learningRate 0.1 to 0.001}; empty when none was.
     */
    public String changes() {
        return changes;
    }

    /**
     * Notes changes of settings.
     *
     * @param byKey what each was and is
     */
    void changed(Map<String, String> byKey, double newLearningRate) {
        String text = byKey.entrySet().stream()
                .map(change -> change.getKey() + " " + change.getValue())
                .collect(Collectors.joining(", ", "after epoch " + epoch + ": ", ""));
        changes = changes.isEmpty() ? text : changes + "; " + text;
        if (byKey.containsKey(Setting.LEARNING_RATE.key())) {
            rollbacks = 0;
            if (plateau != null) {
                double[] numbers = plateau.numbers();
                numbers[0] = newLearningRate;
                plateau.restore(numbers);
            }
        }
    }

    /** Counts a rollback, which halves the learning rate. */
    public void rolledBack() {
        rollbacks++;
    }

    /** Counts an epoch and keeps its figures. */
    public void epochDone(EpochResult result) {
        epoch++;
        history.add(result);
        losses.clear();
        stepsDone(0, 0);
    }

    /** Ends the training after this epoch. */
    public void stop() {
        stop("its caller ended it");
    }

    /**
     * Ends the training, and says why.
     *
     * @param reason in words, such as {@code no better validation loss for 10 epochs}; an earlier one stays
     */
    public void stop(String reason) {
        Objects.requireNonNull(reason, "reason");
        if (stopReason == null) {
            stopReason = reason;
        }
    }

    /**
     * Ends the training after this epoch, whether or not it is over: no second training follows.
     *
     * @param reason in words; takes the place of an earlier one
     */
    public void abandon(String reason) {
        stopReason = Objects.requireNonNull(reason, "reason");
        abandoned = true;
    }

    /**
     * Makes another state of the same training equal to this one. Allocates no vector.
     *
     * @param other of the same network and configuration; overwritten
     */
    public void copyTo(TrainingState other) {
        copy(parameters, other.parameters);
        for (int slot = 0; slot < optimizer.slotCount(); slot++) {
            copy(optimizer.slot(slot), other.optimizer.slot(slot));
        }
        System.arraycopy(optimizer.scalars(), 0, other.optimizer.scalars(), 0, optimizer.scalars().length);
        other.optimizer.restoreSteps(optimizer.steps());
        other.losses.clear();
        other.losses.add(losses);
        other.epoch = epoch;
        other.stepsDone(step, nanos);
        other.updates = updates;
        other.skippedUpdates = skippedUpdates;
        other.rollbacks = rollbacks;
        other.changes = changes;
        other.stopReason = stopReason;
        other.abandoned = abandoned;
        copyHistory(other.history);
        if (plateau != null) {
            other.plateau.restore(plateau.numbers());
        }
        if (average != null) {
            other.average.restore(average.count(), average.average());
        }
        if (best != null) {
            best.copyTo(other.best);
        }
    }

    /** The other one is of the same training, so it mostly has the same epochs but the last. */
    private void copyHistory(List<EpochResult> other) {
        int same = Math.min(history.size(), other.size());
        while (same > 0 && !history.get(same - 1).equals(other.get(same - 1))) {
            same--;
        }
        other.subList(same, other.size()).clear();
        other.addAll(history.subList(same, history.size()));
    }

    /** Puts all of it into a file, which keeps the arrays themselves until it is written. */
    void save(TensorFile file) {
        file.put("parameters", parameters);
        for (int slot = 0; slot < optimizer.slotCount(); slot++) {
            file.put("optimizer.slot." + slot, optimizer.slot(slot));
        }
        file.put("optimizer.scalars", optimizer.scalars());
        file.put("optimizer.steps", Long.toString(optimizer.steps()));
        file.put("epoch", Integer.toString(epoch));
        file.put("updates", Long.toString(updates));
        if (step > 0) {
            file.put("step", Long.toString(step));
            file.put("step.nanos", Long.toString(nanos));
            file.put("step.losses", new double[] {losses.loss(), losses.weight(), losses.correct()});
        }
        if (skippedUpdates > 0) {
            file.put("skippedUpdates", Long.toString(skippedUpdates));
        }
        if (rollbacks > 0) {
            file.put("rollbacks", Integer.toString(rollbacks));
        }
        if (!changes.isEmpty()) {
            file.put("changes", changes);
        }
        file.put("stopped", Boolean.toString(isStopped()));
        if (isStopped()) {
            file.put("stopReason", stopReason);
        }
        EpochFigures.saveAll(history, file);
        if (plateau != null) {
            file.put("plateau", plateau.numbers());
        }
        if (average != null) {
            file.put("average", average.average());
            file.put("average.count", Long.toString(average.count()));
        }
        if (best != null) {
            best.save(file);
        }
    }

    /**
     * The state that a file holds.
     *
     * @throws IllegalArgumentException when it is of another network or configuration, or has numbers that no training
     *     leaves
     */
    static TrainingState restore(Network network, TrainingConfig config, TensorFile file) {
        TrainingState state = new TrainingState(network, config, file.floats("parameters", network.length()));
        network.layout().checkNumbers(state.parameters);
        OptimizerState optimizer = state.optimizer;
        for (int slot = 0; slot < optimizer.slotCount(); slot++) {
            copy(file.floats("optimizer.slot." + slot, optimizer.parameterCount()), optimizer.slot(slot));
        }
        double[] scalars = file.doubles("optimizer.scalars", optimizer.scalars().length);
        for (double scalar : scalars) {
            if (Double.isNaN(scalar)) {
                throw new IllegalArgumentException("a number of the optimizer is NaN");
            }
        }
        System.arraycopy(scalars, 0, optimizer.scalars(), 0, scalars.length);
        optimizer.restoreSteps(file.count("optimizer.steps", Long.MAX_VALUE));
        config.optimizer().check(optimizer);
        state.epoch = (int) file.count("epoch", Integer.MAX_VALUE);
        state.updates = file.count("updates", Long.MAX_VALUE);
        if (file.has("step")) {
            double[] sums = file.doubles("step.losses", 3);
            if (!Arrays.stream(sums).allMatch(Double::isFinite)) {
                throw new IllegalArgumentException("the loss of its unfinished epoch is not finite");
            }
            state.losses.add(sums[0], sums[1], sums[2]);
            state.stepsDone(file.count("step", Long.MAX_VALUE), file.count("step.nanos", Long.MAX_VALUE));
        }
        if (file.has("skippedUpdates")) {
            state.skippedUpdates = file.count("skippedUpdates", Long.MAX_VALUE);
        }
        if (file.has("changes")) {
            state.changes = file.text("changes");
        }
        if (file.has("rollbacks")) {
            state.rollbacks = (int) file.count("rollbacks", OnDivergence.MOST_ROLLBACKS);
        }
        if (Boolean.parseBoolean(file.text("stopped"))) {
            state.stop(file.has("stopReason") ? file.text("stopReason") : "it had ended before its checkpoint");
        }
        state.history.addAll(EpochFigures.restoreAll(config.epochs(), state.epoch, file));
        if (state.plateau != null) {
            state.plateau.restore(file.doubles("plateau", state.plateau.numbers().length));
        }
        if (state.average != null) {
            state.average.restore(
                    file.count("average.count", Long.MAX_VALUE), file.doubles("average", state.parameters.length));
        }
        if (state.best != null) {
            state.best.restore(config.epochs(), state.epoch, file);
            network.layout().checkNumbers(state.best.parameters());
        }
        return state;
    }

    private static void copy(float[] from, float[] to) {
        System.arraycopy(from, 0, to, 0, to.length);
    }
}
