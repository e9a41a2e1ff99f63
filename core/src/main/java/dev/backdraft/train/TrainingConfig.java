package dev.backdraft.train;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.LabelScale;
import dev.backdraft.json.Records;
import dev.backdraft.metric.Metrics;
import dev.backdraft.optim.Adam;
import dev.backdraft.optim.Averaging;
import dev.backdraft.optim.Clipping;
import dev.backdraft.optim.Optimizer;
import dev.backdraft.optim.Penalty;
import dev.backdraft.optim.TensorFactors;
import dev.backdraft.schedule.BatchGrowth;
import dev.backdraft.schedule.Constant;
import dev.backdraft.schedule.ReduceOnPlateau;
import dev.backdraft.schedule.Schedule;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The settings of a training. Together with the data, the network and the loss they determine the result, bit for bit. Start
 * with {@link #standard} and change what should differ.
 *
 * @param labelScale the scale on which a regression learns its label
 * @param epochs passes over the training rows
 * @param batchSize rows per step; {@link BatchLayout#FULL_BATCH} for all
 * @param lanes parts of a step that run in parallel, or {@link BatchLayout#AUTO_LANES}
 * @param seed seed of the initial weights, the order of rows and dropout
 * @param optimizer the rule that moves the parameters
 * @param learningRate η₀, to which the schedule applies
 * @param learningRateFactors {@linkplain TensorFactors factors} of the learning rate for some layers or kinds of
 *     tensors, 0 to freeze them, as in {@code 0-2=0,bias=0.1}; or null
 * @param schedule how the learning rate changes
 * @param scheduleUnit what the schedule counts
 * @param reduceOnPlateau lowers η₀ when the validation loss (without validation rows, the training loss) stops improving; or
 *     null
 * @param batchGrowth enlarges the batches from epoch to epoch; or null
 * @param accumulation number of steps whose gradients are added before an update: a larger batch without more memory
 * @param clipping of the mean gradient of the loss
 * @param penalty L1 and L2 regularization, divided by the number of training rows
 * @param weightDecay λ of decoupled weight decay, for any optimizer; 0 for none
 * @param weightDecayFactors {@linkplain TensorFactors factors} of weight decay and of the penalty for some layers or
 *     kinds of tensors, as in {@code 0=0,3=2}; or null
 * @param weightDecaySchedule what λ is multiplied by at each step
 * @param dropoutSchedule what the rates of dropout are multiplied by at each step
 * @param maxNorm largest Euclidean norm of the weights into a unit; 0 for no limit
 * @param penalizeBiases whether penalty, weight decay and maxNorm apply to biases and scales, too
 * @param averaging an average of the weights, which becomes the model; or null
 * @param earlyStopping ends the training early, and gives the model the best epoch's weights; or null
 * @param metrics names of metrics of the validation rows, measured after each epoch
 * @param calibration what is done with the logits after the training
 * @param threshold how the decision threshold is found: a number, {@code f1}, {@code precision=P} or {@code cost=C}; or null
 * @param classWeights one number per class: a row of the class counts as that number of rows; empty for 1 each
 * @param onDivergence what is done when a loss or a gradient is not a finite number
 */
public record TrainingConfig(
        LabelScale labelScale,
        int epochs,
        int batchSize,
        int lanes,
        long seed,
        Optimizer optimizer,
        double learningRate,
        String learningRateFactors,
        Schedule schedule,
        ScheduleUnit scheduleUnit,
        ReduceOnPlateau reduceOnPlateau,
        BatchGrowth batchGrowth,
        int accumulation,
        Clipping clipping,
        Penalty penalty,
        double weightDecay,
        String weightDecayFactors,
        Schedule weightDecaySchedule,
        Schedule dropoutSchedule,
        double maxNorm,
        boolean penalizeBiases,
        Averaging averaging,
        EarlyStopping earlyStopping,
        List<String> metrics,
        Calibration calibration,
        String threshold,
        List<Double> classWeights,
        OnDivergence onDivergence)
        implements Serializable {
    /** The metric that a calibration makes as small as it can. */
    public static final String CALIBRATION_METRIC = "log-loss";

    public TrainingConfig {
        Objects.requireNonNull(labelScale, "labelScale");
        Setting.EPOCHS.check(epochs);
        Setting.BATCH_SIZE.check(batchSize);
        if (lanes != BatchLayout.AUTO_LANES) {
            Setting.LANES.check(lanes);
        }
        Setting.LEARNING_RATE.check(learningRate);
        TensorFactors.parse(Setting.LEARNING_RATE_FACTORS.key(), learningRateFactors);
        TensorFactors.parse(Setting.WEIGHT_DECAY_FACTORS.key(), weightDecayFactors);
        Setting.ACCUMULATION.check(accumulation);
        Setting.WEIGHT_DECAY.check(weightDecay);
        Setting.MAX_NORM.check(maxNorm);
        Objects.requireNonNull(optimizer, "optimizer");
        Objects.requireNonNull(schedule, "schedule");
        Objects.requireNonNull(scheduleUnit, "scheduleUnit");
        Objects.requireNonNull(weightDecaySchedule, "weightDecaySchedule");
        Objects.requireNonNull(dropoutSchedule, "dropoutSchedule");
        Objects.requireNonNull(clipping, "clipping");
        Objects.requireNonNull(penalty, "penalty");
        Objects.requireNonNull(onDivergence, "onDivergence");
        Objects.requireNonNull(calibration, "calibration");
        metrics = List.copyOf(metrics);
        metrics.forEach(Metrics::named);
        if (threshold != null) {
            ThresholdRule.parse(threshold);
        }
        classWeights = List.copyOf(classWeights);
        classWeights.forEach(Setting.CLASS_WEIGHTS::check);
    }

    /** Adam at 0.001, batches of 128, 20 epochs, seed 42; nothing else. */
    public TrainingConfig() {
        this(
                LabelScale.LINEAR,
                20,
                128,
                BatchLayout.AUTO_LANES,
                42,
                new Adam(),
                0.001,
                null,
                new Constant(),
                ScheduleUnit.STEP,
                null,
                null,
                1,
                new Clipping(),
                new Penalty(),
                0,
                null,
                new Constant(),
                new Constant(),
                0,
                false,
                null,
                null,
                List.of(),
                Calibration.NONE,
                null,
                List.of(),
                OnDivergence.STOP);
    }

    /** Adam at 0.001, batches of 128, 20 epochs, seed 42; nothing else. */
    public static TrainingConfig standard() {
        return new TrainingConfig();
    }

    /** What the learning rates of layers and kinds of tensors are multiplied by. */
    public TensorFactors rateFactors() {
        return TensorFactors.parse(Setting.LEARNING_RATE_FACTORS.key(), learningRateFactors);
    }

    /** What weight decay and the penalty of layers and kinds of tensors are multiplied by. */
    public TensorFactors decayFactors() {
        return TensorFactors.parse(Setting.WEIGHT_DECAY_FACTORS.key(), weightDecayFactors);
    }

    /** What weight decay is multiplied by at each step. */
    public StepFactor weightDecayFactor() {
        return new StepFactor(weightDecaySchedule, scheduleUnit, epochs);
    }

    /** What the rates of dropout are multiplied by at each step. */
    public StepFactor dropoutFactor() {
        return new StepFactor(dropoutSchedule, scheduleUnit, epochs);
    }

    /** The schedules that set what happens in an epoch by the total number of epochs. */
    public List<Schedule> schedulesOfTotal() {
        return Stream.of(schedule, weightDecaySchedule, dropoutSchedule)
                .filter(Schedule::dependsOnTotal)
                .toList();
    }

    public TrainingConfig withLabelScale(LabelScale newLabelScale) {
        return Records.with(this, "labelScale", newLabelScale);
    }

    public TrainingConfig withEpochs(int newEpochs) {
        return Records.with(this, "epochs", newEpochs);
    }

    public TrainingConfig withBatchSize(int newBatchSize) {
        return Records.with(this, "batchSize", newBatchSize);
    }

    public TrainingConfig withLanes(int newLanes) {
        return Records.with(this, "lanes", newLanes);
    }

    public TrainingConfig withSeed(long newSeed) {
        return Records.with(this, "seed", newSeed);
    }

    public TrainingConfig withOptimizer(Optimizer newOptimizer) {
        return Records.with(this, "optimizer", newOptimizer);
    }

    public TrainingConfig withLearningRate(double newLearningRate) {
        return Records.with(this, "learningRate", newLearningRate);
    }

    public TrainingConfig withLearningRateFactors(String newLearningRateFactors) {
        return Records.with(this, "learningRateFactors", newLearningRateFactors);
    }

    public TrainingConfig withSchedule(Schedule newSchedule) {
        return Records.with(this, "schedule", newSchedule);
    }

    public TrainingConfig withScheduleUnit(ScheduleUnit newScheduleUnit) {
        return Records.with(this, "scheduleUnit", newScheduleUnit);
    }

    public TrainingConfig withReduceOnPlateau(ReduceOnPlateau newReduceOnPlateau) {
        return Records.with(this, "reduceOnPlateau", newReduceOnPlateau);
    }

    public TrainingConfig withBatchGrowth(BatchGrowth newBatchGrowth) {
        return Records.with(this, "batchGrowth", newBatchGrowth);
    }

    public TrainingConfig withAccumulation(int newAccumulation) {
        return Records.with(this, "accumulation", newAccumulation);
    }

    public TrainingConfig withClipping(Clipping newClipping) {
        return Records.with(this, "clipping", newClipping);
    }

    public TrainingConfig withPenalty(Penalty newPenalty) {
        return Records.with(this, "penalty", newPenalty);
    }

    public TrainingConfig withWeightDecay(double newWeightDecay) {
        return Records.with(this, "weightDecay", newWeightDecay);
    }

    public TrainingConfig withWeightDecayFactors(String newWeightDecayFactors) {
        return Records.with(this, "weightDecayFactors", newWeightDecayFactors);
    }

    public TrainingConfig withWeightDecaySchedule(Schedule newWeightDecaySchedule) {
        return Records.with(this, "weightDecaySchedule", newWeightDecaySchedule);
    }

    public TrainingConfig withDropoutSchedule(Schedule newDropoutSchedule) {
        return Records.with(this, "dropoutSchedule", newDropoutSchedule);
    }

    public TrainingConfig withMaxNorm(double newMaxNorm) {
        return Records.with(this, "maxNorm", newMaxNorm);
    }

    public TrainingConfig withPenalizeBiases(boolean newPenalizeBiases) {
        return Records.with(this, "penalizeBiases", newPenalizeBiases);
    }

    public TrainingConfig withAveraging(Averaging newAveraging) {
        return Records.with(this, "averaging", newAveraging);
    }

    public TrainingConfig withEarlyStopping(EarlyStopping newEarlyStopping) {
        return Records.with(this, "earlyStopping", newEarlyStopping);
    }

    public TrainingConfig withMetrics(List<String> newMetrics) {
        return Records.with(this, "metrics", newMetrics);
    }

    public TrainingConfig withCalibration(Calibration newCalibration) {
        return Records.with(this, "calibration", newCalibration);
    }

    public TrainingConfig withThreshold(String newThreshold) {
        return Records.with(this, "threshold", newThreshold);
    }

    public TrainingConfig withClassWeights(List<Double> newClassWeights) {
        return Records.with(this, "classWeights", newClassWeights);
    }

    public TrainingConfig withOnDivergence(OnDivergence newOnDivergence) {
        return Records.with(this, "onDivergence", newOnDivergence);
    }
}
