package dev.backdraft.spark.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.spark.internal.SparkTransport.Link;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParcelTest {
    /** Keeps what is sent. */
    private static final class Kept implements Link {
        private final List<ByteBuffer> frames = new ArrayList<>();

        @Override
        public void send(ByteBuffer frame) {
            frames.add(frame);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            throw new AssertionError();
        }
    }

    /** Receives parcels whose vectors have these lengths. */
    private static final class Received implements ParcelReader.Receiver {
        private final int[] lengths;
        private final List<byte[]> heads = new ArrayList<>();
        private final List<List<float[]>> vectors = new ArrayList<>();

        Received(int... lengths) {
            this.lengths = lengths;
        }

        @Override
        public List<float[]> begin(int kind, ByteBuffer head, long count) {
            List<float[]> targets = new ArrayList<>();
            for (int length : lengths) {
                targets.add(new float[length]);
            }
            return targets;
        }

        @Override
        public void complete(int kind, ByteBuffer head, List<float[]> filled) {
            byte[] bytes = new byte[head.remaining()];
            head.get(bytes);
            heads.add(bytes);
            vectors.add(filled);
        }

        @Override
        public void missed(int kind, ByteBuffer head, List<float[]> begun) {
            throw new AssertionError();
        }
    }

    private static float[] random(int length, Random random) {
        float[] vector = new float[length];
        for (int i = 0; i < length; i++) {
            vector[i] = random.nextFloat();
        }
        return vector;
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 0",
        "5, 1, 0",
        "40, 100, 7",
        "40, 16000, 200", // one frame, just
        "40, 16382, 1",
        "3, 16383, 20000",
        "65536, 3, 0", // a head as long as a frame
        "200001, 70001, 33333"
    })
    void parcelsArriveAsTheyWereSentByEveryLink(int headBytes, int first, int second) {
        Random random = new Random(headBytes);
        List<float[]> vectors = List.of(random(first, random), random(second, random));
        List<Kept> links = List.of(new Kept(), new Kept(), new Kept());
        List<byte[]> heads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            byte[] head = new byte[headBytes + i];
            random.nextBytes(head);
            heads.add(head);
        }
        for (int round = 0; round < 2; round++) {
            Parcel.send(
                    Neighbors.none(),
                    List.copyOf(links),
                    7,
                    heads.stream().map(ByteBuffer::wrap).toList(),
                    vectors);
        }
        for (int i = 0; i < 3; i++) {
            Received received = new Received(first, second);
            ParcelReader reader = new ParcelReader(received);
            for (ByteBuffer frame : links.get(i).frames) {
                assertThat(frame.remaining()).isLessThanOrEqualTo(Parcel.FRAME_BYTES + Parcel.FIRST_BYTES);
                reader.frame(frame);
            }
            assertThat(received.heads).hasSize(2);
            for (int round = 0; round < 2; round++) {
                assertThat(received.heads.get(round)).isEqualTo(heads.get(i));
                assertThat(received.vectors.get(round).get(0)).isEqualTo(vectors.get(0));
                assertThat(received.vectors.get(round).get(1)).isEqualTo(vectors.get(1));
            }
        }
    }

    private static ByteBuffer frame(int... integers) {
        ByteBuffer frame = Parcel.buffer(4 * integers.length);
        for (int integer : integers) {
            frame.putInt(integer);
        }
        return frame.rewind();
    }

    @Test
    void whatIsNoParcelIsRefused() {
        assertThatThrownBy(() -> new ParcelReader(new Received()).frame(frame(Parcel.MORE, 0)))
                .hasMessage("a frame of type 2 between parcels");
        assertThatThrownBy(() -> new ParcelReader(new Received()).frame(frame(Parcel.FIRST, 7, -1, 0, 0, 0)))
                .hasMessage("a parcel with a head of -1 bytes and 0 floats");
        assertThatThrownBy(() -> new ParcelReader(new Received()).frame(frame(Parcel.FIRST, 7, 1 << 30, 0, 0, 0)))
                .hasMessage("a parcel with a head of 1073741824 bytes and 0 floats");
        assertThatThrownBy(() -> new ParcelReader(new Received(3)).frame(frame(Parcel.FIRST, 7, 0, 0, 5, 0)))
                .hasMessage("5 floats for vectors of 3");
        ParcelReader within = new ParcelReader(new Received(3));
        within.frame(frame(Parcel.FIRST, 7, 0, 0, 3, 0));
        assertThatThrownBy(() -> within.frame(frame(Parcel.FIRST, 7, 0, 0, 3, 0)))
                .hasMessage("a frame of type 1 within parcels");
    }

    /** As of connections that announce a long head and send nothing more. */
    @Test
    void aHeadTakesNoMemoryBeforeItComes() {
        List<ParcelReader> readers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) { // 256 GB
            ParcelReader reader = new ParcelReader(new Received());
            reader.frame(Parcel.buffer(Parcel.FIRST_BYTES)
                    .putInt(Parcel.FIRST)
                    .putInt(1)
                    .putInt(1 << 28)
                    .putInt(0)
                    .putLong(0)
                    .rewind());
            readers.add(reader);
        }
        assertThat(readers).hasSize(1000);
    }
}
