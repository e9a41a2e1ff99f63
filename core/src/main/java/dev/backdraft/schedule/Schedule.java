package dev.backdraft.schedule;

import java.io.Serializable;

/**
 * How the learning rate changes during training: a function of the number of the update (or of the epoch, depending on what the
 * caller counts). It has no state, so a resumed training continues correctly.
 *
 * <p>To write your own: a public record with a public constructor without arguments, and its class name in {@code
 * META-INF/services/dev.backdraft.schedule.Schedule}.
 */
public interface Schedule extends Serializable {
    /** The name on the command line and in files. */
    String name();

    /**
     * The learning rate of update t.
     *
     * @param base η₀, the configured learning rate, positive
     * @param t counted from 0
     * @param total number of updates of the whole training, for schedules without a length of their own
     */
    double rate(double base, long t, long total);

    /**
     * Whether {@link #rate} depends on the total with these settings. Then a training cannot be resumed with more epochs,
     * because its first epochs would have had other rates.
     */
    default boolean dependsOnTotal() {
        return true;
    }
}
