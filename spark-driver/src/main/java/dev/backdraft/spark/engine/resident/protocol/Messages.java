package dev.backdraft.spark.engine.resident.protocol;

import dev.backdraft.metric.MetricSums;
import dev.backdraft.network.GradientSum;
import dev.backdraft.spark.engine.resident.protocol.Request.Assignment;
import dev.backdraft.spark.engine.resident.protocol.Request.Kind;
import dev.backdraft.spark.engine.resident.protocol.Request.Work;
import dev.backdraft.spark.engine.wire.Parcel;
import dev.backdraft.train.engine.LaneSum;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The bytes of all messages. Short messages are one frame, whose first integer is the type. Requests and replies are
 * {@link Parcel}s; this class writes and reads their heads.
 */
public final class Messages {
    // from executor to driver; HELLO also from executor to executor
    public static final int HELLO = 10; // token, name and address of the executor: the first message on a connection
    public static final int JOINED = 11; // worker, attempt
    public static final int LEFT = 12; // worker, attempt
    public static final int BROKEN = 13; // number of a request that will not be answered
    public static final int MISSED = 14; // number of a request whose parameters were overwritten before they were read
    public static final int OUTDATED = 15; // number of an old request that a worker has finished with

    // from driver to executor
    public static final int STOP = 20;

    // kinds of parcels
    public static final int REQUEST = 30;
    public static final int REPLY = 31;
    public static final int MEASURED = 32; // the measures of one block, sent before the reply that they belong to

    /** The address of an executor that does not listen. */
    public static final InetSocketAddress NOWHERE = InetSocketAddress.createUnresolved("", 0);

    private static final int DEEPEST = 64; // a tree with this many levels would have 2^64 executors

    private Messages() {}

    /** The first message on a connection. */
    public record Hello(String token, String executor, InetSocketAddress address) {
        public ByteBuffer frame() {
            byte[] tokenBytes = bytes(token);
            byte[] name = bytes(executor);
            byte[] host = bytes(address.getHostString());
            ByteBuffer frame = Parcel.buffer(20 + tokenBytes.length + name.length + host.length)
                    .putInt(HELLO);
            put(frame, tokenBytes);
            put(frame, name);
            put(frame, host);
            return frame.putInt(address.getPort()).rewind();
        }

        /**
         * Reads the message.
         *
         * @throws IllegalStateException when the frame is something else
         */
        public static Hello read(ByteBuffer frame) {
            if (Parcel.type(frame) != HELLO) {
                throw new IllegalStateException("a message of type " + Parcel.type(frame) + " before the first");
            }
            frame.getInt();
            return new Hello(text(frame), text(frame), hostAndPort(frame));
        }

        /**
         * Checks the token.
         *
         * @throws IllegalStateException when it is not the session's
         */
        public void check(String expected) {
            if (!MessageDigest.isEqual(bytes(token), bytes(expected))) {
                throw new IllegalStateException("not of this session");
            }
        }

