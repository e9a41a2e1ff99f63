package dev.backdraft.spark.engine.resident;

import dev.backdraft.train.engine.GradientTree;
import dev.backdraft.train.engine.LaneSum;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A {@link Question} to the workers of one JVM, and what they have answered so far. When something is asked again because a
 * worker was lost, that is another ask; answers to the former are dropped by their number.
 *
 * <p>Workers {@link #answer} their shares; the one that completes it combines and passes on.
 */
final class Ask {
    private final long number;
    private final Question question;
    private final boolean again;
    private final List<Share> shares;
    private final AtomicInteger left;

    // by share, each written by one thread before left is counted down
    private final List<List<LaneSum>> sums = new ArrayList<>();
    private final List<List<MeasuredBlock>> measured = new ArrayList<>();
    private final long[] computeNanos;

    /**
     * @param again whether these workers may have answered part of the question before: then they must not write into what
     *     they gave out
     */
    Ask(long number, Question question, boolean again, List<Share> shares) {
        this.number = number;
        this.question = question;
        this.again = again;
        this.shares = shares;
        left = new AtomicInteger(shares.size());
        computeNanos = new long[shares.size()];
        for (int i = 0; i < shares.size(); i++) {
            sums.add(List.of());
            measured.add(List.of());
        }
    }

    long number() {
        return number;
    }

    Question question() {
        return question;
    }

    boolean again() {
        return again;
    }

    List<Share> shares() {
        return shares;
    }

    /** The share of a worker; null when it has none. */
    Share share(Worker worker) {
        for (Share share : shares) {
            if (share.worker() == worker.index() && share.attempt() == worker.attempt()) {
                return share;
            }
        }
        return null;
    }

    /** Does the share of a worker. Returns true when it was the last. */
    boolean answer(Share share, Worker worker) {
        int i = shares.indexOf(share);
        long start = System.nanoTime();
        if (question.kind() == Question.Kind.GRADIENT) {
            sums.set(i, worker.gradient(question, share.parts(), again));
        } else {
            measured.set(i, worker.measures(question, share.parts()));
        }
        computeNanos[i] = System.nanoTime() - start;
        return left.decrementAndGet() == 0;
    }

    /** Whether all shares are done: then nobody reads the parameters any more. */
    boolean isAnswered() {
        return left.get() == 0;
    }

    /** The answer, with siblings added; for the thread that has done the last share. */
    Answer answer() {
        List<LaneSum> nodes = new ArrayList<>();
        sums.forEach(nodes::addAll);
        List<MeasuredBlock> blocks = new ArrayList<>();
        measured.forEach(blocks::addAll);
        long slowest = 0;
        for (long nanos : computeNanos) {
            slowest = Math.max(slowest, nanos);
        }
        long start = System.nanoTime();
        List<LaneSum> combined = shares.size() < 2 ? nodes : GradientTree.combine(question.activeLanes(), nodes);
        return new Answer(number, combined, blocks, slowest, System.nanoTime() - start);
    }
}
