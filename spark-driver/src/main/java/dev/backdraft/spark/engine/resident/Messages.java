package dev.backdraft.spark.engine.resident;

import dev.backdraft.network.GradientSum;
import dev.backdraft.spark.engine.wire.Parcel;
import dev.backdraft.train.engine.LaneSum;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * What driver and executors say to each other, as bytes. Short messages are one frame, whose first integer is their type; asks and
 * answers are {@link Parcel}s, of which here are the heads.
 */
final class Messages {
    // executor to driver, and the first from executor to executor
    static final int HELLO = 10; // token, name of the executor, its endpoint: the first on a connection
    static final int JOINED = 11; // worker, attempt
    static final int LEFT = 12; // worker, attempt
    static final int BROKEN = 13; // number of an ask whose answer will not come
    static final int MISSED = 14; // number of an ask whose parameters were overwritten before they were read

    // driver to executor
    static final int STOP = 20;

    // parcels
    static final int ASK = 30;
    static final int ANSWER = 31;
    static final int MEASURED = 32; // the measures of one block, before the answer that they are of

    private static final int MOST_SUMS = 1 << 16;

    private Messages() {}

    /** The first message on a connection. */
    record Hello(String token, String executor, Endpoint endpoint) {
        ByteBuffer frame() {
            byte[] tokenBytes = bytes(token);
            byte[] name = bytes(executor);
            byte[] host = bytes(endpoint.host());
            ByteBuffer frame = Parcel.buffer(20 + tokenBytes.length + name.length + host.length)
                    .putInt(HELLO);
            put(frame, tokenBytes);
            put(frame, name);
            put(frame, host);
            return frame.putInt(endpoint.port()).rewind();
        }

        /** @throws IllegalStateException when the frame is something else */
        static Hello read(ByteBuffer frame) {
            if (Parcel.type(frame) != HELLO) {
                throw new IllegalStateException("a message of type " + Parcel.type(frame) + " before the first");
            }
            frame.getInt();
            return new Hello(text(frame), text(frame), new Endpoint(text(frame), frame.getInt()));
        }

