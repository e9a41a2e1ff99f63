package dev.backdraft.spark.internal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportClientBootstrap;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.crypto.AuthClientBootstrap;
import org.apache.spark.network.crypto.AuthServerBootstrap;
import org.apache.spark.network.netty.SparkTransportConf;
import org.apache.spark.network.server.OneForOneStreamManager;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;
import org.apache.spark.network.server.TransportServer;
import org.apache.spark.network.server.TransportServerBootstrap;
import org.apache.spark.network.util.TransportConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * Spark's own network layer, as one JVM's end of a fit uses it: messages without a reply, in both directions of a connection,
 * with the authentication and encryption that the application's RPC has ({@code spark.authenticate}, {@code
 * spark.network.crypto}, {@code spark.ssl.rpc}).
 *
 * <p>Written for Spark 4; in another version a name may be missing, which {@link #obstacle} tells.
 */
public final class SparkTransport implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SparkTransport.class);
    private static final String MODULE =
            "backdraft"; // spark.backdraft.io.* are its settings, as spark.rpc.io.* are RPC's
    private static final int PORTS_TRIED = 16; // from a given one on, as several fits may run at once
    private static final int HIGHEST_PORT = 65_535;

    private final TransportContext context;
    private final TransportConf conf;
    private final SecurityManager security;
    private final ConcurrentMap<TransportClient, ClientLink> links = new ConcurrentHashMap<>();
    private final Listener listener;
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();
    private TransportServer server;

    @GuardedBy("this")
    private TransportClientFactory clients;

    /** Told of messages and lost connections, on a network thread for each connection. */
    public interface Listener {
        /**
         * A message has come. An exception ends the connection.
         *
         * @param frame valid during the call only
         */
        void received(Link link, ByteBuffer frame);

        /** No more messages will come; told once. */
        void closed(Link link);
    }

    /** A connection to another JVM. */
    public interface Link {
        /**
         * Sends a message, after those sent before; returns at once. If the connection is lost, {@link Listener#closed} tells.
         *
         * @param frame not changed by anyone from now on
         */
        void send(ByteBuffer frame);

        /**
         * Whether messages can still come. When this is false, {@link Listener#closed} has been told or will be soon.
         */
        boolean isOpen();

        void close();
    }

    /**
     * Whether JVMs of one machine may hand each other vectors through memory: unless traffic is to be encrypted, or {@code
     * spark.backdraft.sharedMemory} is false.
     */
    public boolean mayShareMemory() {
        boolean encrypted = conf.encryptionEnabled() || conf.saslEncryption() || context.sslEncryptionEnabled();
        return !encrypted && SparkEnv.get().conf().getBoolean("spark.backdraft.sharedMemory", true);
    }

    /** Opens no connection yet. To be called on the driver or an executor of a running application. */
    public SparkTransport(Listener listener) {
        this.listener = listener;
        SparkEnv env = SparkEnv.get();
        security = env.securityManager();
        conf = conf(env.conf(), security);
        context = new TransportContext(conf, new Handler());
        LOG.debug(
                "authentication {}, encryption {}, TLS {}",
                security.isAuthenticationEnabled(),
                conf.encryptionEnabled() || conf.saslEncryption(),
                context.sslEncryptionEnabled());
    }

    private static TransportConf conf(SparkConf spark, SecurityManager security) {
        SparkConf own = spark.clone();
        own.setIfMissing("spark." + MODULE + ".io.connectionCreationTimeout", "30s");
        return SparkTransportConf.fromSparkConf(
                own, MODULE, 0, Option.empty(), Option.apply(security.getRpcSSLOptions()));
    }

    /** Why connections between executors and driver cannot be made, or not be protected as the application demands; else null. */
    public static String obstacle() {
        try {
            SparkEnv env = SparkEnv.get();
            SecurityManager security = env.securityManager();
            TransportConf conf = conf(env.conf(), security);
            if (security.isSslRpcEnabled() && !conf.sslRpcEnabledAndKeysAreValid()) {
                return "spark.ssl.rpc.enabled is set, but there are no keys that the connections could use";
            }
            if (env.conf().getBoolean("spark.network.crypto.enabled", false) && !security.isAuthenticationEnabled()) {
                return "spark.network.crypto.enabled is set without spark.authenticate, so there is no secret to encrypt with";
            }
            return null;
        } catch (LinkageError e) {
            return "this version of Spark has a different network layer (" + e + ")";
        }
    }

    /**
     * Takes connections.
     *
     * @param host of this JVM to bind to
     * @param port 0 for any; else the first free one from it on
     * @return the port
     * @throws IOException when none can be had
     */
    public int listen(String host, int port) throws IOException {
        List<TransportServerBootstrap> bootstraps = new ArrayList<>();
        if (security.isAuthenticationEnabled()) {
            bootstraps.add(new AuthServerBootstrap(conf, security));
        }
        int last = port == 0 ? 0 : Math.min(HIGHEST_PORT, port + PORTS_TRIED - 1);
        for (int tried = port; ; tried++) {
            try {
                server = context.createServer(host, tried, bootstraps);
                return server.getPort();
            } catch (Exception e) { // Netty throws a BindException that it does not declare
                if (tried == last) {
                    throw new IOException(
                            "cannot listen on " + host + ", "
                                    + (port == 0 ? "any port" : "ports " + port + " to " + last)
                                    + ": " + e.getMessage(),
                            e);
                }
            }
        }
    }

    /**
     * Connects to another JVM that listens.
     *
     * @throws IOException when it cannot be reached, or does not authenticate itself in time
     */
    public synchronized Link connect(String host, int port) throws IOException, InterruptedException {
        if (clients == null) {
            List<TransportClientBootstrap> bootstraps = new ArrayList<>();
            if (security.isAuthenticationEnabled()) {
                bootstraps.add(new AuthClientBootstrap(conf, security.getSaslUser(), security));
            }
            clients = context.createClientFactory(bootstraps);
        }
        TransportClient client = client(host, port);
        ClientLink link = link(client);
        if (!client.isActive()) { // nobody may have been told
            links.remove(client);
            throw new IOException("the connection to " + host + ":" + port + " was closed at once");
        }
        return link;
    }

    @GuardedBy("this")
    private TransportClient client(String host, int port) throws IOException, InterruptedException {
        try {
            return clients.createUnmanagedClient(host, port);
        } catch (RuntimeException e) { // so Spark reports that authentication failed or was not answered in time
            throw new IOException("cannot authenticate the connection to " + host + ":" + port + ": " + e, e);
        }
    }

    private ClientLink link(TransportClient client) {
        return links.computeIfAbsent(client, ClientLink::new);
    }

    /** Bytes of messages sent so far. */
    public long bytesSent() {
        return sent.sum();
    }

    /** Bytes of messages received so far. */
    public long bytesReceived() {
        return received.sum();
    }

    /** Closes all connections. */
    @Override
    public synchronized void close() {
        links.keySet().forEach(TransportClient::close);
        if (clients != null) {
            clients.close();
        }
        if (server != null) {
            server.close();
        }
        context.close();
    }

    private final class ClientLink implements Link {
        private final TransportClient client;

        ClientLink(TransportClient client) {
            this.client = client;
        }

        @Override
        public void send(ByteBuffer frame) {
            sent.add(frame.remaining());
            client.send(frame);
        }

        @Override
        public boolean isOpen() {
            return client.isActive();
        }

        @Override
        public void close() {
            client.close();
        }
    }

    private final class Handler extends RpcHandler {
        private final StreamManager streams = new OneForOneStreamManager(); // has none

        @Override
        public void receive(TransportClient client, ByteBuffer message) {
            received.add(message.remaining());
            ClientLink link = link(client);
            try {
                listener.received(link, message);
            } catch (RuntimeException e) {
                LOG.warn("closing a connection for what it sent: {}", e.toString());
                client.close();
            }
        }

        @Override
        public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
            callback.onFailure(new UnsupportedOperationException("messages have no reply"));
        }

        @Override
        public StreamManager getStreamManager() {
            return streams;
        }

        @Override
        public void channelInactive(TransportClient client) {
            ClientLink link = links.remove(client);
            if (link != null) {
                listener.closed(link);
            }
        }

        @Override
        public void exceptionCaught(Throwable cause, TransportClient client) {
            LOG.debug("a connection failed", cause);
            client.close();
        }
    }
}
