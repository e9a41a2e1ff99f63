package dev.backdraft.spark.engine.resident.protocol;

import dev.backdraft.train.engine.GradientTree;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A request to one executor: what to compute, which of its workers computes which parts of the data, and the requests
 * that it forwards to other executors, whose replies it adds to its own. The executor answers with a {@link Reply} of
 * the same number.
 *
 * @param number increasing; when parts are requested again because a worker was lost, that is another request, and
 *     replies to the old one are dropped
 * @param to where the executor listens for requests that others forward to it; {@link Messages#NOWHERE} when it does
 *     not, and in a request that has arrived
 * @param forwards to other executors, in the order of their parts; empty when the driver talks to all executors itself
 */
public record Request(
        long number, InetSocketAddress to, Work work, List<Assignment> assignments, List<Request> forwards) {
    /**
     * What to compute: the gradient of a step, or the measures of the validation rows. Together with the blocks, this
     * determines the result bit for bit, whoever computes it.
     *
     * @param epoch counted from 1; 0 for {@link Kind#MEASURES}
     * @param step within the epoch; 0 for {@link Kind#MEASURES}
     * @param activeLanes lanes that have rows in this step, the leaves of the tree; 0 for {@link Kind#MEASURES}
     * @param parameters read while the request is open
     */
    public record Work(Kind kind, int epoch, long step, int activeLanes, float[] parameters) {
        public static Work gradient(int epoch, long step, int activeLanes, float[] parameters) {
            return new Work(Kind.GRADIENT, epoch, step, activeLanes, parameters);
        }

        public static Work measures(float[] parameters) {
            return new Work(Kind.MEASURES, 0, 0, 0, parameters);
        }
    }

    /** What is computed. */
    public enum Kind {
        GRADIENT,
        MEASURES
    }

    /**
     * The parts that one worker computes.
     *
     * @param worker index of the worker
     * @param attempt Spark's id of the attempt of its task
     * @param parts of the training or validation rows, increasing; kept, not changed
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared by content
    public record Assignment(int worker, long attempt, int[] parts) {}

    /** This request with others to forward. */
    public Request forwarding(List<Request> others) {
        return new Request(number, to, work, assignments, List.copyOf(others));
    }

    /**
     * Combines requests into a few trees, so that the driver sends few and receives few replies. A range of executors
     * is divided as the {@link GradientTree} divides lanes. So where all executors have the same number of lanes, each
     * sends up one sum, that of all lanes below it.
     *
     * @param requests that forward nothing, in the order of their parts
     * @param fanOut trees at most
     */
    public static List<Request> trees(List<Request> requests, int fanOut) {
        List<Request> roots = new ArrayList<>();
        int[] firsts = GradientTree.divide(requests.size(), fanOut);
        for (int i = 0; i < firsts.length; i++) {
            roots.add(tree(requests, firsts[i], i + 1 < firsts.length ? firsts[i + 1] : requests.size()));
        }
        return roots;
    }

    /** The tree of the requests [from, to). */
    private static Request tree(List<Request> requests, int from, int to) {
        List<Request> children = new ArrayList<>();
        int end = to;
        while (end - from > 1) {
            int middle = GradientTree.middle(from, end);
            children.add(tree(requests, middle, end));
            end = middle;
        }
        return requests.get(from).forwarding(children);
    }

    /** The numbers of this request and of all that it forwards. */
    public List<Long> numbers() {
        List<Long> numbers = new ArrayList<>(List.of(number));
        forwards.forEach(forward -> numbers.addAll(forward.numbers()));
        return numbers;
    }

    /** Whether this request, or one that it forwards, has this number. */
    public boolean contains(long requestNumber) {
        return number == requestNumber || forwards.stream().anyMatch(forward -> forward.contains(requestNumber));
    }

    /** Whether this attempt of a task has an assignment in this request or in one that it forwards. */
    public boolean hasAttempt(long attempt) {
        return assignments.stream().anyMatch(assignment -> assignment.attempt() == attempt)
                || forwards.stream().anyMatch(forward -> forward.hasAttempt(attempt));
    }

    /** All parts that are requested, including those of forwarded requests. */
    public BitSet parts() {
        BitSet parts = new BitSet();
        for (Assignment assignment : assignments) {
            for (int part : assignment.parts()) {
                parts.set(part);
            }
        }
        forwards.forEach(forward -> parts.or(forward.parts()));
        return parts;
    }
}
