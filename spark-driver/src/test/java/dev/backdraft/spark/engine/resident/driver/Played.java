package dev.backdraft.spark.engine.resident.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.network.GradientSum;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.engine.Fits;
import dev.backdraft.spark.engine.resident.SessionEndedException;
import dev.backdraft.spark.engine.resident.protocol.Messages;
import dev.backdraft.spark.engine.resident.protocol.Reply;
import dev.backdraft.spark.engine.resident.protocol.Request;
import dev.backdraft.spark.engine.resident.protocol.Request.Work;
import dev.backdraft.spark.engine.wire.Parcel;
import dev.backdraft.spark.internal.SparkTransport.Link;
import dev.backdraft.train.Fit;
import dev.backdraft.train.engine.LaneSum;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;

/** An executor that a test plays: the requests of the coordinator are put into a queue, and the test replies. */
final class Played {
    static final int PARTS = 6; // of one lane each
    static final int LONG = 600_000;
    private static final ConcurrentMap<ExecutorHandle, Played> PLAYED = new ConcurrentHashMap<>();

    final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    volatile boolean stopped;
    final ExecutorHandle handle =
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

    /** The rows that the steps are about. */
    static BlockSet blocks(JavaSparkContext spark) {
        Fit fit = Fits.settle(spark, Fits.ROWS, Fits.request(1));
        BlockSet set = Fits.blocks(spark, Fits.ROWS, fit, false);
        assertThat(set.parts()).isEqualTo(PARTS);
        return set;
    }

    /** Sends requests: puts each into the queue of its executor. */
    static long deliver(Map<ExecutorHandle, Request> sent) {
        sent.forEach((executor, request) -> PLAYED.get(executor).requests.add(request));
        return 0;
    }

    static List<Integer> partsOf(Request request) {
        List<Integer> list = new ArrayList<>();
        request.assignments().forEach(assignment -> {
            for (int part : assignment.parts()) {
                list.add(part);
            }
        });
        return list;
    }

    /** A reply with one sum for each part. */
    static Reply replyTo(Request request) {
        List<LaneSum> sums = new ArrayList<>();
        partsOf(request).forEach(part -> sums.add(new LaneSum(part, part + 1, new GradientSum(1))));
        return new Reply(request.number(), sums, Map.of(), 1, 1);
    }

    static Coordinator coordinator(int workers, long registrationMillis, long stepMillis) {
        return new Coordinator(workers, new ResidentSettings(registrationMillis, stepMillis, 0, 2), () -> true);
    }

    /** A step, on a thread of its own; the lanes that it has collected. */
    static CompletableFuture<List<Integer>> ask(Coordinator coordinator, BlockSet set) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return coordinator.run(Work.gradient(1, 0, 6, new float[1]), set, Played::deliver).sums().stream()
                        .map(LaneSum::from)
                        .sorted()
                        .toList();
            } catch (SessionEndedException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    static void assertAllLanes(CompletableFuture<List<Integer>> collected) throws Exception {
        assertThat(collected.get(1, TimeUnit.MINUTES)).containsExactly(0, 1, 2, 3, 4, 5);
    }

    /** Lets executors reply to all that they are asked. */
    static void replyUntil(CompletableFuture<?> end, Coordinator coordinator, Played... executors)
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
}
