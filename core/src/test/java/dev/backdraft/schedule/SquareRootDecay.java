package dev.backdraft.schedule;

/** A schedule of a user's own, {@code η₀ √(1 − t/T)}: known by the service file of these tests alone. */
public record SquareRootDecay() implements Schedule {
    @Override
    public String name() {
        return "users-square-root-decay";
    }

    @Override
    public double rate(double base, long t, long total) {
        return t >= total ? 0 : base * Math.sqrt(1 - (double) t / total);
    }
}
