package dev.backdraft.spark.engine.resident;

import dev.backdraft.train.RangeTask;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The driver's own JVM, which has workers when the master is local. Nothing is serialized, and nothing copied: a task finds its
 * group by the session's id.
 */
final class LocalMember implements Member, Member.Outlet, WorkerGroup.Uplink {
    private static final ConcurrentMap<String, WorkerGroup> GROUPS =
            new ConcurrentHashMap<>(); // of open sessions, by id

    private final Coordinator coordinator;
    private final WorkerGroup group;

    LocalMember(Coordinator coordinator, long spinNanos) {
        this.coordinator = coordinator;
        group = new WorkerGroup(this, spinNanos, false);
    }

    /** The group that a session of this JVM opened; null when there is none. */
    static WorkerGroup find(String session) {
        return GROUPS.get(session);
    }

    void open(String session) {
        GROUPS.put(session, group);
    }

    static void close(String session) {
        GROUPS.remove(session);
    }

    @Override
    public long ask(List<Branch> branches) {
        branches.forEach(branch -> group.askAndHelp(branch.ask()));
        return 0; // a reference is written, and then this thread computes
    }

    /** Does a task on the thread that calls and those of idle workers. */
    void overRanges(int length, RangeTask task) {
        group.overRanges(length, task);
    }

    @Override
    public boolean isReachable() {
        return false;
    }

    @Override
    public void stop() {
        group.stop();
    }

    @Override
    public void joined(Worker worker) {
        coordinator.joined(this, worker.index(), worker.attempt());
    }

    @Override
    public void left(Worker worker) {
        coordinator.left(this, worker.index(), worker.attempt());
    }

    @Override
    public void answered(Answer answer) {
        coordinator.answered(this, answer);
    }
}
