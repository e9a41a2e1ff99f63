package dev.backdraft.train.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TeamTest {
    private static final int MOST_SHARES = 9;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    @Timeout(value = 60, threadMode = SEPARATE_THREAD) // a thread that spins cannot be interrupted
    void doesEachShareOfEachRoundOnce(int size) {
        AtomicIntegerArray done = new AtomicIntegerArray(MOST_SHARES);
        int[] plain = new int[MOST_SHARES]; // whoever does a share sees what was written before, and is seen
        int[] expected = new int[MOST_SHARES];
        try (Team team = new Team("team", size)) {
            for (int round = 0; round < 20_000; round++) {
                int count = 1 + round % MOST_SHARES;
                team.run(count, share -> {
                    done.incrementAndGet(share);
                    plain[share]++;
                });
                for (int i = 0; i < count; i++) {
                    expected[i]++;
                }
                if (!Arrays.equals(plain, expected)) {
                    assertThat(plain).as("round %d", round).isEqualTo(expected);
                }
            }
        }
        for (int i = 0; i < MOST_SHARES; i++) {
            assertThat(done.get(i)).isEqualTo(expected[i]);
        }
    }

    /** New teams meet more shares in each round than in any before, while helpers are late by rounds. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    @Timeout(value = 120, threadMode = SEPARATE_THREAD)
    void doesTheTaskOfTheRoundWhileSharesGrow(int size) {
        for (int repeat = 0; repeat < 300; repeat++) {
            try (Team team = new Team("team", size, 0)) {
                for (int count = 2; count < 40; count++) {
                    int[] taskOf = new int[count];
                    AtomicIntegerArray times = new AtomicIntegerArray(count);
                    int round = count;
                    team.run(count, share -> {
                        taskOf[share] = round;
                        times.incrementAndGet(share);
                    });
                    for (int i = 0; i < count; i++) {
                        assertThat(taskOf[i]).isEqualTo(round);
                        assertThat(times.get(i)).isEqualTo(1);
                    }
                }
            }
        }
    }

    /** A thread that begins after some rounds does shares of rounds that are not over. */
    @Test
    @Timeout(value = 20, threadMode = SEPARATE_THREAD)
    void aThreadMayBeginLate() throws InterruptedException {
        List<Thread> waiting = new ArrayList<>();
        AtomicInteger byHelper = new AtomicInteger();
        try (Team team = new Team(2, TimeUnit.SECONDS.toNanos(10), work -> {
            waiting.add(new Thread(work));
            return new Thread(() -> {});
        })) {
            int[] done = new int[2];
            for (int round = 0; round < 10; round++) {
                team.run(2, share -> done[share]++);
            }
            assertThat(done).containsOnly(10);
            waiting.get(0).setDaemon(true);
            waiting.get(0).start();
            Thread asker = Thread.currentThread();
            while (byHelper.get() == 0) {
                team.run(2, share -> {
                    done[share]++;
                    if (Thread.currentThread() != asker) {
                        byHelper.incrementAndGet();
                    }
                });
            }
            assertThat(done[0]).isEqualTo(done[1]);
        }
        for (Thread helper : waiting) {
            LockSupport.unpark(helper); // the team knows another thread
            helper.join();
        }
    }

    /** As on a machine whose processors have other work to do. */
    @Test
    @Timeout(value = 10, threadMode = SEPARATE_THREAD)
    void doesTheSharesOfThreadsThatDoNotBegin() {
        int[] done = new int[MOST_SHARES];
        try (Team team = new Team(4, 0, work -> new Thread(work) {
            @Override
            public void start() { // it never gets a processor
            }
        })) {
            team.run(MOST_SHARES, share -> done[share]++);
            team.overRanges(1 << 20, (from, to) -> done[0] += to - from);
        }
        assertThat(done[0]).isEqualTo(1 + (1 << 20));
        assertThat(Arrays.copyOfRange(done, 1, MOST_SHARES)).containsOnly(1);
    }

    @Test
    @Timeout(value = 10, threadMode = SEPARATE_THREAD)
    void waitsForSharesThatHaveBegun() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        boolean[] done = new boolean[2];
        try (Team team = new Team("team", 2)) {
            team.run(2, share -> {
                if (share == 0) { // the asker's: let the other one begin
                    uninterrupted(begun);
                } else {
                    begun.countDown();
                    busy(50);
                }
                done[share] = true;
            });
            assertThat(done).containsOnly(true);
        }
        assertThat(begun.await(0, TimeUnit.SECONDS)).isTrue();
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void throwUndeclared(Throwable thrown) throws E {
        throw (E) thrown;
    }

    private static void uninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void busy(int millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    @Timeout(value = 10, threadMode = SEPARATE_THREAD)
    void throwsWhatAShareHasThrownAndGoesOn(int bad) {
        try (Team team = new Team("team", 3)) {
            assertThatThrownBy(() -> team.run(3, share -> {
                        if (share == bad) {
                            throw new IllegalArgumentException("share " + share);
                        }
                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("share " + bad);
            assertThatThrownBy(() -> team.run(3, share -> {
                        if (share == bad) {
                            throw new OutOfMemoryError("of share " + share);
                        }
                    }))
                    .isInstanceOf(OutOfMemoryError.class);
            assertThatThrownBy(() -> team.run(3, share -> {
                        if (share == bad) {
                            throwUndeclared(new IOException("share " + share)); // as Scala's methods do
                        }
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasCauseInstanceOf(IOException.class);
            int[] done = new int[3];
            team.run(3, share -> done[share]++);
            assertThat(done).containsOnly(1);
        }
    }
}
