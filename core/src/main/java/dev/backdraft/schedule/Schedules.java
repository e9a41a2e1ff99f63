package dev.backdraft.schedule;

import dev.backdraft.json.Catalog;
import java.util.List;

/** All schedules of the learning rate with their usual constants, by name. {@link ReduceOnPlateau} is none: it has a memory. */
public final class Schedules {
    /** The list, users' own included. */
    public static final Catalog<Schedule> CATALOG = new Catalog<>(
            Schedule.class,
            "schedule",
            Schedule::name,
            List.of(
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
                    new FlatCosine(),
                    new CosLog4(),
                    new Warmup(),
                    new OneCycle()));

    private Schedules() {}

    /** All of them with their usual settings. */
    public static List<Schedule> all() {
        return CATALOG.all();
    }

    /**
     * The schedule of this name, with its usual settings.
     *
     * @throws IllegalArgumentException naming those that exist
     */
    public static Schedule named(String name) {
        return CATALOG.named(name);
    }
}
