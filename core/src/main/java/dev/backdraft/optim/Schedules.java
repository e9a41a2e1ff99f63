package dev.backdraft.optim;

import java.util.List;

/** All schedules of the learning rate with their usual constants, by name. {@link ReduceOnPlateau} is none: it has a memory. */
public final class Schedules {
    private static final List<Schedule> OURS = List.of(
            new Constant(),
            new StepDecay(),
            new MultiStep(),
            new Exponential(),
            new ExponentialRate(),
            new InverseTime(),
            new InverseSquareRoot(),
            new Polynomial(),
            new Cosine(),
            new CosineRestarts(),
            new Warmup(),
            new OneCycle());

    private Schedules() {}

    /**
     * Ours, and behind them the users' own, which {@link java.util.ServiceLoader} finds with the context class loader.
     *
     * @throws IllegalStateException if two have one name
     */
    public static List<Schedule> all() {
        return Named.withUsers(Schedule.class, OURS, Schedule::name);
    }

    /**
     * The schedule of this name, with its usual constants.
     *
     * @throws IllegalArgumentException naming those that exist
     */
    public static Schedule named(String name) {
        return Named.find("schedule", all(), Schedule::name, name);
    }
}
