package dev.backdraft.spark.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.spark.internal.SparkTransport.Link;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class NeighborsTest {
    private static final int LENGTH = 50_000;

    private final List<ByteBuffer> sent = new ArrayList<>();
    private final Link link = new Link() {
        @Override
        public void send(ByteBuffer frame) {
            sent.add(frame);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            throw new AssertionError();
        }
    };
    private final List<float[]> received = new ArrayList<>();
    private int missed;
    private final ParcelReader reader = new ParcelReader(new ParcelReader.Receiver() {
        @Override
        public List<float[]> begin(int kind, ByteBuffer head, long count) {
            return List.of(new float[(int) count]);
        }

        @Override
        public void complete(int kind, ByteBuffer head, List<float[]> filled) {
            received.add(filled.get(0));
        }

        @Override
        public void missed(int kind, ByteBuffer head, List<float[]> vectors) {
            missed++;
        }
    });

    @BeforeEach
    void forget() {
        sent.clear();
    }

    private static float[] vector(float first) {
        float[] vector = new float[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            vector[i] = first + i;
        }
        return vector;
    }

    private void send(Neighbors neighbors, float[] vector) {
        Parcel.send(neighbors, List.of(link), 7, List.of(ByteBuffer.allocate(9)), List.of(vector));
    }

    /** What each tells the other when they meet. */
    private void meet(Neighbors sender, Neighbors receiver) {
        sender.meet(link);
        assertThat(receiver.received(link, sent.get(0), reader)).isTrue();
        assertThat(sender.received(link, sent.get(1), reader)).isTrue();
        sent.clear();
    }

    @Test
    void aVectorGoesThroughMemoryToWhoCanReadIt() {
        try (Neighbors sender = Neighbors.of(LENGTH, 1);
                Neighbors receiver = Neighbors.of(LENGTH, 1)) {
            meet(sender, receiver);
            send(sender, vector(1));
            assertThat(sent).hasSize(1);
            assertThat(sent.get(0).remaining()).isLessThan(100);
            reader.frame(sent.get(0));
            assertThat(received).containsExactly(vector(1));
            sender.forget(link);
            send(sender, vector(2));
            assertThat(sent.size()).isGreaterThan(2);
            sent.subList(1, sent.size()).forEach(reader::frame);
            assertThat(received.get(1)).containsExactly(vector(2));
        }
        reader.close();
    }

    /** An executor on a machine of its own has no use for it, and its container counts it. */
    @Test
    void memoryIsTakenOnceSomebodyCanReadIt() throws Exception {
        int capacity = 1 << 22;
        try (SharedRegion region = SharedRegion.create(capacity)) {
            assertThat(bytesTaken(region)).isLessThan(1 << 16);
            region.reserve();
            assertThat(bytesTaken(region)).isGreaterThanOrEqualTo(4L * capacity);
        }
    }

    private static long bytesTaken(SharedRegion region) throws Exception {
        String file = region.name().substring(0, region.name().indexOf('#'));
        Process stat = new ProcessBuilder("stat", "-L", "-c", "%b", file).start();
        String blocks = new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return 512 * Long.parseLong(blocks.strip());
    }

    @Test
    void whoComesTooLateMissesIt() {
        try (Neighbors sender = Neighbors.of(LENGTH, 1);
                Neighbors receiver = Neighbors.of(LENGTH, 1)) {
            meet(sender, receiver);
            send(sender, vector(1));
            send(sender, vector(1)); // the same: is left as it lies there
            sender.renew();
            send(sender, vector(2));
            sent.forEach(reader::frame);
            assertThat(missed).isEqualTo(2);
            assertThat(received).containsExactly(vector(2));
            sender.renew();
            sent.clear();
            send(sender, vector(3));
            reader.close();
            reader.frame(sent.get(0));
            assertThat(missed).isEqualTo(3);
        }
    }

    /** As when the connection is lost while the thread that takes its frames opens the region. */
    @Test
    void aRegionThatIsOpenedAfterTheReaderWasClosedIsClosed() throws Exception {
        try (SharedRegion region = SharedRegion.create(LENGTH)) {
            reader.close();
            reader.readFrom(region);
            assertThat(region.write(List.of(vector(1)))).as("a stamp").isZero();
        }
    }

    @Test
    void aRegionIsClosedWhenAnotherTakesItsPlace() throws Exception {
        try (SharedRegion region = SharedRegion.create(LENGTH);
                SharedRegion next = SharedRegion.create(LENGTH)) {
            reader.readFrom(region);
            reader.readFrom(next);
            assertThat(region.write(List.of(vector(1)))).as("a stamp").isZero();
            assertThat(next.write(List.of(vector(1)))).isPositive();
        }
    }

    @Test
    void whatIsReadIsNeverHalfOfOneVectorAndHalfOfAnother() throws Exception {
        try (SharedRegion written = SharedRegion.create(LENGTH);
                SharedRegion read = SharedRegion.open(written.name())) {
            AtomicBoolean ended = new AtomicBoolean();
            Thread writer = new Thread(() -> {
                float[] vector = new float[LENGTH];
                for (int i = 1; i <= 3000; i++) {
                    Arrays.fill(vector, i);
                    written.write(List.of(vector));
                }
                ended.set(true);
            });
            writer.start();
            float[] vector = new float[LENGTH];
            int stamp = 1;
            while (!ended.get()) {
                if (read.read(stamp, List.of(vector))) {
                    assertThat(vector[0]).isEqualTo(stamp);
                    assertThat(Arrays.stream(toDoubles(vector)).distinct().count())
                            .isEqualTo(1);
                }
                stamp = Math.max(stamp, Math.round(vector[0]) + 1) % 3001;
            }
            writer.join();
            assertThat(read.read(3000, List.of(vector))).isTrue();
            assertThat(vector).containsOnly(3000);
        }
    }

    private static double[] toDoubles(float[] vector) {
        double[] doubles = new double[vector.length];
        for (int i = 0; i < vector.length; i++) {
            doubles[i] = vector[i];
        }
        return doubles;
    }

    @Test
    void aRegionHasNoNameThatCouldStayBehind() throws IOException {
        try (SharedRegion region = SharedRegion.create(LENGTH);
                DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/dev/shm"), "backdraft-*")) {
            assertThat(region.capacity()).isEqualTo(LENGTH);
            String key = region.name().substring(region.name().indexOf('#') + 1);
            for (Path file : files) {
                assertThat(file.toString()).doesNotContain(key);
            }
        }
    }

    @Test
    void onlyARegionIsOpened() throws IOException {
        assertThatThrownBy(() -> SharedRegion.open("/etc/passwd"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not the name of a region");
        SharedRegion region = SharedRegion.create(LENGTH);
        String other = region.name().replaceFirst("#.", "#" + (region.name().contains("#0") ? "1" : "0"));
        assertThatThrownBy(() -> SharedRegion.open(other)).isInstanceOf(IOException.class);
        region.close();
        assertThatThrownBy(() -> SharedRegion.open(region.name())).isInstanceOf(IOException.class);
        assertThat(region.write(List.of(vector(1)))).isZero();
        region.close(); // again
    }

    @Test
    void smallAndHugeVectorsDoNotShareMemory() {
        Neighbors.of(100, 1).meet(link);
        Neighbors.of((1 << 24) + 1, 1).meet(link);
        Neighbors.none().meet(link);
        assertThat(sent).isEmpty();
    }
}
