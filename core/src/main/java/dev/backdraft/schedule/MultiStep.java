package dev.backdraft.schedule;

import dev.backdraft.json.Require;
import java.util.List;

/**
 * A drop at each milestone: {@code η(t) = η₀ γ^k}, k the milestones {@code ≤ t}. As PyTorch's MultiStepLR.
 *
 * @param milestones ascending, positive; none for a half and three quarters of the training, as He et al. 2016 did on CIFAR-10
 * @param gamma γ, positive and at most 1
 */
public record MultiStep(List<Long> milestones, double gamma) implements Schedule {
    public MultiStep {
        milestones = List.copyOf(milestones);
        long before = 0;
        for (long milestone : milestones) {
            Require.atLeast(before + 1, "a milestone", milestone);
            before = milestone;
        }
        Require.factor("gamma", gamma);
    }

    /** A tenth after one half and again after three quarters of the training. */
    public MultiStep() {
        this(List.of(), 0.1);
    }

    @Override
    public String name() {
        return "multi-step";
    }

    @Override
    public boolean dependsOnTotal() {
        return milestones.isEmpty();
    }

    @Override
    public double rate(double base, long t, long total) {
        int passed = 0;
        for (long milestone : milestones) {
            passed += t >= milestone ? 1 : 0;
        }
        if (milestones.isEmpty() && total > 0) {
            passed = (t >= (total + 1) / 2 ? 1 : 0) + (t >= total - total / 4 ? 1 : 0); // both rounded up
        }
        return base * StrictMath.pow(gamma, passed);
    }
}