        @Override
        public String toString() {
            return "executor " + executor + " at " + address; // never the token
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void put(ByteBuffer frame, byte[] bytes) {
        frame.putInt(bytes.length).put(bytes);
    }

    private static String text(ByteBuffer frame) {
        byte[] bytes = new byte[checkedCount(frame.getInt(), frame.remaining())];
        frame.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static InetSocketAddress hostAndPort(ByteBuffer frame) {
        return InetSocketAddress.createUnresolved(text(frame), frame.getInt());
    }

    private static int checkedCount(int count, int most) {
        if (count < 0 || count > most) {
            throw new IllegalStateException("a count of " + count + " where at most " + most + " can be");
        }
        return count;
    }

    /** A worker that joined or left. */
    public record Presence(int worker, long attempt) {
        /**
         * Writes the message.
         *
         * @param type {@link #JOINED} or {@link #LEFT}
         */
        public ByteBuffer frame(int type) {
            return Parcel.buffer(16)
                    .putInt(type)
                    .putInt(worker)
                    .putLong(attempt)
                    .rewind();
        }

        public static Presence read(ByteBuffer frame) {
            frame.getInt();
            return new Presence(frame.getInt(), frame.getLong());
        }
    }

    public static ByteBuffer stop() {
        return Parcel.buffer(4).putInt(STOP).rewind();
    }

    public static ByteBuffer broken(long request) {
        return Parcel.buffer(12).putInt(BROKEN).putLong(request).rewind();
    }

    public static ByteBuffer missed(long request) {
        return Parcel.buffer(12).putInt(MISSED).putLong(request).rewind();
    }

    public static ByteBuffer outdated(long request) {
        return Parcel.buffer(12).putInt(OUTDATED).putLong(request).rewind();
    }

    /** The number of the request that a frame is about: broken, missed or outdated. */
    public static long aboutRequest(ByteBuffer frame) {
        return frame.getLong(frame.position() + 4);
    }

    /** The head of a request, with the requests that it forwards. Its vector is the parameters. */
    public static ByteBuffer head(Request request) {
        List<ByteBuffer> heads = new ArrayList<>();
        List<byte[]> hosts = new ArrayList<>();
        int bytes = 36;
        for (Assignment assignment : request.assignments()) {
            bytes += 16 + 4 * assignment.parts().length;
        }
        for (Request forward : request.forwards()) {
            ByteBuffer nested = head(forward);
            byte[] host = bytes(forward.to().getHostString());
            heads.add(nested);
            hosts.add(host);
            bytes += 12 + host.length + nested.remaining();
        }
        Work work = request.work();
        ByteBuffer head = Parcel.buffer(bytes)
                .putLong(request.number())
                .putInt(work.kind() == Kind.MEASURES ? 1 : 0)
                .putInt(work.epoch())
                .putInt(work.activeLanes())
                .putLong(work.step())
                .putInt(request.assignments().size())
                .putInt(heads.size());
        for (Assignment assignment : request.assignments()) {
            head.putLong(assignment.attempt()).putInt(assignment.worker()).putInt(assignment.parts().length);
            for (int part : assignment.parts()) {
                head.putInt(part);
            }
        }
        for (int i = 0; i < heads.size(); i++) {
            put(head, hosts.get(i));
            head.putInt(request.forwards().get(i).to().getPort());
            head.putInt(heads.get(i).remaining()).put(heads.get(i));
        }
        return head.rewind();
    }

    /** The number of the request that a head of a request or a reply starts with; the head is not changed. */
    public static long requestNumber(ByteBuffer head) {
        return head.getLong(head.position());
    }

    /** Reads a request. */
    public static Request request(ByteBuffer head, float[] parameters) {
        return request(NOWHERE, head, parameters, 0);
    }

    private static Request request(InetSocketAddress to, ByteBuffer head, float[] parameters, int depth) {
        checkedCount(depth, DEEPEST);
        long number = head.getLong();
        Kind kind = head.getInt() == 1 ? Kind.MEASURES : Kind.GRADIENT;
        int epoch = head.getInt();
        int activeLanes = head.getInt();
        long step = head.getLong();
        int assignmentCount = checkedCount(head.getInt(), head.remaining());
        int forwardCount = checkedCount(head.getInt(), head.remaining());
        List<Assignment> assignments = new ArrayList<>();
        for (int i = 0; i < assignmentCount; i++) {
            long attempt = head.getLong();
            int worker = head.getInt();
            int[] parts = new int[checkedCount(head.getInt(), head.remaining() / 4)];
            for (int j = 0; j < parts.length; j++) {
                parts[j] = head.getInt();
            }
            assignments.add(new Assignment(worker, attempt, parts));
        }
        List<Request> forwards = new ArrayList<>();
        for (int i = 0; i < forwardCount; i++) {
            InetSocketAddress next = hostAndPort(head);
            int bytes = checkedCount(head.getInt(), head.remaining());
            ByteBuffer nested = head.slice(head.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
            forwards.add(request(next, nested, parameters, depth + 1));
            head.position(head.position() + bytes);
        }
        return new Request(number, to, new Work(kind, epoch, step, activeLanes, parameters), assignments, forwards);
    }

    /** The head of the measures of one block; it has no vectors. */
    public static ByteBuffer measured(long request, int block, MetricSums measured) {
        ByteBuffer head = Parcel.buffer(12 + measured.bytes()).putLong(request).putInt(block);
        measured.write(head);
        return head.rewind();
    }

    /** Reads the measures of one block, and adds them to others. */
    static void measured(ByteBuffer head, Map<Integer, MetricSums> measured) {
        head.getLong();
        measured.put(head.getInt(), MetricSums.read(head));
    }

    /** The head of a reply, without the measures. Its vectors are the gradients of its sums. */
    public static ByteBuffer head(Reply reply) {
        ByteBuffer head = Parcel.buffer(28 + LaneSum.HEAD_BYTES * reply.sums().size())
                .putLong(reply.request())
                .putLong(reply.computeNanos())
                .putLong(reply.combineNanos())
                .putInt(reply.sums().size());
        reply.sums().forEach(node -> node.writeHead(head));
        return head.rewind();
    }

    /**
     * The number of sums in a reply.
     *
     * @throws IllegalStateException when there are more than lanes
     */
    static int sums(ByteBuffer replyHead, int lanes) {
        return checkedCount(replyHead.getInt(24), lanes);
    }

    /**
     * Reads a reply.
     *
     * @param sums with the gradients that came; their losses are overwritten
     * @param measured that came before
     */
    static Reply reply(ByteBuffer head, List<GradientSum> sums, Map<Integer, MetricSums> measured) {
        long number = head.getLong();
        long computeNanos = head.getLong();
        long combineNanos = head.getLong();
        head.getInt();
        List<LaneSum> nodes = new ArrayList<>();
        sums.forEach(sum -> nodes.add(LaneSum.readHead(head, sum)));
        return new Reply(number, nodes, measured, computeNanos, combineNanos);
    }
}
