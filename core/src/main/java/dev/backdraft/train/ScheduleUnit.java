package dev.backdraft.train;

/** What a {@link dev.backdraft.schedule.Schedule} counts. */
public enum ScheduleUnit {
    /** Updates of the parameters: a smooth change. */
    STEP,
    /** Passes over the training rows: the rate stays the same within an epoch. */
    EPOCH
}
