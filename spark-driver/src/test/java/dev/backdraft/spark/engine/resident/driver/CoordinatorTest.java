package dev.backdraft.spark.engine.resident.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.network.GradientSum;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.engine.Fits;
import dev.backdraft.spark.engine.resident.SessionEndedException;
import dev.backdraft.spark.engine.resident.protocol.Messages;
import dev.backdraft.spark.engine.resident.protocol.Reply;
import dev.backdraft.spark.engine.resident.protocol.Request;
import dev.backdraft.spark.engine.resident.protocol.Request.Assignment;
import dev.backdraft.spark.engine.resident.protocol.Request.Work;
import dev.backdraft.spark.engine.wire.Parcel;
import dev.backdraft.spark.internal.SparkTransport.Link;
import dev.backdraft.train.Fit;
import dev.backdraft.train.engine.LaneSum;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is asked what, with members that the test plays. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class CoordinatorTest {
    private static final int LONG = 600_000;
    private static final ConcurrentMap<ExecutorHandle, Played> PLAYED = new ConcurrentHashMap<>();
    private static JavaSparkContext spark;
    private static BlockSet set; // 6 partitions of one lane

    @BeforeAll
    static void start() {
        spark = new JavaSparkContext(Fits.conf("local[1]", 6));
        Fit fit = Fits.settle(spark, Fits.ROWS, Fits.request(1));
        set = Fits.blocks(spark, Fits.ROWS, fit, false);
        assertThat(set.parts()).isEqualTo(6);
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    /** An executor whose requests are put into a queue. */
    private static final class Played {
        private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
        private volatile boolean stopped;
        private final ExecutorHandle handle =
                new ExecutorHandle("played", InetSocketAddress.createUnresolved("played", 1), new Link() {
                    @Override
                    public void send(ByteBuffer frame) {
                        assertThat(Parcel.type(frame)).isEqualTo(Messages.STOP);
                        stopped = true;
                    }

                    @Override
                    public boolean isOpen() {
                        return true;
                    }

                    @Override
                    public void close() {
                        throw new AssertionError("not closed by the coordinator");
                    }
                });

        Played() {
            PLAYED.put(handle, this);
        }

        Request next() throws InterruptedException {
            Request request = requests.poll(1, TimeUnit.MINUTES);
            assertThat(request).as("a request").isNotNull();
            return request;
        }
    }

    private static long deliver(List<OpenRequest> requests) {
        requests.forEach(request -> PLAYED.get(request.executor()).requests.add(request.request()));
        return 0;
    }

    private static List<Integer> partsOf(Request request) {
        List<Integer> list = new ArrayList<>();
        request.assignments().forEach(assignment -> {
            for (int part : assignment.parts()) {
                list.add(part);
            }
        });
        return list;
    }

    private static Reply replyTo(Request request) {
        List<LaneSum> sums = new ArrayList<>();
        partsOf(request).forEach(part -> sums.add(new LaneSum(part, part + 1, new GradientSum(1))));
        return new Reply(request.number(), sums, List.of(), 1, 1);
    }

    private static Coordinator coordinator(int workers, long registrationMillis, long stepMillis) {
        return new Coordinator(workers, new ResidentSettings(registrationMillis, stepMillis, 0, 2), () -> true);
    }

    private static CompletableFuture<List<Integer>> ask(Coordinator coordinator) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return coordinator
                        .run(Work.gradient(1, 0, 6, new float[1]), set, CoordinatorTest::deliver)
                        .sums()
                        .stream()
                        .map(LaneSum::from)
                        .sorted()
                        .toList();
            } catch (SessionEndedException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void assertAllLanes(CompletableFuture<List<Integer>> collected) throws Exception {
        assertThat(collected.get(1, TimeUnit.MINUTES)).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void eachWorkerDoesItsOwnPartitions() throws Exception {
        Coordinator coordinator = coordinator(3, LONG, LONG);
        Played a = new Played();
        Played b = new Played();
        coordinator.joined(a.handle, 0, 10);
        coordinator.joined(b.handle, 2, 12);
        coordinator.joined(a.handle, 1, 11);
        CompletableFuture<List<Integer>> collected = ask(coordinator);
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
        CompletableFuture<List<Integer>> collected = ask(coordinator);
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
        CompletableFuture<List<Integer>> collected = ask(coordinator);
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
        CompletableFuture<List<Integer>> collected = ask(coordinator);
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
        CompletableFuture<List<Integer>> collected = ask(coordinator);
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
        CompletableFuture<List<Integer>> collected = ask(coordinator);
        List<Integer> asked = new ArrayList<>();
        while (asked.size() < 6) {
            Request request = a.next();
            asked.addAll(partsOf(request));
            coordinator.replied(a.handle, replyTo(request));
        }
        assertAllLanes(collected);
        coordinator.joined(b.handle, 2, 12);
        collected = ask(coordinator);
        Request late = b.next();
        assertThat(partsOf(late)).contains(4, 5);
        Request others = a.next();
        assertThat(partsOf(others)).contains(0, 1);
        coordinator.replied(a.handle, replyTo(others));
        coordinator.replied(b.handle, replyTo(late));
        assertAllLanes(collected);
    }

    @Test
    void whoTakesTooLongIsStoodInForUntilItAnswers() throws Exception {
        Coordinator coordinator = coordinator(2, LONG, 50);
        Played a = new Played();
        Played b = new Played();
        coordinator.joined(a.handle, 0, 10);
        coordinator.joined(b.handle, 1, 11);
        CompletableFuture<List<Integer>> collected = ask(coordinator);
        Request slow = b.next();
        coordinator.replied(a.handle, replyTo(a.next()));
        Request more = a.next();
        assertThat(partsOf(more)).containsExactly(3, 4, 5);
        coordinator.replied(a.handle, replyTo(more));
        assertAllLanes(collected);

        collected = ask(coordinator);
        Request all = a.next();
        assertThat(partsOf(all)).hasSize(6);
        assertThat(b.requests).isEmpty();
        coordinator.replied(b.handle, replyTo(slow)); // at last
        coordinator.replied(a.handle, replyTo(all));
        assertAllLanes(collected);

        collected = ask(coordinator);
        Request own = b.next();
        assertThat(partsOf(own)).containsExactly(3, 4, 5);
        coordinator.replied(b.handle, replyTo(own));
        coordinator.replied(a.handle, replyTo(a.next()));
        assertAllLanes(collected);
    }

    @Test
    void aSecondAttemptStandsByUntilTheFirstIsLost() throws Exception {
        Coordinator coordinator = coordinator(1, LONG, LONG);
        Played first = new Played();
        Played second = new Played();
        coordinator.joined(first.handle, 0, 10);
        coordinator.joined(second.handle, 0, 11);
        CompletableFuture<List<Integer>> collected = ask(coordinator);
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
        CompletableFuture<List<Integer>> collected = ask(coordinator);
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

    @Test
    void tasksThatRunButNeverCallAreUnreachable() {
        Coordinator coordinator = coordinator(2, 10, LONG);
        assertThatThrownBy(() -> coordinator.run(Work.gradient(1, 0, 6, new float[1]), set, CoordinatorTest::deliver))
                .isInstanceOf(SessionEndedException.class)
                .hasMessageContaining("none has reached the driver")
                .matches(e -> ((SessionEndedException) e).reason() == SessionEndedException.Reason.UNREACHABLE);
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
        CompletableFuture<List<Integer>> collected = ask(coordinator.get());
        coordinator.get().replied(a.handle, replyTo(a.next()));
        assertAllLanes(collected);
        assertThat(looks).hasValue(5);
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
        CompletableFuture<List<Integer>> collected = ask(coordinator);
        assertThat(partsOf(b.next())).containsExactly(4, 5);
        assertThat(collected).isNotDone();
        coordinator.ended(new SessionEndedException(SessionEndedException.Reason.CANCELLED, "by hand", null));
    }

    @Test
    void whoTookTooLongIsAskedAgainWhenAnotherTaskComes() throws Exception {
        Coordinator coordinator = coordinator(2, LONG, 50);
        Played a = new Played();
        Played b = new Played();
        coordinator.joined(a.handle, 0, 10);
        coordinator.joined(b.handle, 1, 11);
        standIn(coordinator, a, b);
        coordinator.joined(b.handle, 1, 12);
        CompletableFuture<List<Integer>> collected = ask(coordinator);
        assertThat(partsOf(b.next())).containsExactly(3, 4, 5);
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
        CompletableFuture<List<Integer>> collected = ask(coordinator);
        Request seen = b.next();
        assertThat(partsOf(seen)).containsExactly(3, 4, 5);
        coordinator.missed(b.handle, seen.number());
        Request again = b.next();
        assertThat(partsOf(again)).containsExactly(3, 4, 5);
        coordinator.replied(b.handle, replyTo(again));
        coordinator.replied(a.handle, replyTo(a.next()));
        assertAllLanes(collected);
    }

    /** One question in which {@code late} does not answer. */
    private static void standIn(Coordinator coordinator, Played other, Played late) throws Exception {
        CompletableFuture<List<Integer>> collected = ask(coordinator);
        late.next();
        coordinator.replied(other.handle, replyTo(other.next()));
        coordinator.replied(other.handle, replyTo(other.next()));
        assertAllLanes(collected);
    }

    @Test
    void theEndOfTheJobEndsTheWaitAndStopsWhoeverComesLater() throws Exception {
        Coordinator coordinator = coordinator(2, LONG, LONG);
        Played a = new Played();
        Played b = new Played();
        Played late = new Played();
        coordinator.joined(a.handle, 0, 10);
        coordinator.joined(b.handle, 1, 12);
        CompletableFuture<List<Integer>> collected = ask(coordinator);
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
                        .run(Work.gradient(1, 0, 2, new float[1]), set, CoordinatorTest::deliver)
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
        CompletableFuture<List<Integer>> collected = ask(coordinator);
        replyUntil(collected, coordinator, a, b);
        assertAllLanes(collected);

        coordinator.joined(a.handle, 2, 12);
        collected = ask(coordinator);
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
        collected = ask(coordinator);
        assertThat(partsOf(a.next())).containsExactly(0, 1);
        assertThat(partsOf(b.next())).containsExactly(2, 3, 4, 5);
        assertThat(collected).isNotDone();
        coordinator.ended(new SessionEndedException(SessionEndedException.Reason.CANCELLED, "by hand", null));
    }

    private static void replyUntil(CompletableFuture<?> end, Coordinator coordinator, Played... executors)
            throws InterruptedException {
        while (!end.isDone()) {
            for (Played executor : executors) {
                Request request = executor.requests.poll(10, TimeUnit.MILLISECONDS);
                if (request != null) {
                    coordinator.replied(executor.handle, replyTo(request));
                }
            }
        }
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
                    coordinator.run(Work.gradient(1, 0, 6, new float[1 << 14]), set, CoordinatorTest::deliver);
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
}
