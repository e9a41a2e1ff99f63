package dev.backdraft.spark.engine.resident;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The branches that are asked and have not answered. Used under the lock of the {@link Coordinator}. */
final class OpenAsks {
    private final Map<Member, Open> open = new HashMap<>(); // by the roots of the branches
    private final Set<Member> busy = new HashSet<>(); // all members of the branches

    private record Open(Branch branch, long since) {}

    void add(Branch branch) {
        open.put(branch.member(), new Open(branch, System.nanoTime()));
        busy.addAll(branch.members());
    }

    /** Whether a member is in any of the branches. */
    boolean isBusy(Member member) {
        return busy.contains(member);
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    int size() {
        return open.size();
    }

    void clear() {
        open.clear();
        busy.clear();
    }

    /** Closes the branch of a root that has answered. Returns false when this ask is not open. */
    boolean answered(Member root, long ask) {
        Open found = open.get(root);
        if (found == null || found.branch().ask().number() != ask) {
            return false;
        }
        remove(found.branch());
        return true;
    }

    /** The branches that have been open for longer. */
    List<Branch> olderThan(long nanos) {
        List<Branch> late = new ArrayList<>();
        for (Open each : open.values()) {
            if (System.nanoTime() - each.since() > nanos) {
                late.add(each.branch());
            }
        }
        return late;
    }

    /** Gives up on branches; adds what they were asked for to what is missing. */
    void giveUp(Predicate<Branch> which, BitSet missing) {
        for (Open each : List.copyOf(open.values())) {
            if (which.test(each.branch())) {
                remove(each.branch());
                missing.or(each.branch().parts());
            }
        }
    }

    private void remove(Branch branch) {
        open.remove(branch.member());
        branch.members().forEach(busy::remove);
    }
}
