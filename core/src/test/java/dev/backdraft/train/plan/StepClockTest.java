package dev.backdraft.train.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.train.EpochResult;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.TimeShares;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The account of a step: parts that are disjoint, add up, and name what took the time. */
class StepClockTest {
    private static final long LONG = TimeUnit.MILLISECONDS.toNanos(20);

    private static void sleep() {
        long until = System.nanoTime() + LONG;
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }

    private static long sum(StepTimes times) {
        return times.computeNanos() + times.combineNanos() + times.publishNanos() + times.waitNanos();
    }

    @Test
    void everyPartIsCountedWhereItBelongs() {
        StepClock clock = new StepClock(2);
        long start = System.nanoTime();
        clock.begin();
        sleep(); // hands out
        clock.published();
        sleep(); // works
        sleep(); // waits
        clock.worked(0, LONG / 2, LONG / 8);
        clock.worked(1, LONG, LONG / 4);
        clock.gathered();
        sleep(); // adds
        clock.moved(100, 70);
        clock.end();
        long spent = System.nanoTime() - start;
        StepTimes times = clock.times();
        assertThat(times.steps()).isEqualTo(1);
        assertThat(times.publishNanos()).isGreaterThanOrEqualTo(LONG);
        assertThat(times.computeNanos()).isEqualTo(LONG); // of the slowest
        assertThat(times.combineNanos()).isGreaterThanOrEqualTo(LONG + LONG / 4);
        assertThat(times.waitNanos()).isGreaterThanOrEqualTo(LONG - LONG / 4);
        assertThat(sum(times)).isLessThanOrEqualTo(spent).isGreaterThanOrEqualTo(4 * LONG);
        assertThat(times.bytesSent()).isEqualTo(100);
        assertThat(times.bytesReceived()).isEqualTo(70);
    }

    /** Clocks of two machines: a worker cannot have worked longer than the driver waited for it. */
    @Test
    void partsAddUpWhateverAWorkerSays() {
        StepClock clock = new StepClock(1);
        long start = System.nanoTime();
        clock.begin();
        clock.published();
        clock.worked(0, 1_000 * LONG, LONG);
        clock.gathered();
        clock.end();
        assertThat(sum(clock.times())).isLessThanOrEqualTo(System.nanoTime() - start);
        assertThat(clock.times().waitNanos()).isZero();
    }

    /** Requests that are sent in several rounds. */
    @Test
    void theTimeOfPublishingMayBeToldAfterwards() {
        StepClock clock = new StepClock(1);
        long start = System.nanoTime();
        clock.begin();
        sleep();
        clock.published(1_000);
        clock.worked(0, LONG);
        clock.gathered();
        clock.end();
        assertThat(clock.times().publishNanos()).isEqualTo(1_000);
        assertThat(sum(clock.times())).isLessThanOrEqualTo(System.nanoTime() - start);
    }

    @Test
    void aStepThatFailsIsNotCountedAndDoesNotSpoilTheNext() {
        StepClock clock = new StepClock(1);
        clock.begin();
        clock.worked(0, LONG);
        clock.begin();
        clock.published();
        clock.gathered();
        clock.end();
        assertThat(clock.times().steps()).isEqualTo(1);
        assertThat(clock.times().computeNanos()).isZero();
    }

    @Test
    void sharesAddUpToOneAndTheUpdateIsWhatIsLeft() {
        StepTimes times = new StepTimes(10, 710_000_000, 60_000_000, 80_000_000, 60_000_000, 0, 0);
        TimeShares shares = TimeShares.of(times, 1);
        assertThat(shares).hasToString("compute 71 % combine 6 % publish 8 % update 9 % wait 6 %");
        assertThat(shares.compute() + shares.combine() + shares.publish() + shares.update() + shares.waiting())
                .isCloseTo(1, within(1e-12));
        EpochResult result = new EpochResult(1, 1, 0, 0, 0, 0, 0, new TreeMap<>(), 100, 1, times);
        assertThat(result.updateSeconds()).isCloseTo(0.09, within(1e-9));
    }

    @Test
    void nothingIsSaidOfWhatWasNotMeasured() {
        assertThat(TimeShares.of(null, 1)).isNull();
        assertThat(TimeShares.of(StepTimes.NONE, 1)).isNull();
        assertThat(new EpochResult(1, 1, 0, 0, 0, 0, 0, new TreeMap<>(), 100, 1, null).updateSeconds())
                .isNaN();
    }
}
