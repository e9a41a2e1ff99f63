package dev.backdraft.spark.engine.resident.driver;

import dev.backdraft.linalg.Blas;
import dev.backdraft.spark.engine.resident.protocol.DriverAddress;
import dev.backdraft.spark.engine.resident.protocol.Messages;
import dev.backdraft.spark.engine.resident.protocol.ReplyReader;
import dev.backdraft.spark.engine.resident.protocol.Request;
import dev.backdraft.spark.engine.resident.protocol.Request.Work;
import dev.backdraft.spark.engine.resident.protocol.SumPool;
import dev.backdraft.spark.engine.wire.Neighbors;
import dev.backdraft.spark.engine.wire.Parcel;
import dev.backdraft.spark.engine.wire.ParcelReader;
import dev.backdraft.spark.internal.SparkTransport;
import dev.backdraft.spark.internal.SparkTransport.Link;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.spark.SparkConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The driver's connections in a session: accepts those of executors that know the token, sends requests, and turns what
 * comes in into events of the {@link Coordinator}. The messages of one connection come on one thread.
 */
final class DriverEndpoint implements SparkTransport.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DriverEndpoint.class);

    private final Coordinator coordinator;
    private final SumPool pool;
    private final int lanes;
    private final ConcurrentMap<Link, Connection> connections = new ConcurrentHashMap<>();
    private final SparkTransport transport;
    private final Neighbors neighbors;
    private final DriverAddress address;
    private Work sent; // last, by the thread that sends

    private record Connection(ExecutorHandle executor, ParcelReader parcels) {}

    /**
     * Listens from now on.
     *
     * @param pool for the sums that come in
     * @param lanes of the fit
     * @param forwards whether executors may have to forward requests to others
     * @throws IOException when it cannot listen
     * @throws LinkageError when this version of Spark has another network layer
     */
    DriverEndpoint(SparkConf conf, int port, Coordinator coordinator, SumPool pool, int lanes, boolean forwards)
            throws IOException {
        this.coordinator = coordinator;
        this.pool = pool;
        this.lanes = lanes;
        String host = conf.get("spark.driver.host");
        transport = new SparkTransport(this);
        boolean open = false;
        try {
            int bound = transport.listen(conf.get("spark.driver.bindAddress", host), port);
            address = new DriverAddress(host, bound, UUID.randomUUID().toString(), forwards, Blas.backend());
            neighbors = transport.mayShareMemory() ? Neighbors.of(pool.length(), 1) : Neighbors.none();
            open = true;
        } finally {
            if (!open) {
                transport.close();
            }
        }
        LOG.debug("listening on {}", address);
    }

    DriverAddress address() {
        return address;
    }

    /** Bytes of messages to executors so far. */
    long bytesSent() {
        return transport.bytesSent();
    }

    /** Bytes of messages from executors so far. */
    long bytesReceived() {
        return transport.bytesReceived();
    }

    /**
     * Sends requests to their executors.
     *
     * @return nanoseconds that this took
     */
    @SuppressWarnings("ReferenceEquality") // equal work may be about other parameters in the same array
    long send(Map<ExecutorHandle, Request> requests) {
        long start = System.nanoTime();
        List<Link> links = new ArrayList<>();
        List<ByteBuffer> heads = new ArrayList<>();
        requests.forEach((executor, request) -> {
            links.add(executor.link());
            heads.add(Messages.head(request));
        });
        Work work = requests.values().iterator().next().work();
        if (work != sent) {
            neighbors.renew();
            sent = work;
        }
        Parcel.send(neighbors, links, Messages.REQUEST, heads, List.of(work.parameters()));
        return System.nanoTime() - start;
    }

    @Override
    public void received(Link link, ByteBuffer frame) {
        Connection known = connections.get(link);
        if (known == null) {
            accept(link, Messages.Hello.read(frame));
        } else if (Parcel.isPart(frame)) {
            known.parcels().frame(frame);
        } else if (!neighbors.received(link, frame, known.parcels())) {
            message(known.executor(), frame);
        }
    }

    private void accept(Link link, Messages.Hello hello) {
        hello.check(address.token());
        ExecutorHandle executor = new ExecutorHandle(hello.executor(), hello.address(), link);
        ReplyReader replies = new ReplyReader(
                pool,
                lanes,
                reply -> coordinator.replied(executor, reply),
                request -> coordinator.missed(executor, request));
        connections.put(link, new Connection(executor, new ParcelReader(replies)));
        neighbors.meet(link);
        LOG.debug("{} is connected", executor);
    }

    private void message(ExecutorHandle executor, ByteBuffer frame) {
        switch (Parcel.type(frame)) {
            case Messages.JOINED -> {
                Messages.Presence worker = Messages.Presence.read(frame);
                coordinator.joined(executor, worker.worker(), worker.attempt());
            }
            case Messages.LEFT -> {
                Messages.Presence worker = Messages.Presence.read(frame);
                coordinator.left(executor, worker.worker(), worker.attempt());
            }
            case Messages.BROKEN -> coordinator.broken(executor, Messages.aboutRequest(frame));
            case Messages.MISSED -> coordinator.missed(executor, Messages.aboutRequest(frame));
            case Messages.OUTDATED -> coordinator.outdated(executor, Messages.aboutRequest(frame));
            default -> throw new IllegalStateException("a message of type " + Parcel.type(frame));
        }
    }

    /**
     * Spark has removed an executor because its heartbeats are missing. A dead machine does not close its connections.
     */
    void executorLost(String executor) {
        connections.forEach((link, connection) -> {
            if (connection.executor().executor().equals(executor)) {
                link.close();
            }
        });
    }

    @Override
    public void closed(Link link) {
        Connection lost = connections.remove(link);
        if (lost != null) {
            LOG.debug("{} is gone", lost.executor());
            close(link, lost);
            coordinator.lost(lost.executor());
        }
    }

    private void close(Link link, Connection connection) {
        neighbors.forget(link);
        connection.parcels().close();
    }

    @Override
    public void close() {
        transport.close();
        connections.forEach(this::close);
        neighbors.close();
    }
}
