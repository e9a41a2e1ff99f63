package dev.backdraft.spark.engine.resident;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which worker sits where. A worker is an index of the job's tasks; more than one attempt of its task may be there, as when Spark
 * speculates: the one that came first works, the others stand by. Not thread-safe.
 */
final class Roster {
    /** An attempt of a worker's task. */
    record Seat(Member member, int worker, long attempt) {}

    private final List<List<Seat>> seats = new ArrayList<>(); // by worker, in the order of their coming
    private final long[] emptySince; // nanoTime; of workers without a seat
    private boolean everTaken;
    private long firstTaken; // nanoTime

    Roster(int workers) {
        emptySince = new long[workers];
        for (int i = 0; i < workers; i++) {
            seats.add(new ArrayList<>());
            emptySince[i] = System.nanoTime();
        }
    }

    int workers() {
        return seats.size();
    }

    /** Whether anybody ever came. */
    boolean everTaken() {
        return everTaken;
    }

    void add(Seat seat) {
        seats.get(seat.worker()).add(seat);
        if (!everTaken) {
            everTaken = true;
            firstTaken = System.nanoTime();
            Arrays.fill(emptySince, firstTaken); // until now all of them waited for slots
        }
    }

    /** For how long the first worker has been there, or had been before it left; 0 when none has come. */
    long nanosSinceFirst() {
        return everTaken ? System.nanoTime() - firstTaken : 0;
    }

    void remove(Seat seat) {
        if (seats.get(seat.worker()).remove(seat)) {
            noteEmpty(seat.worker());
        }
    }

    void removeAll(Member member) {
        for (int i = 0; i < seats.size(); i++) {
            if (seats.get(i).removeIf(seat -> seat.member() == member)) {
                noteEmpty(i);
            }
        }
    }

    private void noteEmpty(int worker) {
        if (seats.get(worker).isEmpty()) {
            emptySince[worker] = System.nanoTime();
        }
    }

    /** The attempt that works; null when there is none. */
    Seat seat(int worker) {
        List<Seat> attempts = seats.get(worker);
        return attempts.isEmpty() ? null : attempts.get(0);
    }

    /** All attempts of a worker that are there; the list itself. */
    List<Seat> attempts(int worker) {
        return seats.get(worker);
    }

    /** Whether this holds for any attempt of any worker. */
    boolean anySeat(Predicate<Seat> condition) {
        return seats.stream().anyMatch(attempts -> attempts.stream().anyMatch(condition));
    }

    /** For how long a worker has not been there; 0 when it is. */
    long nanosEmpty(int worker) {
        return seats.get(worker).isEmpty() ? System.nanoTime() - emptySince[worker] : 0;
    }

    /** The JVMs that any attempt is in. */
    Set<Member> members() {
        Set<Member> members = new LinkedHashSet<>();
        seats.forEach(attempts -> attempts.forEach(seat -> members.add(seat.member())));
        return members;
    }

    /** The workers that are there. */
    int present() {
        int present = 0;
        for (List<Seat> attempts : seats) {
            present += attempts.isEmpty() ? 0 : 1;
        }
        return present;
    }
}
