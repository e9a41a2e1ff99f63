package dev.backdraft.train.engine;

import dev.backdraft.data.Block;
import dev.backdraft.data.Leaf;
import dev.backdraft.data.LeafOrder;
import dev.backdraft.network.Backpropagation;
import dev.backdraft.network.GradientSum;
import dev.backdraft.train.Objective;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Computes the gradients of a run of lanes and adds them as far as the {@link GradientTree} allows. What it returns is a
 * function of (objective, epoch, step, lanes, parameters, blocks): it keeps nothing but scratch. For one thread.
 */
public final class LaneWorker {
    private final Objective objective;
    private final Backpropagation backpropagation;
    private final LeafOrder order;
    private final Leaf leaf;
    private final Deque<GradientSum> free = new ArrayDeque<>();
    private final List<LaneSum> given = new ArrayList<>();

    /** What the sums of one step depend on. */
    private record Step(int epoch, long number, float[] parameters, IntFunction<Block> blocks) {}

    public LaneWorker(Objective objective) {
        this.objective = objective;
        int leafRows = objective.layout().leafRows();
        backpropagation = new Backpropagation(objective.network(), objective.loss(), leafRows);
        order = new LeafOrder(objective.layout(), objective.seed());
        leaf = new Leaf(
                objective.network().inputSize(), leafRows, objective.network().isRandom());
    }

    /**
     * Returns the sums of the largest nodes of the tree that lie within lanes [from, to), as far as they are active.
     *
     * @param parameters read
     * @param blocks gives the block of a number; asked for one block a lane
     * @return valid until the next call, which takes the sums back
     */
    public List<LaneSum> sums(int epoch, long step, int from, int to, float[] parameters, IntFunction<Block> blocks) {
        for (int i = 0; i < given.size(); i++) {
            free.push(given.get(i).sum());
        }
        given.clear();
        if (!objective.dropout().isOne()) {
            backpropagation.multiplyDropout(
                    objective.dropout().at(epoch, step, objective.layout().stepsPerEpoch()));
        }
        int active = objective.layout().activeLanes(step);
        collect(new Step(epoch, step, parameters, blocks), 0, active, from, Math.min(to, active));
        return given;
    }

    private void collect(Step step, int nodeFrom, int nodeTo, int from, int to) {
        if (from >= nodeTo || to <= nodeFrom) {
            return;
        }
        if (from <= nodeFrom && nodeTo <= to) {
            given.add(new LaneSum(nodeFrom, nodeTo, sum(step, nodeFrom, nodeTo)));
            return;
        }
        int middle = GradientTree.middle(nodeFrom, nodeTo);
        collect(step, nodeFrom, middle, from, to);
        collect(step, middle, nodeTo, from, to);
    }

    private GradientSum sum(Step step, int from, int to) {
        if (to - from == 1) {
            return leafGradient(step, from);
        }
        int middle = GradientTree.middle(from, to);
        GradientSum left = sum(step, from, middle);
        GradientSum right = sum(step, middle, to);
        left.add(right);
        free.push(right);
        return left;
    }

    private GradientSum leafGradient(Step step, int lane) {
        float[] parameters = step.parameters();
        GradientSum sum = free.isEmpty() ? new GradientSum(parameters.length) : free.pop();
        order.find(step.epoch(), step.number(), lane);
        leaf.load(order, step.blocks().apply(order.block()));
        backpropagation.gradient(parameters, leaf.x(), leaf.target(), leaf.weights(), leaf.rowStreams(), sum);
        return sum;
    }
}
