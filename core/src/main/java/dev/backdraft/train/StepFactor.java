package dev.backdraft.train;

import dev.backdraft.schedule.Constant;
import dev.backdraft.schedule.Schedule;
import java.io.Serializable;

/**
 * A number from 0 to 1 for each step, by which a schedule multiplies the rates of dropout or the weight decay. It
 * depends on the place of the step in the training alone, so workers anywhere, and a training that continues, get the
 * same number.
 *
 * @param schedule whose rate from 1 on it is
 * @param unit what the schedule counts: steps of the layout, also those of one update, or epochs
 * @param epochs of the whole training
 */
public record StepFactor(Schedule schedule, ScheduleUnit unit, int epochs) implements Serializable {
    /** 1 at each step. */
    public static final StepFactor ONE = new StepFactor(new Constant(), ScheduleUnit.STEP, 1);

    /** Whether it is 1 at each step. */
    public boolean isOne() {
        return schedule instanceof Constant;
    }

    /**
     * The factor of a step; steps after the last have that of the last.
     *
     * @param epoch counted from 1
     * @param step counted from 0 within the epoch
     * @param stepsPerEpoch of the layout
     * @throws IllegalArgumentException when the schedule gives no number from 0 to 1
     */
    public double at(int epoch, long step, long stepsPerEpoch) {
        if (isOne()) {
            return 1;
        }
        boolean counts = unit == ScheduleUnit.STEP;
        long total = counts ? epochs * stepsPerEpoch : epochs;
        long t = counts ? (epoch - 1) * stepsPerEpoch + step : epoch - 1;
        double factor = schedule.rate(1, Math.min(t, total - 1), total);
        if (!(factor >= 0 && factor <= 1)) {
            throw new IllegalArgumentException(
                    "the schedule " + schedule.name() + " multiplies dropout or weight decay by "
                            + factor + " in epoch " + epoch + ", step " + (step + 1)
                            + ": choose settings of it that stay between 0 and 1");
        }
        return factor;
    }
}
