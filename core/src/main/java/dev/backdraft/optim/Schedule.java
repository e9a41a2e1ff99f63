package dev.backdraft.optim;

import java.io.Serializable;

/**
 * How the learning rate changes while a training goes on: a function of the number of the update (or of the epoch, whichever
 * the caller counts in), so it has no state and a resumed training goes on where it was.
 *
 * <p>To write one of your own: a public record with a public constructor without arguments, and its class name in {@code
 * META-INF/services/dev.backdraft.optim.Schedule}.
 */
public interface Schedule extends Serializable {
    /** The name on the command line and in files. */
    String name();

    /**
     * The learning rate of update t.
     *
     * @param base η₀, the configured learning rate, positive
     * @param t counted from 0
     * @param total updates of the whole training, for schedules that are told no length of their own
     */
    double rate(double base, long t, long total);

    /**
     * Whether {@link #rate} looks at the total with these settings. Then a training cannot go on to more epochs than it began with:
     * its first epochs would have had other rates. Say no if yours does not.
     */
    default boolean dependsOnTotal() {
        return true;
    }
}
