package dev.backdraft.spark.engine.resident.driver;

import dev.backdraft.spark.engine.resident.protocol.Request;
import dev.backdraft.spark.engine.resident.protocol.Request.Forward;
import dev.backdraft.train.engine.GradientTree;
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
     * Combines requests into a few trees, so that the driver sends few and receives few replies. A range of executors
     * is divided as the {@link GradientTree} divides lanes. So where all executors have the same number of lanes, each
     * sends up one sum, that of all lanes below it.
     *
     * @param requests direct, in the order of their parts
     * @param fanOut trees at most
     */
    static List<OpenRequest> trees(List<OpenRequest> requests, int fanOut) {
        List<OpenRequest> roots = new ArrayList<>();
        int[] firsts = GradientTree.divide(requests.size(), fanOut);
        for (int i = 0; i < firsts.length; i++) {
            roots.add(tree(requests, firsts[i], i + 1 < firsts.length ? firsts[i + 1] : requests.size()));
        }
        return roots;
    }

    /** The tree of the requests [from, to). */
    private static OpenRequest tree(List<OpenRequest> requests, int from, int to) {
        List<OpenRequest> children = new ArrayList<>();
        int end = to;
        while (end - from > 1) {
            int middle = GradientTree.middle(from, end);
            children.add(tree(requests, middle, end));
            end = middle;
        }
        return requests.get(from).over(children);
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
