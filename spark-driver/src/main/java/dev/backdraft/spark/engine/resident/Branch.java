package dev.backdraft.spark.engine.resident;

import dev.backdraft.train.engine.GradientTree;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * An {@link Ask} to one JVM, and the branches that this JVM hands the parameters on to and takes answers from. Without any, the
 * driver talks to it alone.
 *
 * @param children in the order of their partitions
 */
record Branch(Member member, Ask ask, List<Branch> children) {
    static Branch leaf(Member member, Ask ask) {
        return new Branch(member, ask, List.of());
    }

    /**
     * Makes a forest of few trees. A range of members is divided as the {@link GradientTree} divides lanes: where each JVM has
     * the same number of lanes, every sum that goes up is of all that is below it.
     *
     * @param asks with no children, in the order of their partitions
     * @param fanOut trees at most
     */
    static List<Branch> forest(List<Branch> asks, int fanOut) {
        int[] firsts = GradientTree.divide(asks.size(), fanOut);
        List<Branch> roots = new ArrayList<>();
        for (int i = 0; i < firsts.length; i++) {
            roots.add(grown(asks, firsts[i], i + 1 < firsts.length ? firsts[i + 1] : asks.size()));
        }
        return roots;
    }

    /** The tree of the members [from, to). */
    private static Branch grown(List<Branch> asks, int from, int to) {
        List<Branch> children = new ArrayList<>();
        int end = to;
        while (end - from > 1) {
            int middle = GradientTree.middle(from, end);
            children.add(grown(asks, middle, end));
            end = middle;
        }
        return new Branch(asks.get(from).member(), asks.get(from).ask(), List.copyOf(children));
    }

    /** The members of the whole branch. */
    List<Member> members() {
        List<Member> members = new ArrayList<>();
        gather(members);
        return members;
    }

    private void gather(List<Member> members) {
        members.add(member);
        children.forEach(child -> child.gather(members));
    }

    /** Whether anybody in the branch was given this ask. */
    boolean has(long askNumber) {
        return ask.number() == askNumber || children.stream().anyMatch(child -> child.has(askNumber));
    }

    /** Whether this attempt of a task has a share in the branch. */
    boolean hasAttempt(long attempt) {
        return ask.shares().stream().anyMatch(share -> share.attempt() == attempt)
                || children.stream().anyMatch(child -> child.hasAttempt(attempt));
    }

    /** The partitions that the branch is asked for. */
    BitSet parts() {
        BitSet parts = new BitSet();
        for (Share share : ask.shares()) {
            for (int part : share.parts()) {
                parts.set(part);
            }
        }
        children.forEach(child -> parts.or(child.parts()));
        return parts;
    }
}
