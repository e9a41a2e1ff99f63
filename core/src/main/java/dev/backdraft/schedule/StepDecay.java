package dev.backdraft.schedule;

import dev.backdraft.json.Require;

/**
 * A drop every few steps: {@code η(t) = η₀ γ^⌊t/s⌋}. As PyTorch's StepLR.
 *
 * @param stepSize s; 0 for a third of the training (rounded up), as He et al. 2016 did: 30 of 90 epochs
 * @param gamma γ, positive and at most 1
 */
public record StepDecay(long stepSize, double gamma) implements Schedule {
    public StepDecay {
        Require.atLeast(0, "stepSize", stepSize);
        Require.factor("gamma", gamma);
    }

    /** A tenth after each third of the training. */
    public StepDecay() {
        this(0, 0.1);
    }

    @Override
    public String name() {
        return "step";
    }

    @Override
    public boolean dependsOnTotal() {
        return stepSize == 0;
    }

    @Override
    public double rate(double base, long t, long total) {
        long size = stepSize > 0 ? stepSize : Math.max(1, (total + 2) / 3);
        long drops = t / size;
        return base * StrictMath.pow(gamma, (double) drops);
    }
}
