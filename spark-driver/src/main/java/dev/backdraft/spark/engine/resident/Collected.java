package dev.backdraft.spark.engine.resident;

import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.train.LaneSum;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What has come in for one {@link Question}, and what is missing. Changed under the lock of the {@link Coordinator}. */
final class Collected {
    private final Question question;
    private final BlockSet parts;
    private final BitSet missing = new BitSet(); // partitions that nobody is asked for
    private final Set<Member> asked = new HashSet<>();
    private final List<LaneSum> sums = new ArrayList<>();
    private final List<MeasuredBlock> measured = new ArrayList<>();
    private long computeNanos;
    private long combineNanos;
    private long publishNanos;
    private long bytesSent;
    private long bytesReceived;

    Collected(Question question, BlockSet parts) {
        this.question = question;
        this.parts = parts;
        int count = parts.parts();
        if (question.kind() == Question.Kind.GRADIENT) {
            count = parts.partOfLane(question.activeLanes() - 1) + 1; // the others have no rows in this step
        }
        missing.set(0, count);
    }

    Question question() {
        return question;
    }

    /** Number of partitions of the data, asked for or not. */
    int partCount() {
        return parts.parts();
    }

    /** Partitions that nobody is asked for at the moment; the set itself. */
    BitSet missing() {
        return missing;
    }

    /** Notes that a member is asked. Returns whether it was asked before. */
    boolean askAgain(Member member) {
        return !asked.add(member);
    }

    /** Whether anybody has been asked yet. */
    boolean isFirstRound() {
        return asked.isEmpty();
    }

    List<LaneSum> sums() {
        return sums;
    }

    List<MeasuredBlock> measured() {
        return measured;
    }

    /** The slowest worker's. */
    long computeNanos() {
        return computeNanos;
    }

    long combineNanos() {
        return combineNanos;
    }

    /** Time that the thread that asks took to send. */
    long publishNanos() {
        return publishNanos;
    }

    /** By the driver, while it waited. */
    long bytesSent() {
        return bytesSent;
    }

    long bytesReceived() {
        return bytesReceived;
    }

    void setTraffic(long sent, long received) {
        bytesSent = sent;
        bytesReceived = received;
    }

    void addPublishNanos(long nanos) {
        publishNanos += nanos;
    }

    void add(Answer answer) {
        sums.addAll(answer.sums());
        measured.addAll(answer.measured());
        computeNanos = Math.max(computeNanos, answer.computeNanos());
        combineNanos = Math.max(combineNanos, answer.combineNanos());
    }
}