        /** @throws IllegalStateException when this is not the session's token */
        void check(String expected) {
            if (!MessageDigest.isEqual(bytes(token), bytes(expected))) {
                throw new IllegalStateException("not of this session");
            }
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

    private static int checkedCount(int count, int most) {
        if (count < 0 || count > most) {
            throw new IllegalStateException("a count of " + count + " where at most " + most + " can be");
        }
        return count;
    }

    /** A worker that came or went. */
    record Presence(int worker, long attempt) {
        ByteBuffer frame(int type) {
            return Parcel.buffer(16)
                    .putInt(type)
                    .putInt(worker)
                    .putLong(attempt)
                    .rewind();
        }

        static Presence read(ByteBuffer frame) {
            frame.getInt();
            return new Presence(frame.getInt(), frame.getLong());
        }
    }

    static ByteBuffer stop() {
        return Parcel.buffer(4).putInt(STOP).rewind();
    }

    static ByteBuffer broken(long ask) {
        return Parcel.buffer(12).putInt(BROKEN).putLong(ask).rewind();
    }

    static ByteBuffer missed(long ask) {
        return Parcel.buffer(12).putInt(MISSED).putLong(ask).rewind();
    }

    /** The ask that a frame is about: broken or missed. */
    static long aboutAsk(ByteBuffer frame) {
        return frame.getLong(frame.position() + 4);
    }

    /** The head of an ask, with those that are to be handed on; its vector is the parameters. */
    static ByteBuffer head(Branch branch) {
        Ask ask = branch.ask();
        List<ByteBuffer> heads = new ArrayList<>();
        List<byte[]> hosts = new ArrayList<>();
        int bytes = 40;
        for (Share share : ask.shares()) {
            bytes += 16 + 4 * share.parts().length;
        }
        for (Branch child : branch.children()) {
            ByteBuffer below = head(child);
            byte[] host = bytes(child.member().endpoint().host());
            heads.add(below);
            hosts.add(host);
            bytes += 12 + host.length + below.remaining();
        }
        Question question = ask.question();
        ByteBuffer head = Parcel.buffer(bytes)
                .putLong(ask.number())
                .putInt(question.kind() == Question.Kind.MEASURES ? 1 : 0)
                .putInt(ask.again() ? 1 : 0)
                .putInt(question.epoch())
                .putInt(question.activeLanes())
                .putLong(question.step())
                .putInt(ask.shares().size())
                .putInt(heads.size());
        for (Share share : ask.shares()) {
            head.putLong(share.attempt()).putInt(share.worker()).putInt(share.parts().length);
            for (int part : share.parts()) {
                head.putInt(part);
            }
        }
        for (int i = 0; i < heads.size(); i++) {
            put(head, hosts.get(i));
            head.putInt(branch.children().get(i).member().endpoint().port());
            head.putInt(heads.get(i).remaining()).put(heads.get(i));
        }
        return head.rewind();
    }

    /** An ask as it has come, and what is to be handed on. */
    record Told(Ask ask, List<Below> below) {}

    /** An ask to another executor: its number, where it goes, its head. */
    record Below(long number, Endpoint endpoint, ByteBuffer head) {}

    /** The number of an ask, of its own head or its answer's; the head is left as it was. */
    static long askNumber(ByteBuffer head) {
        return head.getLong(head.position());
    }

    /** Reads an ask back. */
    static Told told(ByteBuffer head, float[] parameters) {
        long number = head.getLong();
        Question.Kind kind = head.getInt() == 1 ? Question.Kind.MEASURES : Question.Kind.GRADIENT;
        boolean again = head.getInt() == 1;
        int epoch = head.getInt();
        int activeLanes = head.getInt();
        long step = head.getLong();
        int shareCount = checkedCount(head.getInt(), head.remaining());
        int belowCount = checkedCount(head.getInt(), head.remaining());
        List<Share> shares = new ArrayList<>();
        for (int i = 0; i < shareCount; i++) {
            long attempt = head.getLong();
            int worker = head.getInt();
            int[] parts = new int[checkedCount(head.getInt(), head.remaining() / 4)];
            for (int j = 0; j < parts.length; j++) {
                parts[j] = head.getInt();
            }
            shares.add(new Share(worker, attempt, parts));
        }
        List<Below> below = new ArrayList<>();
        for (int i = 0; i < belowCount; i++) {
            Endpoint endpoint = new Endpoint(text(head), head.getInt());
            int bytes = checkedCount(head.getInt(), head.remaining());
            ByteBuffer nested = head.slice(head.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
            below.add(new Below(nested.getLong(0), endpoint, nested));
            head.position(head.position() + bytes);
        }
        Question question = new Question(kind, epoch, step, activeLanes, parameters);
        return new Told(new Ask(number, question, again, shares), below);
    }

    /** The head of the measures of one block; it has no vectors. */
    static ByteBuffer measured(long ask, byte[] bytes) {
        return Parcel.buffer(8 + bytes.length).putLong(ask).put(bytes).rewind();
    }

    /** The head of an answer, but for what was measured; its vectors are the gradients of its sums. */
    static ByteBuffer head(Answer answer) {
        ByteBuffer head = Parcel.buffer(28 + 32 * answer.sums().size())
                .putLong(answer.ask())
                .putLong(answer.computeNanos())
                .putLong(answer.combineNanos())
                .putInt(answer.sums().size());
        for (LaneSum node : answer.sums()) {
            head.putInt(node.from())
                    .putInt(node.to())
                    .putDouble(node.sum().losses().loss())
                    .putDouble(node.sum().losses().weight())
                    .putDouble(node.sum().losses().correct());
        }
        return head.rewind();
    }

    /** The number of sums in an answer. */
    static int sums(ByteBuffer answerHead) {
        return checkedCount(answerHead.getInt(24), MOST_SUMS);
    }

    /**
     * Reads an answer back.
     *
     * @param sums with the gradients that came; their losses are overwritten
     * @param measured that came before
     */
    static Answer answer(ByteBuffer head, List<GradientSum> sums, List<MeasuredBlock> measured) {
        long number = head.getLong();
        long computeNanos = head.getLong();
        long combineNanos = head.getLong();
        head.getInt();
        List<LaneSum> nodes = new ArrayList<>();
        for (GradientSum sum : sums) {
            LaneSum node = new LaneSum(head.getInt(), head.getInt(), sum);
            sum.losses().clear();
            sum.losses().add(head.getDouble(), head.getDouble(), head.getDouble());
            nodes.add(node);
        }
        return new Answer(number, nodes, measured, computeNanos, combineNanos);
    }
}
