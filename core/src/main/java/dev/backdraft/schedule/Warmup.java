package dev.backdraft.schedule;

import dev.backdraft.json.Require;
import java.util.Objects;

/**
 * A linear warm-up before any other schedule f: {@code η(t) = f(0) (t + 1)/W} for t &lt; W, then {@code f(t − W)} over the
 * steps that are left. Goyal et al. 2017, section 2.2, for large batches. The warm-up ends on the start value of f, mostly η₀;
 * the first rate is 1/W of it, not 0.
 *
 * @param steps W; 0 for a twentieth of the training (rounded up)
 * @param then f
 */
public record Warmup(long steps, Schedule then) implements Schedule {
    public Warmup {
        Require.atLeast(0, "warm-up steps", steps);
        Objects.requireNonNull(then, "the schedule after the warm-up");
    }

    /** A twentieth of the training, then constant. */
    public Warmup() {
        this(0, new Constant());
    }

    @Override
    public String name() {
        return "warm-up";
    }

    @Override
    public boolean dependsOnTotal() {
        return steps == 0 || then.dependsOnTotal();
    }

    @Override
    public double rate(double base, long t, long total) {
        long length = steps > 0 ? steps : Math.max(1, (total + 19) / 20);
        long left = Math.max(0, total - length);
        return t < length ? then.rate(base, 0, left) * (t + 1) / length : then.rate(base, t - length, left);
    }
}
