package dev.backdraft.train.plan;

import dev.backdraft.train.InsufficientMemoryException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a training needs of the memory of one process, by what it is for. Computed, not measured: objects and the garbage
 * collector's room come on top, so a need a little below what is there may still be too much.
 *
 * @param where the process, as in "driver"
 * @param parts what fills the memory, largest or not
 * @param available bytes; the most that the process may have
 * @param spills bytes beyond the parts that go to disk where memory is short
 * @param remedy what to do when it is too little
 */
public record MemoryNeed(String where, List<Part> parts, long available, long spills, String remedy) {
    private static final String ONE_JVM = "heap of this JVM";

    /**
     * Bytes for one purpose.
     *
     * @param what it is for
     * @param bytes at the same time as the other parts
     */
    public record Part(String what, long bytes) {
        public Part {
            if (bytes < 0) {
                throw new IllegalArgumentException(what + " cannot take " + bytes + " bytes");
            }
        }
    }

    public MemoryNeed {
        parts = List.copyOf(parts);
    }

    /** Of a training whose rows and workers are all in this JVM. */
    static MemoryNeed ofOneJvm(List<Part> parts, long available) {
        return new MemoryNeed(
                ONE_JVM,
                parts,
                available,
                0,
                "give the JVM more (-Xmx), or train on Spark with one job per step, which keeps rows on disk where memory is"
                        + " short");
    }

    /** The same with so many bytes that may go to disk. */
    public MemoryNeed withSpilling(long bytes) {
        return new MemoryNeed(where, parts, available, bytes, remedy);
    }

    /** The sum of the parts. */
    public long bytes() {
        long sum = 0;
        for (Part part : parts) {
            sum = Math.addExact(sum, part.bytes());
        }
        return sum;
    }

    /**
     * Refuses a training that cannot fit.
     *
     * @throws InsufficientMemoryException with the figures, when more is needed than is there
     */
    public void check() {
        if (bytes() > available) {
            String message = String.format(
                    Locale.ROOT,
                    "the training does not fit into memory: the %s needs %s (%s), but has %s: %s",
                    where,
                    text(bytes()),
                    parts.stream()
                            .filter(part -> part.bytes() > 0)
                            .map(part -> part.what() + " " + text(part.bytes()))
                            .collect(Collectors.joining(", ")),
                    text(available),
                    remedy);
            throw new InsufficientMemoryException(message, where.equals(ONE_JVM));
        }
    }

    /** As in {@code driver 12.5 MiB of 4.0 GiB}. */
    @Override
    public String toString() {
        String rows = spills == 0 ? "" : " and " + text(spills) + " of rows, on disk where memory is short";
        return where + " " + text(bytes()) + " of " + text(available) + rows;
    }

    /** Bytes with a unit, as in {@code 12.5 MiB}. */
    public static String text(long bytes) {
        if (bytes < 1 << 10) {
            return bytes + " bytes";
        }
        if (bytes < 1 << 20) {
            return String.format(Locale.ROOT, "%.1f KiB", bytes / 0x1p10);
        }
        return bytes < 1 << 30
                ? String.format(Locale.ROOT, "%.1f MiB", bytes / 0x1p20)
                : String.format(Locale.ROOT, "%.1f GiB", bytes / 0x1p30);
    }
}
