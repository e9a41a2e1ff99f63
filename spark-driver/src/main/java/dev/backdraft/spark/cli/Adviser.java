package dev.backdraft.spark.cli;

import dev.backdraft.train.EpochResult;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.TimeShares;
import dev.backdraft.train.plan.MemoryNeed;
import dev.backdraft.train.plan.StepModel;
import dev.backdraft.train.plan.StepPlan;
import java.util.Locale;

/**
 * Says before a training whether a cluster is too large for its batches, watches where the time goes, and says once
 * what would make it faster when one part takes too long. The first seconds, in which the JVM still compiles, do not
 * count. For one training, on one thread; changes nothing.
 */
final class Adviser {
    private static final double WARM_UP = 3; // seconds
    private static final double LOOK = 2; // seconds
    private static final double STANDS_OUT = 0.4; // share of the time
    private static final double SURELY_SLOWER = 1.5; // times as long, by a model without measurements

    private final StepPlan plan;
    private double before; // seconds that do not count
    private double seconds;
    private StepTimes times = StepTimes.NONE;
    private boolean done;

    Adviser(StepPlan plan) {
        this.plan = plan;
    }

    /**
     * Returns, before the first step, how a training that more executors slow down would be faster: by {@link
     * StepModel}, which is wrong in their favor.
     *
     * @return null when that is not sure
     */
    static String beforeStart(StepPlan plan) {
        int executors = Math.min(plan.executors(), plan.workers()); // others are not sent anything
        if (plan.route() != StepPlan.Route.RESIDENT || plan.networkBytes() == 0 || executors == 1) {
            return null;
        }
        StepModel model = StepModel.of(plan);
        int best = model.best(executors);
        if (model.seconds(executors) < SURELY_SLOWER * model.seconds(best)) {
            return null;
        }
        long rows = 1L << (Long.SIZE - Long.numberOfLeadingZeros((long) model.balancedRows(executors)));
        return String.format(
                Locale.ROOT,
                "%,d executors are too many for batches of %,d rows: in a step they compute for at most %s ms, but"
                        + " parameters and gradients travel for at least %s ms, so that %,d would be faster: use fewer"
                        + " executors (spark.executor.instances, spark.cores.max) or a batch of %,d rows or more"
                        + " (--batch-size)",
                executors,
                model.rows(),
                text(1e3 * model.computeSeconds(executors)),
                text(1e3 * model.networkSeconds(executors)),
                best,
                rows);
    }

    /** Takes an epoch into account. Returns advice at most once, otherwise null. */
    String epochEnded(EpochResult result) {
        if (done || result.times() == null) {
            return null;
        }
        boolean isLong = result.seconds() >= 10 * WARM_UP; // so that its first seconds do not matter
        if (before < WARM_UP && !isLong) {
            before += result.seconds();
            return null;
        }
        seconds += result.seconds();
        times = times.plus(result.times());
        done = seconds >= LOOK;
        return done ? advice(plan, times, seconds) : null;
    }

    /**
     * Returns what would make a step faster. A function of its arguments.
     *
     * @param times of some steps
     * @param seconds that they took, with what is between two gradients
     * @return null when no part but computing takes 40 % of the time, and all slots compute
     */
    static String advice(StepPlan plan, StepTimes times, double seconds) {
        TimeShares shares = TimeShares.of(times, seconds);
        if (shares == null) {
            return null;
        }
        double millis = 1e3 * seconds / times.steps();
        double most =
                Math.max(Math.max(shares.combine(), shares.publish()), Math.max(shares.update(), shares.waiting()));
        if (most < STANDS_OUT) {
            return shares.compute() > 0.5 && plan.workers() < plan.slots() ? idleSlots(plan) : null;
        }
        if (most == shares.waiting()) {
            return waiting(plan, millis, shares);
        }
        if (most == shares.update()) {
            return String.format(
                    Locale.ROOT,
                    "the update of %,d parameters takes %.0f %% of the time (%s of %s ms per step): a larger batch (--batch-size)"
                            + " makes fewer updates; averages, clipping and penalties cost a pass each",
                    plan.parameters(),
                    100 * shares.update(),
                    text(millis * shares.update()),
                    text(millis));
        }
        if (most == shares.combine()) {
            return String.format(
                    Locale.ROOT,
                    "adding the sums of %d workers takes %.0f %% of the time (%s of %s ms per step): use a larger batch"
                            + " (--batch-size) or fewer partitions (spark.default.parallelism)",
                    plan.workers(),
                    100 * shares.combine(),
                    text(millis * shares.combine()),
                    text(millis));
        }
        return String.format(
                Locale.ROOT,
                "sending %s of parameters takes %.0f %% of the time (%s of %s ms per step): use a larger batch"
                        + " (--batch-size)",
                MemoryNeed.text((long) Float.BYTES * plan.parameters()),
                100 * shares.publish(),
                text(millis * shares.publish()),
                text(millis));
    }

    private static String idleSlots(StepPlan plan) {
        return String.format(
                Locale.ROOT,
                "%d of %d slots have nothing to do, as a step has %d %s: a larger batch (--batch-size) has"
                        + " more lanes; --lanes also sets them, but gives different bits",
                plan.slots() - plan.workers(),
                plan.slots(),
                plan.lanes(),
                plan.lanes() == 1 ? "lane" : "lanes");
    }

    private static String waiting(StepPlan plan, double millis, TimeShares shares) {
        double computes = millis * shares.compute();
        double waits = millis * shares.waiting();
        String figures = String.format(
                Locale.ROOT, "a step computes for %s ms and waits for %s ms", text(computes), text(waits));
        return switch (plan.route()) {
            case LOCAL ->
                "batch too small for " + plan.workers() + " threads: " + figures
                        + ": use a larger batch (--batch-size) or fewer threads; or other programs use the"
                        + " processors";
            case JOB ->
                "batch too small for one Spark job per step: " + figures
                        + ": use a larger batch (--batch-size), or resident workers (--aggregation auto)";
            case RESIDENT ->
                plan.networkBytes() == 0
                        ? "batch too small for " + plan.workers() + " workers: " + figures
                                + ": use a larger batch (--batch-size) or fewer slots; or a worker is slow"
                        : "batch too small for this cluster: " + figures
                                + ": use a larger batch (--batch-size) or fewer executors; or a worker or the network is slow";
        };
    }

    /** Milliseconds with two significant digits. */
    private static String text(double millis) {
        return String.format(Locale.ROOT, millis < 1 ? "%.2f" : millis < 10 ? "%.1f" : "%.0f", millis);
    }
}
