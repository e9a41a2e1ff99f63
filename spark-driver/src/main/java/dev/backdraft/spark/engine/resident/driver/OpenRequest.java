package dev.backdraft.spark.engine.resident.driver;

import dev.backdraft.spark.engine.resident.protocol.Request;
import dev.backdraft.spark.engine.resident.protocol.Request.Forward;
import dev.backdraft.train.GradientTree;
import java.util.ArrayList;
import java.util.List;

/**
 * A request that the driver sends to an executor, and that is open until the reply comes.
 *
 * @param executor that the driver sends it to
 * @param executors all that work on it: this one, and those to which it is forwarded
 * @param since nanoTime
 */
record OpenRequest(ExecutorHandle executor, Request request, List<ExecutorHandle> executors, long since) {
    /** A request that is forwarded to nobody. */
    static OpenRequest direct(ExecutorHandle executor, Request request) {
        return new OpenRequest(executor, request, List.of(executor), System.nanoTime());
    }

    /**
     * Combines requests into a few trees, so that the driver sends few and receives few replies. A range of executors is divided as
     * the {@link GradientTree} divides lanes. So where all executors have the same number of lanes, each sends up one sum, that of
     * all lanes below it.
     *
     * @param requests direct, in the order of their parts
     * @param fanOut trees at most
     */
    static List<OpenRequest> trees(List<OpenRequest> requests, int fanOut) {
        List<OpenRequest> roots = new ArrayList<>();
        grow(requests, 0, requests.size(), fanOut, roots);
        return roots;
    }

    /** Appends at most {@code trees} trees of the requests [from, to). */
    private static void grow(List<OpenRequest> requests, int from, int to, int trees, List<OpenRequest> roots) {
        if (trees > 1 && to - from > 1) {
            int middle = GradientTree.middle(from, to);
            int right = trees / 2;
            grow(requests, from, middle, trees - right, roots);
            grow(requests, middle, to, right, roots);
            return;
        }
        List<OpenRequest> children = new ArrayList<>();
        int end = to;
        while (end - from > 1) {
            int middle = GradientTree.middle(from, end);
            grow(requests, middle, end, 1, children);
            end = middle;
        }
        roots.add(requests.get(from).over(children));
    }

    private OpenRequest over(List<OpenRequest> children) {
        List<Forward> forwards = new ArrayList<>();
        List<ExecutorHandle> all = new ArrayList<>(executors);
        for (OpenRequest child : children) {
            forwards.add(new Forward(child.executor.address(), child.request));
            all.addAll(child.executors);
        }
        return new OpenRequest(executor, request.forwarding(forwards), all, since);
    }
}
