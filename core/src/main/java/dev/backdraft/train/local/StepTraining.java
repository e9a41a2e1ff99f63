package dev.backdraft.train.local;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Block;
import dev.backdraft.data.Blocks;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.LabelScale;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.data.RowCheck;
import dev.backdraft.json.ValueText;
import dev.backdraft.loss.Loss;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.model.Model;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.LossSum;
import dev.backdraft.network.Network;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.Fit;
import dev.backdraft.train.Objective;
import dev.backdraft.train.OnDivergence;
import dev.backdraft.train.Threshold;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingEnd;
import dev.backdraft.train.TrainingRules;
import dev.backdraft.train.TrainingState;
import dev.backdraft.train.engine.GradientSource;
import dev.backdraft.train.engine.LaneWorker;
import dev.backdraft.train.engine.ParameterUpdate;
import java.util.ArrayList;
import java.util.List;

/**
 * Trains one batch at a time, for a service that learns from incoming rows. Each {@link #step} makes one update of the
 * parameters by all rows of its batch, exactly as an epoch of {@link LocalTraining} on these rows with {@link
 * BatchLayout#FULL_BATCH} does: k steps on the same rows give the bits of k such epochs.
 *
 * <p>Rows are not known in advance, so nothing is derived from them: labels are numbers, or names of the classes of the model
 * that the training started from, and features are scaled as that model scales them. A schedule sees each step as an epoch of
 * {@link TrainingConfig#epochs}; later steps keep the last rate. The batch size of the configuration has no effect.
 *
 * <p>Mutable, for one thread; a {@link #model} is not changed by further steps and may be shared.
 *
 * <pre>{@code
 * StepTraining training = StepTraining.from(model, TrainingConfig.standard().withLearningRate(0.01));
 * double loss = training.step(batch);
 * Model better = training.model();
 * }</pre>
 */
public final class StepTraining {
    private final Network network;
    private final Loss loss;
    private final Preprocessing preprocessing;
    private final TrainingConfig config;
    private final TrainingState state;
    private long rows;
    private BatchGradients gradients; // of the size of the last batch, as what follows
    private ParameterUpdate update;

    private StepTraining(
            Network network, Loss loss, Preprocessing preprocessing, TrainingConfig config, float[] parameters) {
        check(network, config);
        this.network = network;
        this.loss = loss;
        this.preprocessing = preprocessing;
        this.config = config;
        state = TrainingState.startFrom(network, config, parameters);
    }

    /**
     * Starts from initial parameters drawn with the configuration's seed. Features and labels are not standardized;
     * labels are learned on the configuration's scale.
     *
     * @throws IllegalArgumentException when the configuration asks for what needs all rows, or contradicts the network
     */
    public static StepTraining start(Network network, Loss loss, TrainingConfig config) {
        TrainingRules.loss(loss, config.labelScale());
        Preprocessing none = new Preprocessing(List.of(), null, List.of(), null, null, null, config.labelScale());
        return new StepTraining(network, loss, none, config, network.initialParameters(config.seed()));
    }

    /**
     * Continues from a trained model, with its loss, classes, scaling and label scale. The optimizer starts with an
     * empty state.
     *
     * @throws IllegalArgumentException when the configuration asks for what needs all rows, or contradicts the network
     */
    public static StepTraining from(Model model, TrainingConfig config) {
        LabelScale scale = model.preprocessing().labelScale();
        if (config.labelScale() != LabelScale.LINEAR && config.labelScale() != scale) {
            throw new IllegalArgumentException("the model has the label scale " + ValueText.text(scale)
                    + ", but the configuration " + ValueText.text(config.labelScale()) + ": leave it out");
        }
        return new StepTraining(model.network(), model.loss(), model.preprocessing(), config, model.parameters());
    }

    private static void check(Network network, TrainingConfig config) {
        TrainingRules.check(network, config);
        String unsuitable = unsuitable(config);
        if (unsuitable != null) {
            throw new IllegalArgumentException(
                    "training step by step has no epochs and no validation rows, but " + unsuitable + ": leave it out");
        }
    }

