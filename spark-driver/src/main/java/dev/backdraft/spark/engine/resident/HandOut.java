package dev.backdraft.spark.engine.resident;

import dev.backdraft.spark.engine.resident.Roster.Seat;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who does which partitions. A worker does its own; those of a worker that is not there wait for it for some time, unless there
 * is an attempt with nothing else to do, and go to those with least to do then. Used under the lock of the {@link Coordinator}.
 */
final class HandOut {
    private final Roster roster;
    private final Deal deal;
    private final OpenAsks open;
    private final Set<Member> stalled;
    private final long registrationNanos;

    /**
     * @param deal of the partitions to workers
     * @param open what members are asked at the moment
     * @param stalled members that have taken too long; may change
     * @param registrationNanos how long a worker's partitions wait for it
     */
    HandOut(Roster roster, Deal deal, OpenAsks open, Set<Member> stalled, long registrationNanos) {
        this.roster = roster;
        this.deal = deal;
        this.open = open;
        this.stalled = stalled;
        this.registrationNanos = registrationNanos;
    }

    /** Whether any worker could be asked now. */
    boolean anyFree() {
        return roster.anySeat(this::isFree);
    }

    private boolean isFree(Seat seat) {
        return !open.isBusy(seat.member()) && !stalled.contains(seat.member());
    }

    /**
     * Shares for the missing partitions that somebody can do now; removes these from the missing. In the order of the partitions.
     *
     * @param parts of the data in all
     */
    Map<Member, List<Share>> shares(BitSet missing, int parts) {
        Map<Seat, BitSet> work = new LinkedHashMap<>();
        for (int part = missing.nextSetBit(0); part >= 0; part = missing.nextSetBit(part + 1)) {
            Seat taker = taker(part, parts, work);
            if (taker != null) {
                work.computeIfAbsent(taker, key -> new BitSet()).set(part);
            }
        }
        Map<Member, List<Share>> shares = new LinkedHashMap<>();
        work.forEach((seat, taken) -> {
            missing.andNot(taken);
            shares.computeIfAbsent(seat.member(), key -> new ArrayList<>())
                    .add(new Share(seat.worker(), seat.attempt(), taken.stream().toArray()));
        });
        return shares;
    }

    /** Who does a partition; null to wait for its worker. */
    private Seat taker(int part, int parts, Map<Seat, BitSet> work) {
        int owner = deal.owner(part, parts);
        Seat seat = roster.seat(owner);
        if (seat != null && isFree(seat)) {
            return seat;
        }
        boolean waits = seat == null ? roster.nanosEmpty(owner) <= registrationNanos : !stalled.contains(seat.member());
        Seat best = null;
        int least = Integer.MAX_VALUE;
        for (int worker = 0; worker < roster.workers(); worker++) {
            List<Seat> attempts = roster.attempts(worker);
            for (int i = 0; i < attempts.size(); i++) {
                Seat other = attempts.get(i);
                boolean standsBy = seat == null && i > 0; // would have nothing else to do
                if ((!waits || standsBy) && isFree(other)) {
                    BitSet load = work.get(other);
                    int size = load == null ? 0 : load.cardinality();
                    if (size < least) {
                        best = other;
                        least = size;
                    }
                }
            }
        }
        return best;
    }
}
