package dev.backdraft.train.engine;

import dev.backdraft.optim.Clipping;
import dev.backdraft.optim.ElementwiseOptimizer;
import dev.backdraft.optim.MaxNorm;
import dev.backdraft.optim.Optimizer;
import dev.backdraft.optim.ParameterLayout;
import dev.backdraft.optim.Penalty;
import dev.backdraft.optim.WeightDecay;
import dev.backdraft.tensor.Tensor;
import dev.backdraft.train.TrainingConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** One stage of an update. {@link #of} has them all, in their order. */
interface UpdateStage {
    /**
     * Whether the new value of each entry depends on that entry alone, so that threads can share the work by ranges.
     */
    boolean worksOnRanges();

    /** Prepares an update; called before {@link #run}, by one thread. */
    default void begin(UpdateNumbers numbers) {}

    /** Works on the entries from (inclusive) to (exclusive): all of them at once, unless it works on ranges. */
    void run(UpdateNumbers numbers, int from, int to);

    /**
     * The stages of an update, in their order. This list is the one place that says it.
     *
     * <ol>
     *   <li>the mean gradient g: the sum over the rows, divided by the sum of their weights
     *   <li>a look for entries of g that are not finite, unless that is known before
     *   <li>0 in place of the entries of g that belong to frozen tensors, which later stages leave alone
     *   <li>clipping of g by value, then by norm
     *   <li>the gradient of the penalty, added to g
     *   <li>weight decay of the parameters
     *   <li>the optimizer's step
     *   <li>the max-norm constraint on the parameters
     * </ol>
     *
     * @param look at g; null when updates may be skipped for it, which is decided before
     */
    static List<UpdateStage> of(TrainingConfig config, FiniteGradient look) {
        Clipping clipping = config.clipping();
        Penalty penalty = config.penalty();
        List<UpdateStage> stages = new ArrayList<>();
        stages.add(onRanges(UpdateStage::meanGradient));
        if (look != null) {
            stages.add(look);
        }
        if (!config.rateFactors().isNone()) {
            stages.add(onRanges(UpdateStage::clearFrozen));
        }
        if (clipping.value() > 0) {
            stages.add(onRanges((u, from, to) -> clipping.clipValues(u.gradient(), from, to)));
        }
        if (clipping.norm() > 0) {
            stages.add(onAll(u -> clipping.clipNorm(u.gradient(), u.parameterCount(), u.touched())));
        }
        if (!penalty.isNone()) {
            stages.add(onRanges((u, from, to) ->
                    penalty.addGradient(u.layout(), u.point(), u.trainingRows(), u.gradient(), from, to)));
        }
        if (config.weightDecay() > 0) {
            WeightDecay decay = new WeightDecay(config.weightDecay());
            RateWork work =
                    (u, rate, from, to) -> decay.apply(u.layout(), rate * u.decayFactor(), u.parameters(), from, to);
            stages.add(onRanges((u, from, to) -> atRates(u, from, to, work)));
        }
        stages.add(step(config.optimizer(), penalty));
        if (config.maxNorm() > 0) {
            MaxNorm maxNorm = new MaxNorm(config.maxNorm());
            stages.add(onAll(u -> maxNorm.apply(u.layout(), u.parameters())));
        }
        return List.copyOf(stages);
    }

    private static void meanGradient(UpdateNumbers u, int from, int to) {
        u.sum().divide(from, to);
        float[] gradient = u.gradient();
        float slope = u.slope();
        if (slope != 1) {
            for (int i = from; i < to; i++) {
                gradient[i] *= slope;
            }
        }
    }

    private static void clearFrozen(UpdateNumbers u, int from, int to) {
        byTensor(u.layout(), from, to, (factor, start, end) -> {
            if (factor == 0) {
                Arrays.fill(u.gradient(), start, end, 0);
            }
        });
    }

    /** Works on a range at the learning rate of each tensor; not on frozen ones. */
    private static void atRates(UpdateNumbers u, int from, int to, RateWork work) {
        if (u.layout().rateFactors().isEmpty()) {
            work.run(u, u.learningRate(), from, to);
            return;
        }
        byTensor(u.layout(), from, to, (factor, start, end) -> {
            if (factor != 0) {
                work.run(u, factor * u.learningRate(), start, end);
            }
        });
    }

    /** Divides a range at the ends of tensors. */
    private static void byTensor(ParameterLayout layout, int from, int to, TensorWork work) {
        List<Tensor> tensors = layout.tensors();
        for (int i = layout.tensorAt(from); i < tensors.size() && tensors.get(i).offset() < to; i++) {
            int start = Math.max(from, tensors.get(i).offset());
            work.run(layout.rateFactor(i), start, Math.min(to, tensors.get(i).end()));
        }
    }

    /** The optimizer's step; elementwise optimizers work on ranges. */
    private static UpdateStage step(Optimizer optimizer, Penalty penalty) {
        if (optimizer instanceof ElementwiseOptimizer elementwise) {
            return new UpdateStage() {
                @Override
                public boolean worksOnRanges() {
                    return true;
                }

                @Override
                public void begin(UpdateNumbers u) {
                    elementwise.begin(u.optimizer());
                }

                @Override
                public void run(UpdateNumbers u, int from, int to) {
                    atRates(u, from, to, this::update);
                }

                private void update(UpdateNumbers u, double rate, int from, int to) {
                    elementwise.update(u.optimizer(), rate, u.gradient(), u.parameters(), from, to);
                }
            };
        }
        return onAll(u -> {
            if (optimizer.searchesLine()) {
                u.optimizer().observe(u.objective() + penalty.value(u.layout(), u.point(), u.trainingRows()));
            }
            optimizer.step(u.optimizer(), u.learningRate(), u.gradient(), u.parameters());
        });
    }

    /** What a stage does to a range. */
    @FunctionalInterface
    interface RangeWork {
        void run(UpdateNumbers numbers, int from, int to);
    }

    /** What a stage does to a range at a learning rate. */
    @FunctionalInterface
    interface RateWork {
        void run(UpdateNumbers numbers, double learningRate, int from, int to);
    }

    /** What is done to the entries of one tensor, whose learning rate is multiplied by a factor. */
    @FunctionalInterface
    interface TensorWork {
        void run(double rateFactor, int from, int to);
    }

    private static UpdateStage onRanges(RangeWork work) {
        return new Stage(true, work);
    }

    private static UpdateStage onAll(Consumer<UpdateNumbers> work) {
        return new Stage(false, (numbers, from, to) -> work.accept(numbers));
    }

    /** A stage that needs no preparation. */
    record Stage(boolean worksOnRanges, RangeWork work) implements UpdateStage {
        @Override
        public void run(UpdateNumbers numbers, int from, int to) {
            work.run(numbers, from, to);
        }
    }
}
