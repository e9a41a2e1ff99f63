package dev.backdraft.train;

import dev.backdraft.data.Block;
import dev.backdraft.data.Leaf;
import dev.backdraft.data.LeafOrder;
import dev.backdraft.network.Backpropagation;
import dev.backdraft.network.GradientSum;
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

    public LaneWorker(Objective objective) {
        this.objective = objective;
        int leafRows = objective.layout().leafRows();
        backpropagation = new Backpropagation(objective.network(), objective.loss(), leafRows);
        order = new LeafOrder(objective.layout(), objective.seed());
        leaf = new Leaf(objective.network().inputSize(), leafRows);
    }

    /**
     * Returns the sums of the largest nodes of the tree that lie within lanes [from, to), as far as they are active.
     *
     * @param parameters read
     * @param blocks gives the block of a number; asked for one block a lane
     * @return valid until the next call, which takes the sums back
     */
    public List<LaneSum> sums(int epoch, long step, int from, int to, float[] parameters, IntFunction<Block> blocks) {
        for (LaneSum node : given) {
            free.push(node.sum());
        }
        given.clear();
        int active = objective.layout().activeLanes(step);
        collect(0, active, from, Math.min(to, active), new Step(epoch, step, parameters, blocks));
        return given;
    }

    private record Step(int epoch, long step, float[] parameters, IntFunction<Block> blocks) {}

    private void collect(int nodeFrom, int nodeTo, int from, int to, Step step) {
        if (from >= nodeTo || to <= nodeFrom) {
            return;
        }
        if (from <= nodeFrom && nodeTo <= to) {
            given.add(new LaneSum(nodeFrom, nodeTo, sum(nodeFrom, nodeTo, step)));
            return;
        }
        int middle = GradientTree.middle(nodeFrom, nodeTo);
        collect(nodeFrom, middle, from, to, step);
        collect(middle, nodeTo, from, to, step);
    }

    private GradientSum sum(int from, int to, Step step) {
        if (to - from == 1) {
            return leafGradient(from, step);
        }
        int middle = GradientTree.middle(from, to);
        GradientSum left = sum(from, middle, step);
        GradientSum right = sum(middle, to, step);
        left.add(right);
        free.push(right);
        return left;
    }

    private GradientSum leafGradient(int lane, Step step) {
        GradientSum sum = free.isEmpty() ? new GradientSum(step.parameters().length) : free.pop();
        sum.clear();
        order.find(step.epoch(), step.step(), lane);
        leaf.load(order, step.blocks().apply(order.block()));
        backpropagation.addGradient(step.parameters(), leaf.x(), leaf.target(), leaf.weights(), leaf.rowStreams(), sum);
        return sum;
    }
}