    /** What a configuration has that needs epochs or validation rows; null for nothing. */
    private static String unsuitable(TrainingConfig config) {
        if (config.optimizer().searchesLine()) {
            return config.optimizer().name() + " searches along a line over all rows";
        }
        if (config.onDivergence() == OnDivergence.ROLLBACK) {
            return "a rollback goes back to the end of an epoch";
        }
        if (config.earlyStopping() != null) {
            return "early stopping measures validation rows";
        }
        if (config.reduceOnPlateau() != null) {
            return "a reduction on plateaus measures epochs";
        }
        if (config.batchGrowth() != null) {
            return "batch growth makes batches of its own";
        }
        if (config.accumulation() > 1) {
            return "accumulation makes batches of its own";
        }
        return config.metrics().isEmpty() ? null : "metrics measure validation rows";
    }

    /**
     * Makes one update with all rows of a batch.
     *
     * @param batch rows with labels; those of weight 0 do not count; read
     * @return the objective of the batch's mean loss before the update
     * @throws DataException when a row does not fit, or none counts; nothing has changed then
     * @throws DivergedException when the loss or a gradient is not finite and such updates are not skipped, or a
     *     parameter is not finite after the update
     */
    public double step(List<Example> batch) {
        Fit fit = fit();
        List<Example> resolved = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            int number = i;
            Example given = batch.get(i);
            Example row =
                    given == null || given.cells() == null ? given : preprocessing.center(given, () -> "row " + number);
            if (RowCheck.counts(row, () -> "row " + number)) {
                checkWidth(row, number);
                RowCheck.check(row, () -> "row " + number);
                resolved.add(fit.weighed(fit.resolve(row, () -> "row " + number)));
            }
        }
        if (resolved.isEmpty()) {
            throw DataException.of(
                    DataException.Reason.NO_ROWS,
                    "no rows to train on: the batch has %d rows, and none has a weight above 0",
                    batch.size());
        }
        load(fit, resolved);
        int number = Math.toIntExact(state.updates() + 1);
        LossSum losses = new LossSum();
        double learningRate = learningRate();
        update.run(number, 0, 1, learningRate, losses);
        if (state.average() != null) {
            state.average().epochEnded(number, state.parameters());
        }
        update.check(number, learningRate, losses.weight());
        rows += resolved.size();
        return loss.objective(losses.meanLoss());
    }

    private void checkWidth(Example row, int number) {
        int inputs = network.inputSize();
        if (row.isSparse() ? row.width() > inputs : row.width() != inputs) {
            throw new DataException("row %d has %d features, but the network takes %d", number, row.width(), inputs);
        }
    }

    /** The current model. */
    public Model model() {
        int steps = (int) Math.min(state.updates(), Integer.MAX_VALUE); // each is an epoch of its own batch
        TrainingEnd end = new TrainingEnd(
                steps,
                steps,
                "it is trained step by step",
                null,
                null,
                0,
                state.skippedUpdates(),
                0,
                "",
                null,
                null,
                Threshold.given(config));
        return fit().model(state.result().clone(), end);
    }

    /** Number of updates so far. */
    public long steps() {
        return state.updates();
    }

    private Fit fit() {
        return new Fit(network, loss, preprocessing, config, "none: trained step by step", rows, null);
    }

    private double learningRate() {
        long last = Math.max(0, config.epochs() - 1L);
        return config.schedule().rate(config.learningRate(), Math.min(state.updates(), last), config.epochs());
    }

    private void load(Fit fit, List<Example> resolved) {
        Blocks blocks = Blocks.of(
                resolved, network.inputSize(), preprocessing, config.seed(), BatchLayout.FULL_BATCH, config.lanes());
        if (gradients == null || gradients.blocks.layout().rows() != resolved.size()) {
            gradients = new BatchGradients(fit.objective(blocks.layout()));
            update = new ParameterUpdate(network, loss, config, resolved.size(), gradients, state);
        }
        gradients.blocks = blocks;
    }

    /** The gradient of one batch, by this thread. */
    private static final class BatchGradients implements GradientSource {
        private final LaneWorker worker;
        private Blocks blocks;

        BatchGradients(Objective objective) {
            worker = new LaneWorker(objective);
        }

        @Override
        public GradientSum gradient(int epoch, long step, float[] parameters) {
            List<Block> all = blocks.blocks();
            int lanes = blocks.layout().lanes();
            return worker.sums(epoch, step, 0, lanes, parameters, all::get)
                    .get(0)
                    .sum(); // the root of the tree
        }

        @Override
        public MetricSums validate(float[] parameters) {
            return null;
        }

        @Override
        public List<Metric> metrics() {
            return List.of();
        }

        @Override
        public void close() {
            // no threads, nothing cached
        }
    }
}
