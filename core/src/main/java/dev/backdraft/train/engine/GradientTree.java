package dev.backdraft.train.engine;

import dev.backdraft.network.GradientSum;
import java.util.ArrayList;
import java.util.List;

/**
 * The canonical reduction tree: sum(from, to) = sum(from, middle) + sum(middle, to), where {@code middle − from} is the largest
 * power of two below {@code to − from}. Its leaves are the lanes of a step. As it depends on the number of lanes only, the sum
 * of a step is the same bits however the lanes were spread, and in whatever order their sums arrive.
 */
public final class GradientTree {
    private static final int RUN = 4096; // floats, 16 KB

    private GradientTree() {}

    /** Where the node [from, to) of two or more lanes divides. */
    public static int middle(int from, int to) {
        return from + Integer.highestOneBit(to - from - 1);
    }

    /**
     * Divides [0, count) into nodes of the tree: where each node's sum is added by one process, the whole is still this
     * tree.
     *
     * @param most nodes, at least 1
     * @return where each begins, in order
     */
    public static int[] divide(int count, int most) {
        List<Integer> firsts = new ArrayList<>();
        divide(0, count, most, firsts);
        return firsts.stream().mapToInt(Integer::intValue).toArray();
    }

    private static void divide(int from, int to, int most, List<Integer> firsts) {
        if (most == 1 || to - from == 1) {
            firsts.add(from);
            return;
        }
        int middle = middle(from, to);
        divide(from, middle, most - most / 2, firsts);
        divide(middle, to, most / 2, firsts);
    }

    /**
     * Returns the sum of lanes [0, lanes) from sums of nodes of the tree, which must cover each lane once. The sums are changed:
     * left ones are added to.
     */
    public static GradientSum merge(int lanes, List<LaneSum> nodes) {
        GradientSum root = mergeLosses(lanes, nodes);
        mergeEntries(lanes, nodes, 0, root.gradient().length);
        return root;
    }

    /**
     * The part of {@link #merge} that several threads can share, after {@link #mergeLosses}: of the entries from
     * (inclusive) to (exclusive) alone. A run of them at a time, so that what is added is still in the cache when it is
     * added to the next.
     */
    public static void mergeEntries(int lanes, List<LaneSum> nodes, int from, int to) {
        for (int start = from; start < to; start += RUN) {
            mergeEntries(0, lanes, nodes, start, Math.min(to, start + RUN));
        }
    }

    private static GradientSum mergeEntries(int firstLane, int endLane, List<LaneSum> nodes, int from, int to) {
        GradientSum known = find(firstLane, endLane, nodes);
        if (known != null) {
            return known;
        }
        int middle = middle(firstLane, endLane);
        GradientSum left = mergeEntries(firstLane, middle, nodes, from, to);
        left.addEntries(mergeEntries(middle, endLane, nodes, from, to), from, to);
        return left;
    }

    /** The part of {@link #merge} that comes first: the losses. Returns the sum that all others are added to. */
    public static GradientSum mergeLosses(int lanes, List<LaneSum> nodes) {
        return mergeLosses(0, lanes, nodes);
    }

    private static GradientSum mergeLosses(int from, int to, List<LaneSum> nodes) {
        GradientSum known = find(from, to, nodes);
        if (known != null) {
            return known;
        }
        int middle = middle(from, to);
        GradientSum left = mergeLosses(from, middle, nodes);
        left.addLosses(mergeLosses(middle, to, nodes));
        return left;
    }

    /** The sum of exactly these lanes; null when it must be made of others. */
    private static GradientSum find(int from, int to, List<LaneSum> nodes) {
        for (int i = 0; i < nodes.size(); i++) {
            LaneSum node = nodes.get(i);
            if (node.from() == from && node.to() == to) {
                return node.sum();
            }
        }
        if (to - from < 2) {
            throw new IllegalStateException("no sum covers lane " + from);
        }
        return null;
    }

    /**
     * Adds siblings as long as there are any, and returns the nodes that are left, in the order of their lanes: the fewest that
     * stand for the same lanes. Whoever gets them can go on to {@link #merge}.
     *
     * @param lanes of the whole tree
     * @param nodes that have no lane in common; left ones are added to
     */
    public static List<LaneSum> combine(int lanes, List<LaneSum> nodes) {
        List<LaneSum> combined = new ArrayList<>();
        combine(0, lanes, nodes, combined);
        return combined;
    }

    /** Appends what is left of the nodes within [from, to). */
    private static void combine(int from, int to, List<LaneSum> nodes, List<LaneSum> combined) {
        boolean any = false;
        for (LaneSum node : nodes) {
            if (node.from() == from && node.to() == to) {
                combined.add(node);
                return;
            }
            any |= node.from() >= from && node.to() <= to;
        }
        if (!any) {
            return;
        }
        int middle = middle(from, to);
        int first = combined.size();
        combine(from, middle, nodes, combined);
        combine(middle, to, nodes, combined);
        if (combined.size() == first + 2
                && combined.get(first).from() == from
                && combined.get(first).to() == middle
                && combined.get(first + 1).to() == to
                && combined.get(first + 1).from() == middle) {
            LaneSum left = combined.get(first);
            left.sum().add(combined.remove(first + 1).sum());
            combined.set(first, new LaneSum(from, to, left.sum()));
        }
    }
}
