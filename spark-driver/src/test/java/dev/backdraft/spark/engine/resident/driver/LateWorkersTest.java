package dev.backdraft.spark.engine.resident.driver;

import static dev.backdraft.spark.engine.resident.driver.Played.LONG;
import static dev.backdraft.spark.engine.resident.driver.Played.assertAllLanes;
import static dev.backdraft.spark.engine.resident.driver.Played.coordinator;
import static dev.backdraft.spark.engine.resident.driver.Played.partsOf;
import static dev.backdraft.spark.engine.resident.driver.Played.replyTo;
import static dev.backdraft.spark.engine.resident.driver.Played.replyUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.engine.Fits;
import dev.backdraft.spark.engine.resident.SessionEndedException;
import dev.backdraft.spark.engine.resident.protocol.Request;
import dev.backdraft.spark.engine.resident.protocol.Request.Assignment;
import dev.backdraft.spark.engine.resident.protocol.Request.Work;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who does the work of workers that are late, with executors that the test plays. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LateWorkersTest {
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

    @Test
    void whoTakesTooLongIsStoodInForUntilItAnswers() throws Exception {
        Coordinator coordinator = coordinator(2, LONG, 50);
        Played a = new Played();
        Played b = new Played();
        coordinator.joined(a.handle, 0, 10);
        coordinator.joined(b.handle, 1, 11);
        CompletableFuture<List<Integer>> collected = Played.ask(coordinator, set);
        Request slow = b.next();
        coordinator.replied(a.handle, replyTo(a.next()));
        Request more = a.next();
        assertThat(partsOf(more)).containsExactly(3, 4, 5);
        coordinator.replied(a.handle, replyTo(more));
        assertAllLanes(collected);

        collected = Played.ask(coordinator, set);
        Request all = a.next();
        assertThat(partsOf(all)).hasSize(6);
        assertThat(b.requests).isEmpty();
        coordinator.replied(b.handle, replyTo(slow)); // at last
        coordinator.replied(a.handle, replyTo(all));
        assertAllLanes(collected);

        collected = Played.ask(coordinator, set);
        Request own = b.next();
        assertThat(partsOf(own)).containsExactly(3, 4, 5);
        coordinator.replied(b.handle, replyTo(own));
        coordinator.replied(a.handle, replyTo(a.next()));
        assertAllLanes(collected);
    }

    @Test
    void whoTookTooLongIsAskedAgainWhenTheTaskThatWasLateIsGone() throws Exception {
        Coordinator coordinator = coordinator(3, LONG, 50);
        Played a = new Played();
        Played b = new Played();
        coordinator.joined(a.handle, 0, 10);
        coordinator.joined(b.handle, 1, 11);
        coordinator.joined(b.handle, 2, 12);
        standIn(coordinator, a, b);
        coordinator.left(b.handle, 1, 11);
        CompletableFuture<List<Integer>> collected = Played.ask(coordinator, set);
        assertThat(partsOf(b.next())).containsExactly(4, 5);
        assertThat(collected).isNotDone();
        coordinator.ended(new SessionEndedException(SessionEndedException.Reason.CANCELLED, "by hand", null));
    }

    @Test
    void anotherTaskOfTheExecutorIsAskedInsteadOfTheOneThatTookTooLong() throws Exception {
        Coordinator coordinator = coordinator(2, LONG, 50);
        Played a = new Played();
        Played b = new Played();
        coordinator.joined(a.handle, 0, 10);
        coordinator.joined(b.handle, 1, 11);
        standIn(coordinator, a, b);
        coordinator.joined(b.handle, 1, 12);
        CompletableFuture<List<Integer>> collected = Played.ask(coordinator, set);
        Request request = b.next();
        assertThat(partsOf(request)).containsExactly(3, 4, 5);
        assertThat(request.assignments()).extracting(Assignment::attempt).containsExactly(12L);
        assertThat(collected).isNotDone();
        coordinator.ended(new SessionEndedException(SessionEndedException.Reason.CANCELLED, "by hand", null));
    }

    @Test
    void whoCameTooLateToSeeAnAskIsAskedAgain() throws Exception {
        Coordinator coordinator = coordinator(2, LONG, 2_000);
        Played a = new Played();
        Played b = new Played();
        coordinator.joined(a.handle, 0, 10);
        coordinator.joined(b.handle, 1, 11);
        standIn(coordinator, a, b);
        coordinator.missed(b.handle, 2); // of the question before
        CompletableFuture<List<Integer>> collected = Played.ask(coordinator, set);
        Request seen = b.next();
        assertThat(partsOf(seen)).containsExactly(3, 4, 5);
        coordinator.missed(b.handle, seen.number());
        Request again = b.next();
        assertThat(partsOf(again)).containsExactly(3, 4, 5);
        coordinator.replied(b.handle, replyTo(again));
        coordinator.replied(a.handle, replyTo(a.next()));
        assertAllLanes(collected);
    }

    /** One step in which {@code late} does not answer. */
    private static void standIn(Coordinator coordinator, Played other, Played late) throws Exception {
        CompletableFuture<List<Integer>> collected = Played.ask(coordinator, set);
        late.next();
        coordinator.replied(other.handle, replyTo(other.next()));
        coordinator.replied(other.handle, replyTo(other.next()));
        assertAllLanes(collected);
    }

    /** Or each step would lose the time limit, and compute twice. */
    @Test
    void afterATreeWasLateTheDriverTalksToAllExecutorsItself() throws Exception {
        Coordinator coordinator = coordinator(3, LONG, 200);
        Played a = new Played();
        Played b = new Played();
        Played c = new Played();
        coordinator.joined(a.handle, 0, 10);
        coordinator.joined(b.handle, 1, 11);
        coordinator.joined(c.handle, 2, 12);
        for (boolean tree : new boolean[] {true, false}) {
            CompletableFuture<Void> step = CompletableFuture.runAsync(() -> {
                try {
                    coordinator.run(Work.gradient(1, 0, 6, new float[1 << 14]), set, Played::deliver);
                } catch (SessionEndedException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            Request first = a.next();
            assertThat(first.forwards()).hasSize(tree ? 1 : 0);
            if (tree) {
                first = a.next(); // when the tree is late
                assertThat(first.forwards()).isEmpty();
            }
            coordinator.replied(a.handle, replyTo(first));
            replyUntil(step, coordinator, b, c);
        }
    }

    /** Or it would be given, with the new attempt's, the work that it is late with, and delay the step again. */
    @Test
    void anAttemptThatIsLateIsNotAskedAgainWhenAnotherJoinsItsExecutor() throws Exception {
        Coordinator coordinator = coordinator(3, LONG, 50);
        Played a = new Played();
        Played b = new Played();
        coordinator.joined(a.handle, 0, 10);
        coordinator.joined(b.handle, 1, 11);
        coordinator.joined(b.handle, 2, 12);
        CompletableFuture<List<Integer>> collected = Played.ask(coordinator, set);
        b.next();
        coordinator.replied(a.handle, replyTo(a.next()));
        Request others = a.next();
        assertThat(partsOf(others)).containsExactly(2, 3, 4, 5);
        coordinator.lost(a.handle);
        coordinator.joined(b.handle, 0, 13);
        Request rest = b.next();
        assertThat(rest.assignments()).extracting(Assignment::attempt).containsExactly(13L);
        assertThat(partsOf(rest)).containsExactly(2, 3, 4, 5);
        coordinator.missed(b.handle, rest.number()); // which says nothing of the others
        rest = b.next();
        assertThat(rest.assignments()).extracting(Assignment::attempt).containsExactly(13L);
        coordinator.replied(b.handle, replyTo(rest));
        assertAllLanes(collected);

        collected = Played.ask(coordinator, set); // what attempt 13 has done says nothing of the others
        Request all = b.next();
        assertThat(all.assignments()).extracting(Assignment::attempt).containsExactly(13L);
        coordinator.outdated(b.handle, 2); // one of them has finished at last
        coordinator.replied(b.handle, replyTo(all));
        assertAllLanes(collected);

        collected = Played.ask(coordinator, set);
        assertThat(b.next().assignments()).extracting(Assignment::attempt).containsExactlyInAnyOrder(11L, 12L, 13L);
        assertThat(collected).isNotDone();
        coordinator.ended(new SessionEndedException(SessionEndedException.Reason.CANCELLED, "by hand", null));
    }
}
