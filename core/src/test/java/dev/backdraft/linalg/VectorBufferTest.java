package dev.backdraft.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VectorBufferTest {
    private static final int LENGTH = 57_601; // no multiple of a cache line

    @Test
    void partsOfManyThreadsDoNotOverlapAndStartAtCacheLines() {
        List<VectorBuffer> parts = IntStream.range(0, 100)
                .parallel()
                .mapToObj(i -> VectorBuffer.take(LENGTH))
                .sorted(Comparator.comparingInt(part -> part.offset()))
                .toList();
        for (VectorBuffer part : parts) {
            assertThat((16 + Float.BYTES * part.offset()) % 64).isZero(); // with the header of an array
            assertThat(part.offset() + LENGTH).isLessThanOrEqualTo(part.values().length);
            assertThat(part.values().length * 4L + 16).isLessThanOrEqualTo(4 << 20);
        }
        for (int i = 0; i < parts.size(); i++) {
            for (int j = i + 1; j < parts.size(); j++) {
                if (parts.get(i).values() == parts.get(j).values()) {
                    assertThat(parts.get(j).offset() - parts.get(i).offset()).isGreaterThanOrEqualTo(LENGTH);
                }
            }
        }
    }

    @Test
    void aLongPartHasAnArrayOfItsOwn() {
        VectorBuffer part = VectorBuffer.take(3 << 20);
        assertThat(part.values().length).isGreaterThanOrEqualTo(part.offset() + (3 << 20));
    }
}
