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
    private int epoch; // of the present step, as what follows
    private long step;
    private float[] parameters;
    private IntFunction<Block> blocks;

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
     * @param ofParameters read
     * @param ofBlocks gives the block of a number; asked for one block a lane
     * @return valid until the next call, which takes the sums back
     */
    public List<LaneSum> sums(
            int ofEpoch, long ofStep, int from, int to, float[] ofParameters, IntFunction<Block> ofBlocks) {
        epoch = ofEpoch;
        step = ofStep;
        parameters = ofParameters;
        blocks = ofBlocks;
        for (int i = 0; i < given.size(); i++) {
            free.push(given.get(i).sum());
        }
        given.clear();
        int active = objective.layout().activeLanes(step);
        collect(0, active, from, Math.min(to, active));
        return given;
    }

    private void collect(int nodeFrom, int nodeTo, int from, int to) {
        if (from >= nodeTo || to <= nodeFrom) {
            return;
        }
        if (from <= nodeFrom && nodeTo <= to) {
            given.add(new LaneSum(nodeFrom, nodeTo, sum(nodeFrom, nodeTo)));
            return;
        }
        int middle = GradientTree.middle(nodeFrom, nodeTo);
        collect(nodeFrom, middle, from, to);
        collect(middle, nodeTo, from, to);
    }

    private GradientSum sum(int from, int to) {
        if (to - from == 1) {
            return leafGradient(from);
        }
        int middle = GradientTree.middle(from, to);
        GradientSum left = sum(from, middle);
        GradientSum right = sum(middle, to);
        left.add(right);
        free.push(right);
        return left;
    }

    private GradientSum leafGradient(int lane) {
        GradientSum sum = free.isEmpty() ? new GradientSum(parameters.length) : free.pop();
        order.find(epoch, step, lane);
        leaf.load(order, blocks.apply(order.block()));
        backpropagation.gradient(parameters, leaf.x(), leaf.target(), leaf.weights(), leaf.rowStreams(), sum);
        return sum;
    }
}
