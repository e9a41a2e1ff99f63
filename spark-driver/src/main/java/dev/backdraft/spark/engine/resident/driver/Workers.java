package dev.backdraft.spark.engine.resident.driver;

import dev.backdraft.data.EvenSplit;
import dev.backdraft.spark.engine.resident.protocol.Request;
import dev.backdraft.spark.engine.resident.protocol.Request.Assignment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The workers of a session: which of them are present, which parts of the data each of them has, and who computes the
 * parts of a worker that is missing or late. A worker is an index of the job's tasks. Several attempts of its task may
 * be present, as when Spark speculates: the one that joined first works, the others stand by.
 *
 * <p><b>The deal.</b> Each worker has a place, and each place a contiguous run of the parts. The workers of one
 * executor have adjacent places. So their lanes are neighbors in the reduction tree, and the executor can add the sums
 * of all of them before it sends anything. (Spark assigns tasks to executors in turn.) The deal is made when all
 * workers are present or have had their time, and kept: a rerun of a worker's task takes its place, so blocks stay
 * where they are cached. Workers that join later have places, too, but perhaps not beside those of their executor. So
 * there is one more deal, when all workers are present for the first time.
 *
 * <p><b>Lateness</b> is a property of attempts. All attempts with an assignment in a request that took too long are
 * late, and get no other request, in this step or in later ones, until the executor has answered that request or has
 * failed to read it, or reports that one of its workers has finished with an old one, or one of these attempts ends (it
 * may have been the one that took too long). Other attempts on the same executor, such as one that joins meanwhile,
 * work.
 *
 * <p>Not thread-safe: it belongs to the {@link Coordinator}.
 */
final class Workers {
    /** An attempt of a worker's task. */
    record Seat(ExecutorHandle executor, int worker, long attempt) {}

    private final List<List<Seat>> seats = new ArrayList<>(); // by worker, in the order in which they joined
    private final long[] emptySince; // nanoTime; of workers without a seat
    private final long registrationNanos;
    private final Map<Seat, Request> late = new HashMap<>(); // what they took too long for
    private boolean anyJoined;
    private long firstJoined; // nanoTime
    private int[] workerAt; // by place; null until the deal is made
    private boolean dealtToAll;

    /** @param registrationNanos for how long a missing worker's parts wait for it */
    Workers(int workers, long registrationNanos) {
        this.registrationNanos = registrationNanos;
        emptySince = new long[workers];
        for (int i = 0; i < workers; i++) {
            seats.add(new ArrayList<>());
            emptySince[i] = System.nanoTime();
        }
    }

    int count() {
        return seats.size();
    }

    /** The number of workers that are present. */
    int present() {
        int present = 0;
        for (List<Seat> attempts : seats) {
            present += attempts.isEmpty() ? 0 : 1;
        }
        return present;
    }

    /** Whether any worker ever joined. */
    boolean anyJoined() {
        return anyJoined;
    }

    /** The executors that any attempt runs on. */
    Set<ExecutorHandle> executors() {
        Set<ExecutorHandle> executors = new LinkedHashSet<>();
        seats.forEach(attempts -> attempts.forEach(seat -> executors.add(seat.executor())));
        return executors;
    }

    void joined(Seat seat) {
        seats.get(seat.worker()).add(seat);
        if (!anyJoined) {
            anyJoined = true;
            firstJoined = System.nanoTime();
            Arrays.fill(emptySince, firstJoined); // until now all of them waited for slots
        }
    }

    void left(Seat seat) {
        if (seats.get(seat.worker()).remove(seat)) {
            noteEmpty(seat.worker());
        }
        Request of = late.get(seat);
        if (of != null) { // this may have been the attempt that took too long, and no reply will come
            answered(seat.executor(), of.number());
        }
    }

    /** The connection to an executor is lost, and with it all its workers. */
    void lost(ExecutorHandle executor) {
        clearLate(executor);
        for (int i = 0; i < seats.size(); i++) {
            if (seats.get(i).removeIf(seat -> seat.executor() == executor)) {
                noteEmpty(i);
            }
        }
    }

    private void noteEmpty(int worker) {
        if (seats.get(worker).isEmpty()) {
            emptySince[worker] = System.nanoTime();
        }
    }

    /** An executor takes too long for a request: the attempts that work on it get no other until it has finished. */
    void setLate(ExecutorHandle executor, Request request) {
        request.assignments().forEach(each -> late.put(new Seat(executor, each.worker(), each.attempt()), request));
    }

