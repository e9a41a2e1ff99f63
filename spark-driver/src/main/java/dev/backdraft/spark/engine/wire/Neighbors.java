package dev.backdraft.spark.engine.wire;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.backdraft.spark.internal.SparkTransport.Link;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JVMs at the other ends of connections that are on this machine: what they are sent goes through memory. Each JVM tells
 * the other about its {@link SharedRegion}. A peer that can map it says so; all others use the connection. Thread-safe.
 */
public final class Neighbors implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Neighbors.class);

    // frames of their own, beside those of parcels
    static final int REGION = 3; // length of a name, the name of the sender's region
    static final int SEEN = 4; // the receiver's region can be read

    private static final int LARGEST = 1 << 24; // floats; such memory counts for a container's limit, but is no heap

    private final SharedRegion own; // null when there is none
    private final Set<Link> readers = ConcurrentHashMap.newKeySet(); // who can read it

    @GuardedBy("this")
    private int stamp; // of what lies there; 0 when that is not to be sent any more

    private Neighbors(SharedRegion own) {
        this.own = own;
    }

    /** Nobody shares memory. */
    public static Neighbors none() {
        return new Neighbors(null);
    }

    /**
     * Makes room for vectors to be read by others, up to 64 MB of it. It takes memory once another JVM can read it.
     *
     * @param length of a vector
     * @param vectors that may be sent at once, at most; for fewer when so many are too large
     */
    public static Neighbors of(int length, int vectors) {
        if (length <= Parcel.MOST_INLINE || length > LARGEST) {
            return none();
        }
        try {
            return new Neighbors(SharedRegion.create(length * Math.min(vectors, LARGEST / length)));
        } catch (IOException | RuntimeException e) {
            LOG.debug("no shared memory: all vectors go over connections", e);
            return none();
        }
    }

    /** Tells a JVM of this one's region. */
    public void meet(Link link) {
        if (own != null) {
            byte[] name = own.name().getBytes(StandardCharsets.UTF_8);
            link.send(Parcel.buffer(8 + name.length)
                    .putInt(REGION)
                    .putInt(name.length)
                    .put(name)
                    .rewind());
        }
    }

    /**
     * Takes a frame of a connection, when it is about a region.
     *
     * @param parcels that come on the connection: they are read from the other JVM's region, when that can be opened
     * @return whether it was
     */
    public boolean received(Link link, ByteBuffer frame, ParcelReader parcels) {
        int type = Parcel.type(frame);
        if (type == REGION) {
            frame.getInt();
            byte[] name = new byte[Math.min(frame.getInt(), frame.remaining())];
            frame.get(name);
            parcels.readFrom(open(link, new String(name, StandardCharsets.UTF_8)));
        } else if (type == SEEN) {
            addReader(link);
        }
        return type == REGION || type == SEEN;
    }

    private void addReader(Link link) {
        try {
            own.reserve();
            readers.add(link);
        } catch (IOException e) {
            LOG.debug("too little shared memory: vectors go over connections", e);
        }
    }

    /** Opens a region and says so; null when this JVM cannot read it. */
    private SharedRegion open(Link link, String name) {
        if (own == null) {
            return null; // shared memory is switched off here
        }
        try {
            SharedRegion region = SharedRegion.open(name);
            link.send(Parcel.buffer(4).putInt(SEEN).rewind());
            LOG.debug("reading what comes on {} from memory", link);
            return region;
        } catch (IOException | RuntimeException e) {
            LOG.debug("on another machine, or of another user: {}", e.toString());
            return null;
        }
    }

    /** A connection is lost. */
    public void forget(Link link) {
        readers.remove(link);
    }

    /** Whether so many floats can go to a JVM through memory. */
    boolean reaches(Link link, long floats) {
        return own != null && floats <= own.capacity() && readers.contains(link);
    }

    /** Call before sending new vectors. */
    public synchronized void renew() {
        stamp = 0;
    }

    /**
     * Lays vectors out for those who can read them, unless they lie there already: others may be reading them.
     *
     * @return their {@linkplain SharedRegion#write stamp}
     */
    synchronized int write(List<float[]> vectors) {
        stamp = stamp == 0 ? own.write(vectors) : stamp;
        return stamp;
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
    }
}
