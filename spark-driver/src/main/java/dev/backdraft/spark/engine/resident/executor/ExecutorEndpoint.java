package dev.backdraft.spark.engine.resident.executor;

import dev.backdraft.spark.engine.resident.protocol.DriverAddress;
import dev.backdraft.spark.engine.resident.protocol.Messages;
import dev.backdraft.spark.engine.resident.protocol.Reply;
import dev.backdraft.spark.engine.resident.protocol.ReplyReader;
import dev.backdraft.spark.engine.resident.protocol.Request;
import dev.backdraft.spark.engine.resident.protocol.SumPool;
import dev.backdraft.spark.engine.wire.Neighbors;
import dev.backdraft.spark.engine.wire.Parcel;
import dev.backdraft.spark.engine.wire.ParcelReader;
import dev.backdraft.spark.internal.SparkTransport;
import dev.backdraft.spark.internal.SparkTransport.Link;
import dev.backdraft.spark.internal.ThisJvm;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An executor's connections in a session: one to the driver, which all its tasks share, and some to other executors
 * when vectors are large. A request comes from the driver or from another executor, and the reply goes back to whoever
 * sent it. What requests are about is the {@link WorkerGroup}'s matter. The messages of one connection come on one
 * thread.
 */
final class ExecutorEndpoint implements SparkTransport.Listener, WorkerGroup.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ExecutorEndpoint.class);

    private static final int MOST_SUMS = 4; // of a reply that goes through shared memory

    private final WorkerGroup group = new WorkerGroup(this);
    private final int parameterCount;
    private final int lanes;
    private final String token;
    private final SumPool pool;
    private final SparkTransport transport;
    private final Neighbors upward; // who reads replies from shared memory
    private final Neighbors downward; // who reads forwarded parameters from shared memory
    private final ConcurrentMap<Link, Connection> connections = new ConcurrentHashMap<>(); // that showed the token
    private final InetSocketAddress address; // where other executors connect to this one
    private final Relay relay; // null when executors do not forward
    private final Dialer dialer;
    private final Link driver;

    private record Connection(ParcelReader parcels, Neighbors neighbors) {}

    /** Connects a transport to another JVM; {@link SparkTransport#connect}. */
    interface Dialer {
        Link connect(SparkTransport transport, String host, int port) throws IOException, InterruptedException;
    }

    /**
     * Connects to the driver.
     *
     * @param parameterCount length of the vectors
     * @param lanes of the fit
     * @param dialer opens connections
     */
    ExecutorEndpoint(DriverAddress driverAddress, int parameterCount, int lanes, Dialer dialer)
            throws IOException, InterruptedException {
        this.dialer = dialer;
        this.lanes = lanes;
        this.parameterCount = parameterCount;
        token = driverAddress.token();
        pool = new SumPool(parameterCount);
        boolean forwards = driverAddress.forwards();
        transport = new SparkTransport(this);
        boolean open = false;
        try {
            boolean sharesMemory = transport.mayShareMemory();
            upward = sharesMemory ? Neighbors.of(parameterCount, MOST_SUMS) : Neighbors.none();
            downward = sharesMemory && forwards ? Neighbors.of(parameterCount, 1) : Neighbors.none();
            driver = dialer.connect(transport, driverAddress.host(), driverAddress.port());
            register(driver, requestsFrom(driver));
            address = forwards ? listen() : Messages.NOWHERE;
            relay = forwards ? new Relay(this::connect, downward) : null;
            introduce(driver, upward);
            open = true;
        } finally {
            if (!open) {
                close();
            }
        }
        LOG.debug("connected to the driver at {}", driverAddress);
    }

    private InetSocketAddress listen() {
        String host = ThisJvm.host();
        try {
            return InetSocketAddress.createUnresolved(host, transport.listen(host, 0));
        } catch (IOException | RuntimeException e) {
            LOG.warn("cannot listen on {} for other executors: the driver talks to all of them itself", host, e);
            return Messages.NOWHERE;
        }
    }

    private Connection requestsFrom(Link link) {
        return new Connection(new ParcelReader(new RequestReader(link)), upward);
    }

    private void introduce(Link link, Neighbors neighbors) {
        link.send(new Messages.Hello(token, ThisJvm.executorId(), address).frame());
        neighbors.meet(link);
    }

    /** Connects to an executor that requests are forwarded to. */
    private Link connect(InetSocketAddress to) throws IOException, InterruptedException {
        Link link = dialer.connect(transport, to.getHostString(), to.getPort());
        ReplyReader replies = new ReplyReader(pool, lanes, this::forwardReplied, group::missedReply);
        register(link, new Connection(new ParcelReader(replies), downward));
        introduce(link, downward);
        return link;
    }

    /** Registers a connection that this JVM has opened; {@link #closed} may have been told of it before. */
    private void register(Link link, Connection connection) throws IOException {
        connections.put(link, connection);
        if (!link.isOpen()) {
            connections.remove(link);
            throw new IOException("the connection was closed at once");
        }
    }

    WorkerGroup group() {
        return group;
    }

    /** Whether the connection to the driver is lost: then no task can work here. */
    boolean isLost() {
        return !connections.containsKey(driver);
    }

    @Override
    public void received(Link link, ByteBuffer frame) {
        Connection known = connections.get(link);
        if (known == null) {
            Messages.Hello.read(frame).check(token);
            connections.put(link, requestsFrom(link));
            upward.meet(link);
        } else if (Parcel.isPart(frame)) {
            known.parcels().frame(frame);
        } else if (!known.neighbors().received(link, frame, known.parcels())) {
            message(link, Parcel.type(frame));
        }
    }

    private void message(Link link, int type) {
        if (type != Messages.STOP || link != driver) {
            throw new IllegalStateException("a message of type " + type);
        }
        group.stop();
    }

    @Override
    public void closed(Link link) {
        Connection lost = connections.remove(link);
        if (lost == null) {
            return; // unknown: never registered, or closed before it was
        }
        lost.neighbors().forget(link);
        lost.parcels().close();
        if (link == driver) {
            group.fail("the connection to the driver is lost");
            return;
        }
        if (relay != null) {
            relay.forget(link);
        }
        group.lost(link);
    }

    /** Reads the requests that come on one connection. */
    private final class RequestReader implements ParcelReader.Receiver {
        private final Link link;

        RequestReader(Link link) {
            this.link = link;
        }

        @Override
        public List<float[]> begin(int kind, ByteBuffer head, long count) {
            if (kind != Messages.REQUEST || count != parameterCount) {
                throw new IllegalStateException("a parcel of kind " + kind + " with " + count + " floats for "
                        + parameterCount + " parameters");
            }
            return List.of(group.takeParameters(parameterCount));
        }

        @Override
        public void complete(int kind, ByteBuffer head, List<float[]> filled) {
            requested(link, Messages.request(head, filled.get(0)));
        }

        @Override
        public void missed(int kind, ByteBuffer head, List<float[]> vectors) {
            group.giveBack(vectors.get(0));
            driver.send(Messages.missed(Messages.requestNumber(head)));
        }
    }

    private void requested(Link link, Request request) {
        PendingReply pending = new PendingReply(request, link);
        if (group.begin(pending) && !request.forwards().isEmpty()) {
            relay.forward(pending, group);
        }
    }

    @Override
    public void joined(Worker worker) {
        driver.send(new Messages.Presence(worker.index(), worker.attempt()).frame(Messages.JOINED));
    }

    @Override
    public void left(Worker worker) {
        driver.send(new Messages.Presence(worker.index(), worker.attempt()).frame(Messages.LEFT));
    }

    @Override
    public void outdated(long request) {
        driver.send(Messages.outdated(request));
    }

    @Override
    public void broken(long request) {
        driver.send(Messages.broken(request));
    }

    private void forwardReplied(Reply reply) {
        if (!group.add(reply)) {
            pool.giveBack(reply.sums());
        }
    }

    @Override
    public void completed(PendingReply pending) {
        Reply reply = pending.combined();
        List<float[]> vectors = new ArrayList<>();
        reply.sums().forEach(node -> vectors.add(node.sum().gradient()));
        List<Link> to = List.of(pending.requester());
        reply.measured().forEach((block, measured) -> { // one by one: with scores for ROC curves they are large
            ByteBuffer head = Messages.measured(reply.request(), block, measured);
            Parcel.send(Neighbors.none(), to, Messages.MEASURED, List.of(head), List.of());
        });
        upward.renew();
        Parcel.send(upward, to, Messages.REPLY, List.of(Messages.head(reply)), vectors);
        pending.sent();
        pending.received().forEach(pool::giveBack);
    }

    @Override
    public void close() {
        if (relay != null) {
            relay.close();
        }
        transport.close();
        connections.values().forEach(each -> each.parcels().close());
        if (upward != null) { // null when the constructor failed before
            upward.close();
        }
        if (downward != null) {
            downward.close();
        }
    }
}
