package dev.backdraft.spark.engine.resident.driver;

import static dev.backdraft.spark.engine.resident.driver.Played.LONG;
import static dev.backdraft.spark.engine.resident.driver.Played.assertAllLanes;
import static dev.backdraft.spark.engine.resident.driver.Played.coordinator;
import static dev.backdraft.spark.engine.resident.driver.Played.partsOf;
import static dev.backdraft.spark.engine.resident.driver.Played.replyTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.engine.Fits;
import dev.backdraft.spark.engine.resident.protocol.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who does the work of workers that are lost or have not come, with executors that the test plays. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class MissingWorkersTest {
    private static JavaSparkContext spark;
    private static BlockSet set;

    @BeforeAll
    static void start() {
        spark = new JavaSparkContext(Fits.conf("local[1]", Played.PARTS));
        set = Played.blocks(spark);
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    /** The blocks of its partitions may be cached there, or where others have theirs beside them. */
    @Test
    void aRerunHasThePartitionsOfTheFormerAttempt() throws Exception {
        Coordinator coordinator = coordinator(4, LONG, LONG);
        Played a = new Played();
        Played b = new Played();
        Played c = new Played();
        coordinator.joined(a.handle, 0, 10);
        coordinator.joined(b.handle, 1, 11);
        coordinator.joined(a.handle, 2, 12);
        coordinator.joined(b.handle, 3, 13);
        CompletableFuture<List<Integer>> collected = Played.ask(coordinator, set);
        coordinator.replied(a.handle, replyTo(a.next()));
        b.next();
        coordinator.lost(b.handle);
        coordinator.joined(c.handle, 3, 15);
        Request later = c.next();
        assertThat(partsOf(later)).containsExactly(4, 5);
        coordinator.joined(c.handle, 1, 14);
        coordinator.replied(c.handle, replyTo(later));
        Request former = c.next();
        assertThat(partsOf(former)).containsExactly(3);
        coordinator.replied(c.handle, replyTo(former));
        assertAllLanes(collected);
    }

    @Test
    void aLostWorkersRerunIsAskedForWhatIsMissing() throws Exception {
        Coordinator coordinator = coordinator(2, LONG, LONG);
        Played a = new Played();
        Played b = new Played();
        Played c = new Played();
        coordinator.joined(a.handle, 0, 10);
        coordinator.joined(b.handle, 1, 11);
        CompletableFuture<List<Integer>> collected = Played.ask(coordinator, set);
        Request lost = b.next();
        coordinator.replied(a.handle, replyTo(a.next()));
        coordinator.lost(b.handle);
        coordinator.joined(c.handle, 1, 12);
        Request again = c.next();
        assertThat(partsOf(again)).containsExactly(3, 4, 5);
        coordinator.replied(b.handle, replyTo(lost)); // late, and from nobody
        assertThat(collected).isNotDone();
        coordinator.replied(c.handle, replyTo(again));
        assertAllLanes(collected);
        assertThat(a.requests).isEmpty();
    }

    @Test
    void answersToAnAskThatWasGivenUpAreDropped() throws Exception {
        Coordinator coordinator = coordinator(2, LONG, LONG);
        Played both = new Played();
        coordinator.joined(both.handle, 0, 10);
        coordinator.joined(both.handle, 1, 11);
        CompletableFuture<List<Integer>> collected = Played.ask(coordinator, set);
        Request first = both.next();
        coordinator.left(both.handle, 1, 11); // one task of the JVM fails, and is run again there
        Request half = both.next();
        assertThat(partsOf(half)).containsExactly(0, 1, 2);
        coordinator.replied(both.handle, replyTo(first));
        coordinator.joined(both.handle, 1, 12);
        coordinator.replied(both.handle, replyTo(half));
        Request rest = both.next();
        assertThat(partsOf(rest)).containsExactly(3, 4, 5);
        coordinator.replied(both.handle, replyTo(rest));
        assertAllLanes(collected);
    }

    @Test
    void whoDoesNotComeInTimeIsStoodInForUntilItComes() throws Exception {
        Coordinator coordinator = coordinator(3, 50, LONG);
        Played a = new Played();
        Played b = new Played();
        coordinator.joined(a.handle, 0, 10);
        CompletableFuture<List<Integer>> collected = Played.ask(coordinator, set);
        List<Integer> asked = new ArrayList<>();
        while (asked.size() < 6) {
            Request request = a.next();
            asked.addAll(partsOf(request));
            coordinator.replied(a.handle, replyTo(request));
        }
        assertAllLanes(collected);
        coordinator.joined(b.handle, 2, 12);
        collected = Played.ask(coordinator, set);
        Request late = b.next();
        assertThat(partsOf(late)).contains(4, 5);
        Request others = a.next();
        assertThat(partsOf(others)).contains(0, 1);
        coordinator.replied(a.handle, replyTo(others));
        coordinator.replied(b.handle, replyTo(late));
        assertAllLanes(collected);
    }

    @Test
    void aSecondAttemptStandsByUntilTheFirstIsLost() throws Exception {
        Coordinator coordinator = coordinator(1, LONG, LONG);
        Played first = new Played();
        Played second = new Played();
        coordinator.joined(first.handle, 0, 10);
        coordinator.joined(second.handle, 0, 11);
        CompletableFuture<List<Integer>> collected = Played.ask(coordinator, set);
        first.next();
        assertThat(second.requests).isEmpty();
        coordinator.lost(first.handle);
        coordinator.replied(second.handle, replyTo(second.next()));
        assertAllLanes(collected);
    }

    /** As after a stage was made again, when its tasks come in the order of their numbers and not in that of need. */
    @Test
    void anAttemptThatStandsByDoesTheWorkOfAMissingWorkerAtOnce() throws Exception {
        Coordinator coordinator = coordinator(2, LONG, LONG);
        Played a = new Played();
        Played b = new Played();
        coordinator.joined(a.handle, 0, 10);
        coordinator.joined(a.handle, 1, 9);
        CompletableFuture<List<Integer>> collected = Played.ask(coordinator, set);
        a.next();
        coordinator.lost(a.handle);
        coordinator.joined(a.handle, 0, 10);
        coordinator.joined(b.handle, 0, 11);
        Request own = a.next();
        assertThat(partsOf(own)).containsExactly(0, 1, 2);
        Request others = b.next();
        assertThat(partsOf(others)).containsExactly(3, 4, 5);
        assertThat(others.assignments().get(0).attempt()).isEqualTo(11);
        coordinator.replied(a.handle, replyTo(own));
        coordinator.replied(b.handle, replyTo(others));
        assertAllLanes(collected);
    }
}
