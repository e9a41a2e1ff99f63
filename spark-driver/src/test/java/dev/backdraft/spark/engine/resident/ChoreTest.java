package dev.backdraft.spark.engine.resident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ranges of a vector that threads share. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChoreTest {
    private static final int LENGTH = 40_000;

    @Test
    void eachEntryIsDoneOnce() {
        int[] times = new int[LENGTH];
        Chore chore = Chore.of(
                LENGTH,
                (from, to) -> {
                    for (int i = from; i < to; i++) {
                        times[i]++;
                    }
                },
                3);
        assertThat(chore.help()).isTrue();
        assertThat(chore.help()).isFalse();
        chore.await();
        assertThat(times).containsOnly(1);
    }

    @Test
    void anErrorOfAHelperIsThrownWhereItIsWaitedFor() throws Exception {
        Error error = new OutOfMemoryError("test");
        Chore chore = Chore.of(
                LENGTH,
                (from, to) -> {
                    throw error;
                },
                3);
        Thread helper = new Thread(chore::help);
        helper.start();
        helper.join();
        assertThatThrownBy(chore::await)
                .isInstanceOf(IllegalStateException.class)
                .hasCause(error);
    }
}
