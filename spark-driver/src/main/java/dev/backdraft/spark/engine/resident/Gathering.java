package dev.backdraft.spark.engine.resident;

import dev.backdraft.network.GradientSum;
import dev.backdraft.spark.engine.wire.SparkTransport.Link;
import dev.backdraft.spark.internal.SparkTransport.Link;
import dev.backdraft.train.engine.GradientTree;
import dev.backdraft.train.engine.LaneSum;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an executor owes whoever asked it: its own answer, and those of the executors below it, with siblings added. Not
 * thread-safe.
 */
final class Gathering {
    private final Ask ask;
    private final Link above;
    private final Set<Long> expected = new HashSet<>(); // numbers of asks without an answer
    private final Map<Long, Link> links = new HashMap<>(); // of the asks that were handed on
    private final List<LaneSum> sums = new ArrayList<>();
    private final List<MeasuredBlock> measured = new ArrayList<>();
    private final List<GradientSum> received = new ArrayList<>();
    private final boolean alone;
    private long computeNanos;
    private long combineNanos;
    private boolean handedOn;

    /**
     * @param ask to this executor
     * @param above who asked
     * @param below numbers of the asks to be handed on
     */
    Gathering(Ask ask, Link above, List<Long> below) {
        this.ask = ask;
        this.above = above;
        expected.add(ask.number());
        expected.addAll(below);
        alone = below.isEmpty();
        handedOn = alone;
    }

    Ask ask() {
        return ask;
    }

    Link above() {
        return above;
    }

    /** An ask goes out on this connection. */
    void handOn(long number, Link link) {
        links.put(number, link);
    }

    /** The parameters have been sent to all below, or never will be. */
    void endHandOn() {
        handedOn = true;
    }

    /** Whether nobody reads the parameters any more. */
    boolean isDoneWithParameters() {
        return handedOn && ask.isAnswered();
    }

    /** Whether an answer is still to come on this connection. */
    boolean waitsFor(Link link) {
        return links.entrySet().stream()
                .anyMatch(entry -> entry.getValue() == link && expected.contains(entry.getKey()));
    }

    /** Whether the answer to this ask is still to come. */
    boolean waitsFor(long number) {
        return expected.contains(number);
    }

    /** Takes an answer. Returns false, and keeps nothing, when it is not one that is waited for. */
    boolean add(Answer answer) {
        if (!expected.remove(answer.ask())) {
            return false;
        }
        sums.addAll(answer.sums());
        measured.addAll(answer.measured());
        if (answer.ask() != ask.number()) {
            answer.sums().forEach(node -> received.add(node.sum()));
        }
        computeNanos = Math.max(computeNanos, answer.computeNanos());
        combineNanos = Math.max(combineNanos, answer.combineNanos());
        return true;
    }

    boolean isComplete() {
        return expected.isEmpty();
    }

    /** What goes up. */
    Answer combined() {
        long start = System.nanoTime();
        List<LaneSum> nodes = alone ? sums : GradientTree.combine(ask.question().activeLanes(), sums);
        return new Answer(ask.number(), nodes, measured, computeNanos, combineNanos + System.nanoTime() - start);
    }

    /** Sums that came over the network: of no use after the answer is sent. */
    List<GradientSum> received() {
        return received;
    }
}
