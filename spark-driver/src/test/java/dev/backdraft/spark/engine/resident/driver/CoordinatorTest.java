package dev.backdraft.spark.engine.resident.driver;

import static dev.backdraft.spark.engine.resident.driver.Played.LONG;
import static dev.backdraft.spark.engine.resident.driver.Played.assertAllLanes;
import static dev.backdraft.spark.engine.resident.driver.Played.coordinator;
import static dev.backdraft.spark.engine.resident.driver.Played.partsOf;
import static dev.backdraft.spark.engine.resident.driver.Played.replyTo;
import static dev.backdraft.spark.engine.resident.driver.Played.replyUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.engine.Fits;
import dev.backdraft.spark.engine.resident.SessionEndedException;
import dev.backdraft.spark.engine.resident.protocol.Request;
import dev.backdraft.spark.engine.resident.protocol.Request.Assignment;
import dev.backdraft.spark.engine.resident.protocol.Request.Work;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is asked what, with executors that the test plays. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class CoordinatorTest {
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
    void eachWorkerDoesItsOwnPartitions() throws Exception {
        Coordinator coordinator = coordinator(3, LONG, LONG);
        Played a = new Played();
        Played b = new Played();
        coordinator.joined(a.handle, 0, 10);
        coordinator.joined(b.handle, 2, 12);
        coordinator.joined(a.handle, 1, 11);
        CompletableFuture<List<Integer>> collected = Played.ask(coordinator, set);
        Request first = a.next();
        assertThat(first.assignments()).extracting(Assignment::worker).containsExactly(0, 1);
        assertThat(partsOf(first)).containsExactly(0, 1, 2, 3);
        Request second = b.next();
        assertThat(partsOf(second)).containsExactly(4, 5);
        coordinator.replied(b.handle, replyTo(second));
        assertThat(collected).isNotDone();
        coordinator.replied(a.handle, replyTo(first));
        assertAllLanes(collected);
    }

    /** Spark numbers tasks by executors in turn. */
    @Test
    void theWorkersOfAnExecutorHavePartitionsSideBySide() throws Exception {
        Coordinator coordinator = coordinator(4, LONG, LONG);
        Played a = new Played();
        Played b = new Played();
        CompletableFuture<List<Integer>> collected = Played.ask(coordinator, set);
        coordinator.joined(b.handle, 1, 11);
        coordinator.joined(a.handle, 2, 12);
        coordinator.joined(b.handle, 3, 13);
        assertThat(b.requests).isEmpty(); // who is still to come may be of either
        coordinator.joined(a.handle, 0, 10);
        Request first = a.next();
        assertThat(first.assignments()).extracting(Assignment::worker).containsExactly(0, 2);
        assertThat(partsOf(first)).containsExactly(0, 1, 2);
        Request second = b.next();
        assertThat(second.assignments()).extracting(Assignment::worker).containsExactly(1, 3);
        assertThat(partsOf(second)).containsExactly(3, 4, 5);
        coordinator.replied(a.handle, replyTo(first));
        coordinator.replied(b.handle, replyTo(second));
        assertAllLanes(collected);
    }

    @Test
    void partitionsWithoutRowsInAStepAreNotAsked() throws Exception {
        Coordinator coordinator = coordinator(2, LONG, LONG);
        Played a = new Played();
        Played b = new Played();
        coordinator.joined(a.handle, 0, 10);
        coordinator.joined(b.handle, 1, 11);
        CompletableFuture<Integer> count = CompletableFuture.supplyAsync(() -> {
            try {
                return coordinator
                        .run(Work.gradient(1, 0, 2, new float[1]), set, Played::deliver)
                        .sums()
                        .size();
            } catch (SessionEndedException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        coordinator.replied(a.handle, replyTo(a.next()));
        assertThat(count.get(1, TimeUnit.MINUTES)).isEqualTo(2);
        assertThat(b.requests).isEmpty();
    }

    /** An executor whose workers are not side by side in the reduction tree sends several sums. */
    @Test
    void aWorkerThatJoinsLateGetsPartsBesideThoseOfItsExecutor() throws Exception {
        Coordinator coordinator = coordinator(3, 50, LONG);
        Played a = new Played();
        Played b = new Played();
        coordinator.joined(a.handle, 0, 10);
        coordinator.joined(b.handle, 1, 11);
        CompletableFuture<List<Integer>> collected = Played.ask(coordinator, set);
        replyUntil(collected, coordinator, a, b);
        assertAllLanes(collected);

        coordinator.joined(a.handle, 2, 12);
        collected = Played.ask(coordinator, set);
        Request first = a.next();
        assertThat(first.assignments()).extracting(Assignment::worker).containsExactly(0, 2);
        assertThat(partsOf(first)).containsExactly(0, 1, 2, 3);
        Request second = b.next();
        assertThat(partsOf(second)).containsExactly(4, 5);
        coordinator.replied(a.handle, replyTo(first));
        coordinator.replied(b.handle, replyTo(second));
        assertAllLanes(collected);

        coordinator.left(a.handle, 2, 12); // the deal is kept from now on
        coordinator.joined(b.handle, 2, 13);
        collected = Played.ask(coordinator, set);
        assertThat(partsOf(a.next())).containsExactly(0, 1);
        assertThat(partsOf(b.next())).containsExactly(2, 3, 4, 5);
        assertThat(collected).isNotDone();
        coordinator.ended(new SessionEndedException(SessionEndedException.Reason.CANCELLED, "by hand", null));
    }

    @Test
    void tasksThatRunButNeverCallAreUnreachable() {
        Coordinator coordinator = coordinator(2, 10, LONG);
        assertThatThrownBy(() -> coordinator.run(Work.gradient(1, 0, 6, new float[1]), set, Played::deliver))
                .isInstanceOf(SessionEndedException.class)
                .hasMessage(
                        "tasks run, but none has connected to the driver within spark.backdraft.registrationTimeout=10ms:"
                                + " check that executors can reach spark.driver.host at spark.backdraft.port, or give them"
                                + " more time")
                .matches(e -> ((SessionEndedException) e).reason() == SessionEndedException.Reason.UNREACHABLE);
    }

    /** A limit of 0 is written as what it is, not as less than anybody can see. */
    @Test
    void withNoTimeToConnectAllAreUnreachableOnceATaskRuns() {
        Coordinator coordinator = coordinator(2, 0, LONG);
        assertThatThrownBy(() -> coordinator.run(Work.gradient(1, 0, 6, new float[1]), set, Played::deliver))
                .isInstanceOf(SessionEndedException.class)
                .hasMessageContaining("within spark.backdraft.registrationTimeout=0ms: check");
    }

    /** As when another fit has the slots. */
    @Test
    void tasksMayWaitForSlotsLongerThanForRegistration() throws Exception {
        AtomicReference<Coordinator> coordinator = new AtomicReference<>();
        AtomicInteger looks = new AtomicInteger();
        Played a = new Played();
        BooleanSupplier tasksRun = () -> {
            if (looks.incrementAndGet() < 5) {
                return false;
            }
            coordinator.get().joined(a.handle, 0, 10);
            return true;
        };
        coordinator.set(new Coordinator(1, new ResidentSettings(100, LONG, 0, 2), tasksRun));
        CompletableFuture<List<Integer>> collected = Played.ask(coordinator.get(), set);
        coordinator.get().replied(a.handle, replyTo(a.next()));
        assertAllLanes(collected);
        assertThat(looks).hasValue(5);
    }

    @Test
    void theEndOfTheJobEndsTheWaitAndStopsWhoeverComesLater() throws Exception {
        Coordinator coordinator = coordinator(2, LONG, LONG);
        Played a = new Played();
        Played b = new Played();
        Played late = new Played();
        coordinator.joined(a.handle, 0, 10);
        coordinator.joined(b.handle, 1, 12);
        CompletableFuture<List<Integer>> collected = Played.ask(coordinator, set);
        a.next();
        coordinator.ended(new SessionEndedException(SessionEndedException.Reason.CANCELLED, "by hand", null));
        assertThatThrownBy(() -> collected.get(1, TimeUnit.MINUTES))
                .rootCause()
                .isInstanceOf(SessionEndedException.class)
                .hasMessage("by hand");
        assertThat(a.stopped).isTrue();
        coordinator.joined(late.handle, 1, 11);
        assertThat(late.stopped).isTrue();
    }
}
