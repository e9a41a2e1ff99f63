package dev.backdraft.spark.engine.resident;

import dev.backdraft.spark.engine.resident.SparkTransport.Link;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private final DriverAddress address;

    /**
     * Listens from now on.
     *
     * @param pool for the sums that come in
     * @throws LinkageError when this version of Spark has another network layer
     */
    DriverEnd(SparkConf conf, int port, Coordinator coordinator, SumPool pool) {
        this.coordinator = coordinator;
        this.pool = pool;
        transport = new SparkTransport(this);
        String host = conf.get("spark.driver.host");
        int bound = transport.listen(conf.get("spark.driver.bindAddress", host), port);
        address = new DriverAddress(host, bound, UUID.randomUUID().toString());
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

    @Override
    public void ask(Map<Member, Ask> asks) {
        List<Link> links = new ArrayList<>();
        List<ByteBuffer> heads = new ArrayList<>();
        float[] parameters = null;
        for (Map.Entry<Member, Ask> entry : asks.entrySet()) {
            links.add(((RemoteMember) entry.getKey()).link());
            heads.add(Messages.head(entry.getValue()));
            parameters = entry.getValue().question().parameters();
        }
        Parcel.send(links, Messages.ASK, heads, List.of(parameters));
    }

    @Override
    public void received(Link link, ByteBuffer frame) {
        RemoteMember member = members.get(link);
        if (member != null) {
            member.received(frame);
            return;
        }
        if (Messages.type(frame) != Messages.HELLO) {
            throw new IllegalStateException("a message of type " + Messages.type(frame) + " before the first");
        }
        Messages.Hello hello = Messages.Hello.read(frame);
        byte[] shown = hello.token().getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(shown, address.token().getBytes(StandardCharsets.UTF_8))) {
            throw new IllegalStateException("not of this session");
        }
        members.put(link, new RemoteMember(hello.executor(), link, coordinator, pool));
        LOG.debug("executor {} is connected", hello.executor());
    }

    @Override
    public void closed(Link link) {
        RemoteMember member = members.remove(link);
        if (member != null) {
            LOG.debug("{} is gone", member);
            coordinator.lost(member);
        }
    }

    @Override
    public void close() {
        transport.close();
    }
}
