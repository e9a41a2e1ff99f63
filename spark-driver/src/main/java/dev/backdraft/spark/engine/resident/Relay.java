package dev.backdraft.spark.engine.resident;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.backdraft.spark.engine.wire.Neighbours;
import dev.backdraft.spark.engine.wire.Parcel;
import dev.backdraft.spark.internal.SparkTransport;
import dev.backdraft.spark.internal.SparkTransport.Link;
import dev.backdraft.spark.internal.ThisJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands asks on to executors below this one, over connections that are kept. Has a thread, as connecting takes its time. */
final class Relay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

    private final SparkTransport transport;
    private final Neighbours neighbours;
    private final Consumer<Link> greet;
    private final Consumer<Link> trust;
    private final Endpoint endpoint;

    @GuardedBy("links")
    private final Map<Endpoint, Link> links = new HashMap<>();

    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "backdraft-relay");
        made.setDaemon(true);
        return made;
    });

    /** Is told how handing on goes, on the relay's thread. */
    interface Outcome {
        /** An ask is about to be sent. */
        void goesOut(long number, Link to);

        /**
         * All has been handed on, or not.
         *
         * @param well whether all could be sent
         */
        void ended(boolean well);
    }

    /**
     * Takes connections from executors above, if it can.
     *
     * @param neighbours who reads parameters from memory
     * @param greet sends the first messages on a connection
     * @param trust told of connections before anything comes on them
     */
    Relay(SparkTransport transport, Neighbours neighbours, Consumer<Link> greet, Consumer<Link> trust) {
        this.transport = transport;
        this.neighbours = neighbours;
        this.greet = greet;
        this.trust = trust;
        endpoint = listen();
    }

    private Endpoint listen() {
        String host = ThisJvm.host();
        try {
            return new Endpoint(host, transport.listen(host, 0));
        } catch (IOException | RuntimeException e) {
            LOG.warn("cannot listen on {} for other executors: the driver talks to all of them itself", host, e);
            return Endpoint.NONE;
        }
    }

    /** Where executors above connect to. */
    Endpoint endpoint() {
        return endpoint;
    }

    /**
     * Connects where it must, and sends.
     *
     * @param parameters read until the outcome is told
     */
    void handOn(List<Messages.Below> below, float[] parameters, Outcome outcome) {
        thread.execute(() -> {
            boolean well = false;
            try {
                List<Link> to = new ArrayList<>();
                List<ByteBuffer> heads = new ArrayList<>();
                for (Messages.Below child : below) {
                    Link link = link(child.endpoint());
                    outcome.goesOut(child.number(), link);
                    to.add(link);
                    heads.add(child.head());
                }
                neighbours.renew();
                Parcel.send(neighbours, to, Messages.ASK, heads, List.of(parameters));
                well = true;
            } catch (IOException | RuntimeException e) {
                LOG.warn("cannot hand on to another executor: {}", e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                outcome.ended(well);
            }
        });
    }

    private Link link(Endpoint to) throws IOException, InterruptedException {
        synchronized (links) {
            Link known = links.get(to);
            if (known != null) {
                return known;
            }
        }
        Link link = transport.connect(to.host(), to.port());
        trust.accept(link);
        greet.accept(link);
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
