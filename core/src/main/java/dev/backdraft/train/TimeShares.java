package dev.backdraft.train;

import java.util.Locale;

/**
 * Where the time of an epoch's steps went, as shares that add up to 1.
 *
 * @param compute forward and backward passes
 * @param combine adding of partial sums
 * @param publish handing out of the parameters
 * @param update all that happens between two gradients: clipping, penalties, the optimizer's step, averages
 * @param waiting the rest: the network, the scheduling of tasks, the waking of threads
 */
public record TimeShares(double compute, double combine, double publish, double update, double waiting) {
    /**
     * The shares of {@code seconds} that steps took from begin to end, of which the source of gradients accounts for its part;
     * the update is what is left. Null when that is not known, or there was none.
     *
     * @param times of the same steps, or null
     */
    public static TimeShares of(StepTimes times, double seconds) {
        if (times == null || times.steps() == 0) {
            return null;
        }
        long nanos = times.computeNanos() + times.combineNanos() + times.publishNanos() + times.waitNanos();
        double all = Math.max((double) nanos, seconds * 1e9);
        return new TimeShares(
                times.computeNanos() / all,
                times.combineNanos() / all,
                times.publishNanos() / all,
                (all - nanos) / all,
                times.waitNanos() / all);
    }

    /** As in {@code compute 71 % combine 6 % publish 8 % update 9 % wait 6 %}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "compute %.0f %% combine %.0f %% publish %.0f %% update %.0f %% wait %.0f %%",
                100 * compute,
                100 * combine,
                100 * publish,
                100 * update,
                100 * waiting);
    }
}
