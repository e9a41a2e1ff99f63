package dev.backdraft.schedule;

/** A learning rate that stays: {@code η(t) = η₀}. */
public record Constant() implements Schedule {
    @Override
    public String name() {
        return "constant";
    }

    @Override
    public boolean dependsOnTotal() {
        return false;
    }

    @Override
    public double rate(double base, long t, long total) {
        return base;
    }
}
