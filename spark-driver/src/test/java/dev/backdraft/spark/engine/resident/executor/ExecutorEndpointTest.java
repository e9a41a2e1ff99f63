package dev.backdraft.spark.engine.resident.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.spark.engine.Fits;
import dev.backdraft.spark.engine.resident.protocol.DriverAddress;
import dev.backdraft.spark.engine.resident.protocol.Messages;
import dev.backdraft.spark.engine.resident.protocol.Request;
import dev.backdraft.spark.engine.resident.protocol.Request.Work;
import dev.backdraft.spark.engine.wire.Parcel;
import dev.backdraft.spark.internal.SparkTransport;
import dev.backdraft.spark.internal.SparkTransport.Link;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ExecutorEndpointTest {
    private static final SparkTransport.Listener SILENT = new SparkTransport.Listener() {
        @Override
        public void received(Link link, ByteBuffer frame) {}

        @Override
        public void closed(Link link) {}
    };

    /** Closes the connection, and returns it when everybody has been told. */
    private static Link drop(SparkTransport transport, String host, int port) throws IOException, InterruptedException {
        Link link = transport.connect(host, port);
        link.close();
        Thread.sleep(500);
        return link;
    }

    /** Or the driver would take the worker for late for ever, as nobody needs the reply any more. */
    @Test
    void aWorkerThatFinishesWithAnOldRequestIsReported() throws Exception {
        BlockingQueue<ByteBuffer> frames = new LinkedBlockingQueue<>();
        SparkTransport.Listener keeping = new SparkTransport.Listener() {
            @Override
            public void received(Link link, ByteBuffer frame) {
                ByteBuffer copy = Parcel.buffer(frame.remaining());
                frames.add(copy.put(frame).rewind());
            }

            @Override
            public void closed(Link link) {}
        };
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[1]", 1));
                SparkTransport driver = new SparkTransport(keeping)) {
            assertThat(spark.sc().isStopped()).isFalse();
            int port = driver.listen("127.0.0.1", 0);
            DriverAddress address = new DriverAddress("127.0.0.1", port, "token", false, "java");
            try (ExecutorEndpoint endpoint = new ExecutorEndpoint(address, 3, 1, SparkTransport::connect)) {
                Request old = new Request(7, Messages.NOWHERE, Work.measures(new float[3]), List.of(), List.of());
                endpoint.group().computed(new PendingReply(old, null), null);
                ByteBuffer frame = frames.poll(30, TimeUnit.SECONDS);
                assertThat(Parcel.type(frame)).isEqualTo(Messages.HELLO);
                frame = frames.poll(30, TimeUnit.SECONDS);
                assertThat(Parcel.type(frame)).isEqualTo(Messages.OUTDATED);
                assertThat(Messages.aboutRequest(frame)).isEqualTo(7);
            }
        }
    }

    /** Or its task would hold a slot, and wait for requests that never come. */
    @Test
    void aConnectionThatDropsBeforeItIsRegisteredIsAFailure() throws Exception {
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[1]", 1));
                SparkTransport driver = new SparkTransport(SILENT)) {
            assertThat(spark.sc().isStopped()).isFalse();
            int port = driver.listen("127.0.0.1", 0);
            DriverAddress address = new DriverAddress("127.0.0.1", port, "token", false, "java");
            assertThatThrownBy(() -> new ExecutorEndpoint(address, 3, 1, ExecutorEndpointTest::drop))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("closed at once");
        }
    }
}
