package dev.backdraft.spark.engine.resident.executor;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.backdraft.spark.engine.resident.protocol.Messages;
import dev.backdraft.spark.engine.resident.protocol.Request;
import dev.backdraft.spark.engine.wire.Neighbors;
import dev.backdraft.spark.engine.wire.Parcel;
import dev.backdraft.spark.internal.SparkTransport.Link;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forwards requests to other executors, over connections that it keeps. Has a thread of its own, because connecting
 * takes time.
 */
final class Relay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

    private final Connector connector;
    private final Neighbors neighbors;

    @GuardedBy("links")
    private final Map<InetSocketAddress, Link> links = new HashMap<>();

    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "backdraft-relay");
        made.setDaemon(true);
        return made;
    });

    /** Connects to another executor and introduces this one. */
    interface Connector {
        Link connect(InetSocketAddress to) throws IOException, InterruptedException;
    }

    /** Is told about the progress of a call to {@link #forward}, on the relay's thread. */
    interface Outcome {
        /** One of the requests to forward is about to be sent on this connection. */
        void forwarding(PendingReply of, long number, Link to);

        /**
         * All requests have been sent, or no more will be.
         *
         * @param well whether all have been sent
         */
        void forwarded(PendingReply of, boolean well);
    }

    /** @param neighbors executors that read parameters from shared memory */
    Relay(Connector connector, Neighbors neighbors) {
        this.connector = connector;
        this.neighbors = neighbors;
    }

    /**
     * Forwards what a request says: connects where it must, and sends. Reads the parameters until the outcome is told.
     */
    void forward(PendingReply of, Outcome outcome) {
        thread.execute(() -> {
            boolean well = false;
            try {
                send(of, outcome);
                well = true;
            } catch (IOException | RuntimeException e) {
                LOG.warn("cannot forward to another executor: {}", e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                outcome.forwarded(of, well);
            }
        });
    }

    private void send(PendingReply of, Outcome outcome) throws IOException, InterruptedException {
        List<Link> to = new ArrayList<>();
        List<ByteBuffer> heads = new ArrayList<>();
        for (Request forward : of.request().forwards()) {
            Link link = link(forward.to());
            outcome.forwarding(of, forward.number(), link);
            if (!link.isOpen()) { // closed before anybody knew that a reply was to come on it
                throw new IOException("the connection to " + forward.to() + " is closed");
            }
            to.add(link);
            heads.add(Messages.head(forward));
        }
        neighbors.renew();
        Parcel.send(
                neighbors,
                to,
                Messages.REQUEST,
                heads,
                List.of(of.request().work().parameters()));
    }

    private Link link(InetSocketAddress to) throws IOException, InterruptedException {
        synchronized (links) {
            Link known = links.get(to);
            if (known != null && known.isOpen()) {
                return known;
            }
        }
        Link link = connector.connect(to);
        synchronized (links) {
            links.put(to, link);
        }
        return link;
    }

    /** A connection is lost. */
    void forget(Link link) {
        synchronized (links) {
            links.values().remove(link);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
