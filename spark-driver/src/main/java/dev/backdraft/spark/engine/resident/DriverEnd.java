package dev.backdraft.spark.engine.resident;

import dev.backdraft.linalg.Blas;
import dev.backdraft.spark.engine.wire.Neighbours;
import dev.backdraft.spark.engine.wire.Parcel;
import dev.backdraft.spark.internal.SparkTransport;
import dev.backdraft.spark.internal.SparkTransport.Link;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.spark.SparkConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The driver's end of a session's connections: takes those of executors that know the token, and sends asks. */
final class DriverEnd implements SparkTransport.Listener, Member.Outlet, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DriverEnd.class);

    private final Coordinator coordinator;
    private final SumPool pool;
    private final ConcurrentMap<Link, RemoteMember> members = new ConcurrentHashMap<>();
    private final SparkTransport transport;
    private final Neighbours neighbours;
    private final DriverAddress address;
    private Question asked; // last, by the thread that asks

    /**
     * Listens from now on.
     *
     * @param pool for the sums that come in
     * @param handsOn whether executors may be asked to hand parameters on to others
     * @throws IOException when it cannot listen
     * @throws LinkageError when this version of Spark has another network layer
     */
    DriverEnd(SparkConf conf, int port, Coordinator coordinator, SumPool pool, boolean handsOn) throws IOException {
        this.coordinator = coordinator;
        this.pool = pool;
        transport = new SparkTransport(this);
        String host = conf.get("spark.driver.host");
        int bound = listen(conf.get("spark.driver.bindAddress", host), port);
        address = new DriverAddress(host, bound, UUID.randomUUID().toString(), handsOn, Blas.backend());
        neighbours = transport.mayShareMemory() ? Neighbours.of(pool.length(), 1) : Neighbours.none();
        LOG.debug("listening on {}", address);
    }

    private int listen(String host, int port) throws IOException {
        try {
            return transport.listen(host, port);
        } catch (IOException | RuntimeException e) {
            transport.close();
            throw e;
        }
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

    @Override
    @SuppressWarnings("ReferenceEquality") // an equal question may be about other parameters in the same array
    public long ask(List<Branch> branches) {
        long start = System.nanoTime();
        List<Link> links = new ArrayList<>();
        List<ByteBuffer> heads = new ArrayList<>();
        for (Branch branch : branches) {
            links.add(branch.member().link());
            heads.add(Messages.head(branch));
        }
        Question question = branches.get(0).ask().question();
        if (question != asked) {
            neighbours.renew();
            asked = question;
        }
        Parcel.send(neighbours, links, Messages.ASK, heads, List.of(question.parameters()));
        return System.nanoTime() - start;
    }

    @Override
    public void received(Link link, ByteBuffer frame) {
        RemoteMember member = members.get(link);
        if (member != null) {
            member.received(frame);
            return;
        }
        Messages.Hello hello = Messages.Hello.read(frame);
        hello.check(address.token());
        members.put(link, new RemoteMember(hello.executor(), hello.endpoint(), link, coordinator, pool, neighbours));
        neighbours.meet(link);
        LOG.debug("executor {} is connected", hello.executor());
    }

    /** Spark has given an executor up, as its heart does not beat; a dead machine does not close its connections. */
    void executorLost(String executor) {
        members.forEach((link, member) -> {
            if (member.executor().equals(executor)) {
                link.close();
            }
        });
    }

    @Override
    public void closed(Link link) {
        RemoteMember member = members.remove(link);
        if (member != null) {
            LOG.debug("{} is gone", member);
            member.closed();
            coordinator.lost(member);
        }
    }

    @Override
    public void close() {
        transport.close();
        members.values().forEach(RemoteMember::closed);
        neighbours.close();
    }
}
