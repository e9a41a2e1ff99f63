package dev.backdraft.spark.engine.wire;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * Puts the frames of one connection together again, straight into the vectors where they belong. For one thread at a
 * time, except that any thread may {@linkplain #close close} it.
 */
public final class ParcelReader {
    private static final int LARGEST_HEAD = 1 << 28;

    private final Receiver receiver;
    private int kind;
    private byte[] head; // of the parcel that is coming in, as far as it has come; null between parcels
    private int headBytes; // when it is complete
    private int headFilled; // padding included
    private List<float[]> vectors; // null until the head is complete
    private int stamp; // 0: the floats come in frames
    private long floats; // still to come
    private int vector; // where the next float goes
    private int index;

    @GuardedBy("this")
    private SharedRegion region; // of who sends; null when it cannot be read here

    @GuardedBy("this")
    private boolean closed;

    /** What is done with parcels. Exceptions end the connection. */
    public interface Receiver {
        /**
         * The head is there: says where the floats go.
         *
         * @param head ready to be read
         * @param count of the floats that will come
         * @return vectors with room for exactly as many
         */
        List<float[]> begin(int kind, ByteBuffer head, long count);

        /** All floats are there. */
        void complete(int kind, ByteBuffer head, List<float[]> filled);

        /**
         * The sender has written something newer over the floats: the parcel is of no use.
         *
         * @param vectors as begun
         */
        void missed(int kind, ByteBuffer head, List<float[]> vectors);
    }

    /** Of one connection, whose parcels this receiver takes. */
    public ParcelReader(Receiver receiver) {
        this.receiver = receiver;
    }

    /** Reads from the sender's memory from now on, when it sends through it. The region is closed with the reader. */
    synchronized void readFrom(SharedRegion opened) {
        if (region != null) {
            region.close();
        }
        region = opened;
        if (closed) { // by another thread, while this one opened the region
            close();
        }
    }

    /** No more frames are of use; one that another thread is taking may still be. */
    public synchronized void close() {
        closed = true;
        if (region != null) {
            region.close();
        }
    }

    private synchronized SharedRegion region() {
        return region;
    }

    /** Takes a frame that is part of a parcel. */
    public void frame(ByteBuffer frame) {
        frame.order(ByteOrder.LITTLE_ENDIAN);
        int type = frame.getInt();
        if (type == Parcel.FIRST && head == null) {
            begin(frame);
        } else if (type == Parcel.MORE && head != null) {
            frame.getInt();
        } else {
            throw new IllegalStateException(
                    "a frame of type " + type + (head == null ? " between" : " within") + " parcels");
        }
        int all = Parcel.padded(headBytes);
        int now = Math.min(all - headFilled, frame.remaining());
        if (now > 0) {
            int bytes = Math.max(0, Math.min(now, headBytes - headFilled));
            makeRoom(headFilled + bytes);
            frame.get(head, headFilled, bytes);
            frame.position(frame.position() + now - bytes);
            headFilled += now;
        }
        if (headFilled == all) {
            if (vectors == null) {
                open();
            }
            if (stamp == 0) {
                fill(frame);
            } else {
                read();
            }
        }
    }

    private void begin(ByteBuffer frame) {
        kind = frame.getInt();
        int bytes = frame.getInt();
        stamp = frame.getInt();
        floats = frame.getLong();
        if (bytes < 0 || bytes > LARGEST_HEAD || floats < 0) {
            throw new IllegalStateException("a parcel with a head of " + bytes + " bytes and " + floats + " floats");
        }
        headBytes = bytes;
        head = new byte[Math.min(bytes, frame.remaining())];
        headFilled = 0;
        vectors = null;
    }

    /** The buffer grows as bytes arrive; the announced length is not trusted. */
    private void makeRoom(int bytes) {
        if (bytes > head.length) {
            head = Arrays.copyOf(head, (int) Math.min(headBytes, Math.max(bytes, 2L * head.length)));
        }
    }

    private void open() {
        vectors = receiver.begin(kind, headToRead(), floats);
        vector = 0;
        index = 0;
        long room = 0;
        for (float[] target : vectors) {
            room += target.length;
        }
        if (room != floats) {
            throw new IllegalStateException(floats + " floats for vectors of " + room);
        }
    }

    private ByteBuffer headToRead() {
        return ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void fill(ByteBuffer frame) {
        long count = Math.min(floats, frame.remaining() / 4);
        while (count > 0) {
            float[] target = vectors.get(vector);
            int now = (int) Math.min(count, target.length - index);
            frame.asFloatBuffer().get(target, index, now);
            frame.position(frame.position() + 4 * now);
            index += now;
            count -= now;
            floats -= now;
            if (index == target.length) {
                vector++;
                index = 0;
            }
        }
        if (floats == 0) {
            end(true);
        }
    }

    private void read() {
        SharedRegion from = region();
        if (from == null) {
            throw new IllegalStateException("a parcel in memory that was never opened");
        }
        end(from.read(stamp, vectors));
    }

    private void end(boolean well) {
        List<float[]> filled = vectors;
        ByteBuffer full = headToRead();
        head = null;
        vectors = null;
        if (well) {
            receiver.complete(kind, full, filled);
        } else {
            receiver.missed(kind, full, filled);
        }
    }
}
