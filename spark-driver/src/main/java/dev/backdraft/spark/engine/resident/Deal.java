package dev.backdraft.spark.engine.resident;

import dev.backdraft.spark.data.EvenSplit;
import dev.backdraft.spark.engine.resident.Roster.Seat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which partitions are whose. Each worker has a place, and each place a contiguous run of the partitions. The workers
 * of one executor have places side by side: so their lanes are neighbors in the reduction tree, and the executor can
 * add all of them before it sends anything. Spark numbers tasks the other way, one for each executor in turn.
 *
 * <p>Made once, when all workers are there or have had their time, and kept: a rerun of a worker's task takes its
 * place, so that blocks stay where they are cached. Used under the lock of the {@link Coordinator}.
 */
final class Deal {
    private final Roster roster;
    private final long registrationNanos;
    private int[] workers; // by place; null until the deal is made

    /** @param registrationNanos how long after the first worker the others may come and be dealt to like it */
    Deal(Roster roster, long registrationNanos) {
        this.roster = roster;
        this.registrationNanos = registrationNanos;
    }

    /** Whether workers have their places. Makes the deal when it is time. */
    boolean isMade() {
        if (workers == null && roster.everTaken()) {
            if (roster.present() == roster.workers() || roster.nanosSinceFirst() > registrationNanos) {
                workers = places();
            }
        }
        return workers != null;
    }

    /** The worker that a partition is dealt to; for a deal that is made. */
    int owner(int part, int parts) {
        return workers[EvenSplit.runOf(parts, workers.length, part)];
    }

    /** Executors in the order of their first workers; after them the workers that are not there. */
    private int[] places() {
        Map<Member, Integer> order = new HashMap<>();
        List<Integer> present = new ArrayList<>();
        List<Integer> absent = new ArrayList<>();
        for (int worker = 0; worker < roster.workers(); worker++) {
            Seat seat = roster.seat(worker);
            if (seat == null) {
                absent.add(worker);
            } else {
                order.putIfAbsent(seat.member(), worker);
                present.add(worker);
            }
        }
        present.sort(
                Comparator.comparing(worker -> order.get(roster.seat(worker).member())));
        present.addAll(absent);
        return present.stream().mapToInt(Integer::intValue).toArray();
    }
}
