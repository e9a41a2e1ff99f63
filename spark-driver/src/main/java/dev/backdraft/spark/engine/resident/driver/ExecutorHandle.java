package dev.backdraft.spark.engine.resident.driver;

import dev.backdraft.spark.engine.resident.protocol.Messages;
import dev.backdraft.spark.internal.SparkTransport.Link;
import java.net.InetSocketAddress;

/**
 * A connected executor, as the driver sees it. A new connection is another handle: handles are compared by identity.
 */
final class ExecutorHandle {
    private final String executor;
    private final InetSocketAddress address;
    private final Link link;

    /**
     * @param executor Spark's id of it
     * @param address where other executors can connect to it; {@link Messages#NOWHERE} when they cannot
     */
    ExecutorHandle(String executor, InetSocketAddress address, Link link) {
        this.executor = executor;
        this.address = address;
        this.link = link;
    }

    String executor() {
        return executor;
    }

    InetSocketAddress address() {
        return address;
    }

    Link link() {
        return link;
    }

    /** Ends the tasks of its workers. */
    void stop() {
        link.send(Messages.stop());
    }

    @Override
    public String toString() {
        return "executor " + executor;
    }
}