    /** An executor is done with a request: its attempts are not late with that one any more. */
    void answered(ExecutorHandle executor, long request) {
        late.entrySet()
                .removeIf(entry -> entry.getKey().executor() == executor
                        && entry.getValue().number() == request);
    }

    /** A worker of an executor has finished with an old request: none of its attempts is taken for late any more. */
    void clearLate(ExecutorHandle executor) {
        late.keySet().removeIf(seat -> seat.executor() == executor);
    }

    /** Whether the parts are dealt to the workers. Deals them when it is time. */
    boolean areDealt() {
        if (anyJoined && !dealtToAll) {
            dealtToAll = present() == count();
            boolean overdue = System.nanoTime() - firstJoined > registrationNanos;
            if (dealtToAll || (workerAt == null && overdue)) {
                workerAt = deal();
            }
        }
        return workerAt != null;
    }

    /** Executors in the order of their first workers; workers that are not present come last. */
    private int[] deal() {
        Map<ExecutorHandle, Integer> order = new HashMap<>();
        List<Integer> present = new ArrayList<>();
        List<Integer> absent = new ArrayList<>();
        for (int worker = 0; worker < count(); worker++) {
            Seat seat = seat(worker);
            if (seat == null) {
                absent.add(worker);
            } else {
                order.putIfAbsent(seat.executor(), worker);
                present.add(worker);
            }
        }
        present.sort(Comparator.comparing(worker -> order.get(seat(worker).executor())));
        present.addAll(absent);
        return present.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The attempt that works; null when none is present. */
    private Seat seat(int worker) {
        List<Seat> attempts = seats.get(worker);
        return attempts.isEmpty() ? null : attempts.get(0);
    }

    /** Whether any worker could get a request now. */
    boolean anyFree(Predicate<ExecutorHandle> isBusy) {
        return seats.stream().flatMap(List::stream).anyMatch(seat -> isFree(seat, isBusy));
    }

    private boolean isFree(Seat seat, Predicate<ExecutorHandle> isBusy) {
        return !isBusy.test(seat.executor()) && !late.containsKey(seat);
    }

    /**
     * Assigns the missing parts that a worker can compute now, in the order of the parts. A worker gets its own parts.
     * Those of a worker that is missing wait for it for some time, unless an attempt stands by; then they go to the
     * workers with the least to do. To be called when parts {@linkplain #areDealt are dealt}.
     *
     * @param missing parts; those that are assigned are removed
     * @param partCount parts of the data
     */
    Map<ExecutorHandle, List<Assignment>> assign(BitSet missing, int partCount, Predicate<ExecutorHandle> isBusy) {
        Map<Seat, BitSet> taken = new LinkedHashMap<>();
        for (int part = missing.nextSetBit(0); part >= 0; part = missing.nextSetBit(part + 1)) {
            int owner = workerAt[EvenSplit.runOf(partCount, workerAt.length, part)];
            Seat taker = taker(owner, taken, isBusy);
            if (taker != null) {
                taken.computeIfAbsent(taker, key -> new BitSet()).set(part);
            }
        }
        Map<ExecutorHandle, List<Assignment>> assignments = new LinkedHashMap<>();
        taken.forEach((seat, parts) -> {
            missing.andNot(parts);
            assignments
                    .computeIfAbsent(seat.executor(), key -> new ArrayList<>())
                    .add(new Assignment(
                            seat.worker(), seat.attempt(), parts.stream().toArray()));
        });
        return assignments;
    }

    /** Who computes a part of this worker's; null when the part waits for it. */
    private Seat taker(int owner, Map<Seat, BitSet> taken, Predicate<ExecutorHandle> isBusy) {
        Seat own = seat(owner);
        if (own != null && isFree(own, isBusy)) {
            return own;
        }
        boolean waits =
                own == null ? System.nanoTime() - emptySince[owner] <= registrationNanos : !late.containsKey(own);
        Seat best = null;
        int least = Integer.MAX_VALUE;
        for (List<Seat> attempts : seats) {
            for (int i = 0; i < attempts.size(); i++) {
                Seat other = attempts.get(i);
                boolean standsBy = own == null && i > 0; // would have nothing else to do
                if ((!waits || standsBy) && isFree(other, isBusy)) {
                    BitSet load = taken.get(other);
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
