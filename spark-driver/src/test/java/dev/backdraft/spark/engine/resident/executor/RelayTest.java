package dev.backdraft.spark.engine.resident.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.spark.engine.resident.protocol.Messages;
import dev.backdraft.spark.engine.resident.protocol.Request;
import dev.backdraft.spark.engine.resident.protocol.Request.Work;
import dev.backdraft.spark.engine.wire.Neighbors;
import dev.backdraft.spark.internal.SparkTransport.Link;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class RelayTest {
    private static final InetSocketAddress OTHER = InetSocketAddress.createUnresolved("other", 1);

    /** A connection that the test closes. */
    private static final class Played implements Link {
        private volatile boolean open = true;
        private int sent;

        @Override
        public void send(ByteBuffer frame) {
            sent++;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            open = false;
        }
    }

    private final List<Played> links = new ArrayList<>();
    private final Relay relay = new Relay(this::connect, Neighbors.none());

    private Link connect(InetSocketAddress to) {
        links.add(new Played());
        return links.get(links.size() - 1);
    }

    /** Forwards a request; returns whether the relay says that it was sent. */
    private boolean forward(boolean closeBeforeSending) throws Exception {
        Work work = Work.measures(new float[3]);
        Request forward = new Request(7, OTHER, work, List.of(), List.of());
        Request request = new Request(6, Messages.NOWHERE, work, List.of(), List.of(forward));
        CompletableFuture<Boolean> sent = new CompletableFuture<>();
        relay.forward(new PendingReply(request, null), new Relay.Outcome() {
            @Override
            public void forwarding(PendingReply of, long number, Link to) {
                assertThat(number).isEqualTo(7);
                if (closeBeforeSending) {
                    to.close(); // the endpoint hears of it while it does not yet wait for a reply on this connection
                }
            }

            @Override
            public void forwarded(PendingReply of, boolean well) {
                sent.complete(well);
            }
        });
        return sent.get(30, TimeUnit.SECONDS);
    }

    @Test
    void connectionsAreKept() throws Exception {
        assertThat(forward(false)).isTrue();
        assertThat(forward(false)).isTrue();
        assertThat(links).hasSize(1);
        assertThat(links.get(0).sent).isEqualTo(2);
    }

    /** Or the driver would wait for the reply until the time limit of the step. */
    @Test
    void aConnectionThatClosesJustBeforeSendingIsReported() throws Exception {
        assertThat(forward(true)).isFalse();
        assertThat(links.get(0).sent).isZero();
    }

    @Test
    void aClosedConnectionIsReplaced() throws Exception {
        forward(true); // the endpoint has heard of it before the relay kept it, so nobody makes the relay forget it
        assertThat(forward(false)).isTrue();
        assertThat(links).hasSize(2);
    }
}
