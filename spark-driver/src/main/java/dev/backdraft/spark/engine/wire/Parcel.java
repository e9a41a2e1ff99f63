package dev.backdraft.spark.engine.wire;

import dev.backdraft.spark.internal.SparkTransport.Link;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A message of any length: a kind, a head of bytes and vectors of floats, cut into frames of 64 KB. So a vector is never copied as a
 * whole, and is sent while it is still being cut. Little-endian.
 *
 * <p>The first frame of a parcel starts with (FIRST, kind, bytes of the head, stamp, number of floats as a long), the others with
 * (MORE, 0); then follow head, zeros to a multiple of 8, and floats, as if there were no frames. Frames of two parcels do not mix
 * on one connection. With a stamp other than 0 the floats are not in the frames, but in the sender's {@link SharedRegion}.
 */
public final class Parcel {
    /** Types of frames, the first integer of each. Those below 10 are this package's; other messages have larger ones. */
    static final int FIRST = 1;

    static final int MORE = 2;

    static final int FRAME_BYTES = 1 << 16;
    static final int FIRST_BYTES = 24;
    static final int MORE_BYTES = 8;

    /** Floats that fit into one frame, but for the head. */
    static final int MOST_INLINE = FRAME_BYTES / 4;

    private Parcel() {}

    /** An empty buffer for a frame or a head. */
    public static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The type of a frame; the frame is left as it was. */
    public static int type(ByteBuffer frame) {
        return frame.order(ByteOrder.LITTLE_ENDIAN).getInt(frame.position());
    }

    /** Whether a frame is part of a parcel. */
    public static boolean isPart(ByteBuffer frame) {
        int type = type(frame);
        return type == FIRST || type == MORE;
    }

    /** Bytes of a head with the padding after it. */
    static int padded(int headBytes) {
        return (headBytes + 7) & -8;
    }

    /**
     * Sends one parcel to each of several JVMs: heads of their own, and the same vectors, which are cut once, or written once into
     * memory for those that can read them there.
     *
     * @param neighbors peers that share memory; {@linkplain Neighbors#renew renewed} before new vectors are sent
     * @param heads one for each link, ready to be read; read
     * @param vectors read before this returns
     */
    public static void send(
            Neighbors neighbors, List<Link> links, int kind, List<ByteBuffer> heads, List<float[]> vectors) {
        long floats = 0;
        for (float[] vector : vectors) {
            floats += vector.length;
        }
        List<Link> far = new ArrayList<>();
        for (int i = 0; i < links.size(); i++) {
            Link link = links.get(i);
            ByteBuffer head = heads.get(i);
            if (FIRST_BYTES + padded(head.remaining()) + 4 * floats <= FRAME_BYTES) {
                link.send(whole(kind, head, vectors, (int) floats));
            } else if (neighbors.reaches(link, floats)) {
                sendHead(link, kind, head, neighbors.write(vectors), floats);
            } else {
                sendHead(link, kind, head, 0, floats);
                far.add(link);
            }
        }
        if (!far.isEmpty()) {
            for (float[] vector : vectors) {
                sendVector(far, vector);
            }
        }
    }

    private static ByteBuffer first(int kind, int headBytes, int stamp, long floats, int contentBytes) {
        return buffer(FIRST_BYTES + contentBytes)
                .putInt(FIRST)
                .putInt(kind)
                .putInt(headBytes)
                .putInt(stamp)
                .putLong(floats);
    }

    private static ByteBuffer whole(int kind, ByteBuffer head, List<float[]> vectors, int floats) {
        int bytes = head.remaining();
        ByteBuffer frame = first(kind, bytes, 0, floats, padded(bytes) + 4 * floats);
        frame.put(head.duplicate());
        int position = FIRST_BYTES + padded(bytes);
        for (float[] vector : vectors) {
            frame.position(position).asFloatBuffer().put(vector);
            position += 4 * vector.length;
        }
        return frame.rewind();
    }

    private static void sendHead(Link link, int kind, ByteBuffer head, int stamp, long floats) {
        ByteBuffer rest = head.duplicate();
        int left = padded(rest.remaining());
        int content = Math.min(left, FRAME_BYTES);
        ByteBuffer frame = first(kind, rest.remaining(), stamp, floats, content);
        while (true) {
            ByteBuffer part = rest.slice(rest.position(), Math.min(content, rest.remaining()));
            frame.put(part.duplicate());
            rest.position(rest.position() + part.remaining());
            link.send(frame.rewind());
            left -= content;
            if (left == 0) {
                return;
            }
            content = Math.min(left, FRAME_BYTES);
            frame = buffer(MORE_BYTES + content).putInt(MORE).putInt(0);
        }
    }

    private static void sendVector(List<Link> links, float[] vector) {
        int most = (FRAME_BYTES - MORE_BYTES) / 4;
        for (int from = 0; from < vector.length; from += most) {
            int count = Math.min(most, vector.length - from);
            ByteBuffer frame = buffer(MORE_BYTES + 4 * count).putInt(MORE).putInt(0);
            frame.asFloatBuffer().put(vector, from, count);
            frame.rewind();
            for (Link link : links) {
                link.send(frame.duplicate());
            }
        }
    }
}
