package dev.backdraft.faults.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** What reading a small file may cost, whatever is in it. */
final class Bounds {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long MOST_BYTES = 64 << 20;
    private static final long MOST_NANOS = 2_000_000_000; // of this thread; the code is slowed down by what watches it

    private Bounds() {}

    /** Reads a file. */
    @FunctionalInterface
    interface Reading {
        void read() throws IOException;
    }

    /** Fails when reading takes too much memory or time, twice: the first time may load and instrument classes. */
    static void check(Reading reading) throws IOException {
        if (!isModest(reading)) {
            assertThat(isModest(reading)).as("memory and time to read it").isTrue();
        }
    }

    private static boolean isModest(Reading reading) throws IOException {
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        long nanos = THREADS.getCurrentThreadCpuTime();
        reading.read();
        return THREADS.getCurrentThreadAllocatedBytes() - bytes < MOST_BYTES
                && THREADS.getCurrentThreadCpuTime() - nanos < MOST_NANOS;
    }
}
