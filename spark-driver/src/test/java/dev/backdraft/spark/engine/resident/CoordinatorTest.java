package dev.backdraft.spark.engine.resident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.network.GradientSum;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.engine.wire.SparkTransport.Link;
import dev.backdraft.train.Fit;
import dev.backdraft.train.LaneSum;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
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
    private static JavaSparkContext spark;
    private static BlockSet parts; // 6 partitions of one lane

    @BeforeAll
    static void start() {
        spark = new JavaSparkContext(Fits.conf("local[1]", 6));
        Fit fit = Fits.settle(spark, Fits.ROWS, Fits.request(1));
        BlockSet set = Fits.blocks(spark, Fits.ROWS, fit, false);
        parts = set;
        assertThat(parts.parts()).isEqualTo(6);
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    /** A JVM whose asks are put into a queue. */
    private static final class Played implements Member {
        private final BlockingQueue<Ask> asks = new LinkedBlockingQueue<>();
        private volatile boolean stopped;

        @Override
        public void stop() {
            stopped = true;
        }

        @Override
        public Link link() {
            throw new AssertionError("nothing is sent");
        }

        @Override
        public Endpoint endpoint() {
            return new Endpoint("played", 1);
        }

        Ask next() throws InterruptedException {
            Ask ask = asks.poll(1, TimeUnit.MINUTES);
            assertThat(ask).as("an ask").isNotNull();
            return ask;
        }
    }

    private static long deliver(List<Branch> branches) {
        branches.forEach(branch -> ((Played) branch.member()).asks.add(branch.ask()));
        return 0;
    }

    private static List<Integer> partsOf(Ask ask) {
        List<Integer> list = new ArrayList<>();
        ask.shares().forEach(share -> {
            for (int part : share.parts()) {
                list.add(part);
            }
        });
        return list;
    }

    private static Answer answerTo(Ask ask) {
        List<LaneSum> sums = new ArrayList<>();
        partsOf(ask).forEach(part -> sums.add(new LaneSum(part, part + 1, new GradientSum(1))));
        return new Answer(ask.number(), sums, List.of(), 1, 1);
    }

    private static Coordinator coordinator(int workers, long registrationMillis, long stepMillis) {
        return new Coordinator(workers, new ResidentSettings(registrationMillis, stepMillis, 0, 2), () -> true);
    }

    private static CompletableFuture<List<Integer>> ask(Coordinator coordinator) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return coordinator
                        .ask(Question.gradient(1, 0, 6, new float[1]), parts, CoordinatorTest::deliver)
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
        coordinator.joined(a, 0, 10);
        coordinator.joined(b, 2, 12);
        coordinator.joined(a, 1, 11);
        CompletableFuture<List<Integer>> collected = ask(coordinator);
        Ask first = a.next();
        assertThat(first.shares()).extracting(Share::worker).containsExactly(0, 1);
        assertThat(partsOf(first)).containsExactly(0, 1, 2, 3);
        Ask second = b.next();
        assertThat(partsOf(second)).containsExactly(4, 5);
        coordinator.answered(b, answerTo(second));
        assertThat(collected).isNotDone();
        coordinator.answered(a, answerTo(first));
        assertAllLanes(collected);
    }

    /** Spark numbers tasks by executors in turn. */
    @Test
    void theWorkersOfAnExecutorHavePartitionsSideBySide() throws Exception {
        Coordinator coordinator = coordinator(4, LONG, LONG);
        Played a = new Played();
        Played b = new Played();
        CompletableFuture<List<Integer>> collected = ask(coordinator);
        coordinator.joined(b, 1, 11);
        coordinator.joined(a, 2, 12);
        coordinator.joined(b, 3, 13);
        assertThat(b.asks).isEmpty(); // who is still to come may be of either
        coordinator.joined(a, 0, 10);
        Ask first = a.next();
        assertThat(first.shares()).extracting(Share::worker).containsExactly(0, 2);
        assertThat(partsOf(first)).containsExactly(0, 1, 2);
        Ask second = b.next();
        assertThat(second.shares()).extracting(Share::worker).containsExactly(1, 3);
        assertThat(partsOf(second)).containsExactly(3, 4, 5);
        coordinator.answered(a, answerTo(first));
        coordinator.answered(b, answerTo(second));
        assertAllLanes(collected);
    }

    /** The blocks of its partitions may be cached there, or where others have theirs beside them. */
    @Test
    void aRerunHasThePartitionsOfTheFormerAttempt() throws Exception {
        Coordinator coordinator = coordinator(4, LONG, LONG);
        Played a = new Played();
        Played b = new Played();
        Played c = new Played();
        coordinator.joined(a, 0, 10);
        coordinator.joined(b, 1, 11);
        coordinator.joined(a, 2, 12);
        coordinator.joined(b, 3, 13);
        CompletableFuture<List<Integer>> collected = ask(coordinator);
        coordinator.answered(a, answerTo(a.next()));
        b.next();
        coordinator.lost(b);
        coordinator.joined(c, 3, 15);
        Ask later = c.next();
        assertThat(partsOf(later)).containsExactly(4, 5);
        coordinator.joined(c, 1, 14);
        coordinator.answered(c, answerTo(later));
        Ask former = c.next();
        assertThat(partsOf(former)).containsExactly(3);
        coordinator.answered(c, answerTo(former));
        assertAllLanes(collected);
    }

    @Test
    void aLostWorkersRerunIsAskedForWhatIsMissing() throws Exception {
        Coordinator coordinator = coordinator(2, LONG, LONG);
        Played a = new Played();
        Played b = new Played();
        Played c = new Played();
        coordinator.joined(a, 0, 10);
        coordinator.joined(b, 1, 11);
        CompletableFuture<List<Integer>> collected = ask(coordinator);
        Ask lost = b.next();
        coordinator.answered(a, answerTo(a.next()));
        coordinator.lost(b);
        coordinator.joined(c, 1, 12);
        Ask again = c.next();
        assertThat(partsOf(again)).containsExactly(3, 4, 5);
        coordinator.answered(b, answerTo(lost)); // late, and from nobody
        assertThat(collected).isNotDone();
        coordinator.answered(c, answerTo(again));
        assertAllLanes(collected);
        assertThat(a.asks).isEmpty();
    }

    @Test
    void answersToAnAskThatWasGivenUpAreDropped() throws Exception {
        Coordinator coordinator = coordinator(2, LONG, LONG);
        Played both = new Played();
        coordinator.joined(both, 0, 10);
        coordinator.joined(both, 1, 11);
        CompletableFuture<List<Integer>> collected = ask(coordinator);
        Ask first = both.next();
        coordinator.left(both, 1, 11); // one task of the JVM fails, and is run again there
        Ask half = both.next();
        assertThat(partsOf(half)).containsExactly(0, 1, 2);
        assertThat(half.again()).isTrue(); // sums of the first ask may still be in use
        coordinator.answered(both, answerTo(first));
        coordinator.joined(both, 1, 12);
        coordinator.answered(both, answerTo(half));
        Ask rest = both.next();
        assertThat(partsOf(rest)).containsExactly(3, 4, 5);
        coordinator.answered(both, answerTo(rest));
        assertAllLanes(collected);
    }

    @Test
    void whoDoesNotComeInTimeIsStoodInForUntilItComes() throws Exception {
        Coordinator coordinator = coordinator(3, 50, LONG);
        Played a = new Played();
        Played b = new Played();
        coordinator.joined(a, 0, 10);
        CompletableFuture<List<Integer>> collected = ask(coordinator);
        List<Integer> asked = new ArrayList<>();
        while (asked.size() < 6) {
            Ask ask = a.next();
            asked.addAll(partsOf(ask));
            coordinator.answered(a, answerTo(ask));
        }
        assertAllLanes(collected);
        coordinator.joined(b, 2, 12);
        collected = ask(coordinator);
        Ask late = b.next();
        assertThat(partsOf(late)).contains(4, 5);
        Ask others = a.next();
        assertThat(partsOf(others)).contains(0, 1);
        coordinator.answered(a, answerTo(others));
        coordinator.answered(b, answerTo(late));
        assertAllLanes(collected);
    }

    @Test
    void whoTakesTooLongIsStoodInForUntilItAnswers() throws Exception {
        Coordinator coordinator = coordinator(2, LONG, 50);
        Played a = new Played();
        Played b = new Played();
        coordinator.joined(a, 0, 10);
        coordinator.joined(b, 1, 11);
        CompletableFuture<List<Integer>> collected = ask(coordinator);
        Ask slow = b.next();
        coordinator.answered(a, answerTo(a.next()));
        Ask more = a.next();
        assertThat(partsOf(more)).containsExactly(3, 4, 5);
        coordinator.answered(a, answerTo(more));
        assertAllLanes(collected);

        collected = ask(coordinator);
        Ask all = a.next();
        assertThat(partsOf(all)).hasSize(6);
        assertThat(b.asks).isEmpty();
        coordinator.answered(b, answerTo(slow)); // at last
        coordinator.answered(a, answerTo(all));
        assertAllLanes(collected);

        collected = ask(coordinator);
        Ask own = b.next();
        assertThat(partsOf(own)).containsExactly(3, 4, 5);
        coordinator.answered(b, answerTo(own));
        coordinator.answered(a, answerTo(a.next()));
        assertAllLanes(collected);
    }

    @Test
    void aSecondAttemptStandsByUntilTheFirstIsLost() throws Exception {
        Coordinator coordinator = coordinator(1, LONG, LONG);
        Played first = new Played();
        Played second = new Played();
        coordinator.joined(first, 0, 10);
        coordinator.joined(second, 0, 11);
        CompletableFuture<List<Integer>> collected = ask(coordinator);
        first.next();
        assertThat(second.asks).isEmpty();
        coordinator.lost(first);
        coordinator.answered(second, answerTo(second.next()));
        assertAllLanes(collected);
    }

    /** As after a stage was made again, when its tasks come in the order of their numbers and not in that of need. */
    @Test
    void anAttemptThatStandsByDoesTheWorkOfAMissingWorkerAtOnce() throws Exception {
        Coordinator coordinator = coordinator(2, LONG, LONG);
        Played a = new Played();
        Played b = new Played();
        coordinator.joined(a, 0, 10);
        coordinator.joined(a, 1, 9);
        CompletableFuture<List<Integer>> collected = ask(coordinator);
        a.next();
        coordinator.lost(a);
        coordinator.joined(a, 0, 10);
        coordinator.joined(b, 0, 11);
        Ask own = a.next();
        assertThat(partsOf(own)).containsExactly(0, 1, 2);
        Ask others = b.next();
        assertThat(partsOf(others)).containsExactly(3, 4, 5);
        assertThat(others.shares().get(0).attempt()).isEqualTo(11);
        coordinator.answered(a, answerTo(own));
        coordinator.answered(b, answerTo(others));
        assertAllLanes(collected);
    }

    @Test
    void tasksThatRunButNeverCallAreUnreachable() {
        Coordinator coordinator = coordinator(2, 10, LONG);
        assertThatThrownBy(() ->
                        coordinator.ask(Question.gradient(1, 0, 6, new float[1]), parts, CoordinatorTest::deliver))
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
            coordinator.get().joined(a, 0, 10);
            return true;
        };
        coordinator.set(new Coordinator(1, new ResidentSettings(100, LONG, 0, 2), tasksRun));
        CompletableFuture<List<Integer>> collected = ask(coordinator.get());
        coordinator.get().answered(a, answerTo(a.next()));
        assertAllLanes(collected);
        assertThat(looks).hasValue(5);
    }

    @Test
    void whoTookTooLongIsAskedAgainWhenTheTaskThatWasLateIsGone() throws Exception {
        Coordinator coordinator = coordinator(3, LONG, 50);
        Played a = new Played();
        Played b = new Played();
        coordinator.joined(a, 0, 10);
        coordinator.joined(b, 1, 11);
        coordinator.joined(b, 2, 12);
        standIn(coordinator, a, b);
        coordinator.left(b, 1, 11);
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
        coordinator.joined(a, 0, 10);
        coordinator.joined(b, 1, 11);
        standIn(coordinator, a, b);
        coordinator.joined(b, 1, 12);
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
        coordinator.joined(a, 0, 10);
        coordinator.joined(b, 1, 11);
        standIn(coordinator, a, b);
        coordinator.missed(b, 2); // of the question before
        CompletableFuture<List<Integer>> collected = ask(coordinator);
        Ask seen = b.next();
        assertThat(partsOf(seen)).containsExactly(3, 4, 5);
        coordinator.missed(b, seen.number());
        Ask again = b.next();
        assertThat(partsOf(again)).containsExactly(3, 4, 5);
        coordinator.answered(b, answerTo(again));
        coordinator.answered(a, answerTo(a.next()));
        assertAllLanes(collected);
    }

    /** One question in which {@code late} does not answer. */
    private static void standIn(Coordinator coordinator, Played other, Played late) throws Exception {
        CompletableFuture<List<Integer>> collected = ask(coordinator);
        late.next();
        coordinator.answered(other, answerTo(other.next()));
        coordinator.answered(other, answerTo(other.next()));
        assertAllLanes(collected);
    }

    @Test
    void theEndOfTheJobEndsTheWaitAndStopsWhoeverComesLater() throws Exception {
        Coordinator coordinator = coordinator(2, LONG, LONG);
        Played a = new Played();
        Played b = new Played();
        Played late = new Played();
        coordinator.joined(a, 0, 10);
        coordinator.joined(b, 1, 12);
        CompletableFuture<List<Integer>> collected = ask(coordinator);
        a.next();
        coordinator.ended(new SessionEndedException(SessionEndedException.Reason.CANCELLED, "by hand", null));
        assertThatThrownBy(() -> collected.get(1, TimeUnit.MINUTES))
                .rootCause()
                .isInstanceOf(SessionEndedException.class)
                .hasMessage("by hand");
        assertThat(a.stopped).isTrue();
        coordinator.joined(late, 1, 11);
        assertThat(late.stopped).isTrue();
    }

    @Test
    void partitionsWithoutRowsInAStepAreNotAsked() throws Exception {
        Coordinator coordinator = coordinator(2, LONG, LONG);
        Played a = new Played();
        Played b = new Played();
        coordinator.joined(a, 0, 10);
        coordinator.joined(b, 1, 11);
        CompletableFuture<Integer> count = CompletableFuture.supplyAsync(() -> {
            try {
                return coordinator
                        .ask(Question.gradient(1, 0, 2, new float[1]), parts, CoordinatorTest::deliver)
                        .sums()
                        .size();
            } catch (SessionEndedException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        coordinator.answered(a, answerTo(a.next()));
        assertThat(count.get(1, TimeUnit.MINUTES)).isEqualTo(2);
        assertThat(b.asks).isEmpty();
    }
}
