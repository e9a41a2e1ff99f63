package dev.backdraft.schedule;

import dev.backdraft.json.Require;
import java.io.Serializable;
import java.util.Objects;

/**
 * A schedule of the batch size: it is multiplied by a whole number every few epochs, {@code B(e) = B₀ f^⌊(e − 1)/n⌋}, as often as it
 * stays within a limit, so it is always a whole multiple of B₀. The learning rate may follow it. Smith, Kindermans, Ying and Le
 * 2018 grow the batch <em>instead</em> of lowering the rate: with their recipe the rule is none.
 *
 * @param factor f, at least 1
 * @param everyEpochs n, at least 1
 * @param largest the batch does not grow beyond, at least 1; a B₀ that is larger stays
 * @param rule what becomes of the learning rate
 */
public record BatchGrowth(int factor, int everyEpochs, int largest, RateRule rule) implements Serializable {
    /** By what the learning rate is multiplied when the batch has grown from B₀ to B. */
    public enum RateRule {
        /** By 1. */
        NONE,

        /** By B/B₀: Goyal et al. 2017, section 2.1. */
        LINEAR,

        /** By √(B/B₀), which keeps the variance of a step: Krizhevsky 2014, section 5. */
        SQUARE_ROOT
    }

    public BatchGrowth {
        Require.atLeast(1, "factor", factor);
        Require.atLeast(1, "everyEpochs", everyEpochs);
        Require.atLeast(1, "largest", largest);
        Objects.requireNonNull(rule, "rule");
    }

    /** Twice the batch every 10 epochs up to 8192 rows (as far as Goyal et al. went without loss), the rate as it is. */
    public BatchGrowth() {
        this(2, 10, 8192, RateRule.NONE);
    }

    /**
     * The batch size of an epoch.
     *
     * @param base B₀, the configured batch size, at least 1
     * @param epoch e, from 1
     */
    public int batchSize(int base, int epoch) {
        Require.atLeast(1, "the batch size", base);
        Require.atLeast(1, "the epoch", epoch);
        if (factor == 1) {
            return base;
        }
        long size = base;
        for (int grown = (epoch - 1) / everyEpochs; grown > 0 && size * factor <= largest; grown--) {
            size *= factor;
        }
        return (int) size;
    }

    /**
     * By what the learning rate of an epoch is multiplied: 1 in the first.
     *
     * @param base B₀, the configured batch size, at least 1
     * @param epoch e, from 1
     */
    public double rateFactor(int base, int epoch) {
        double growth = (double) batchSize(base, epoch) / base;
        return switch (rule) {
            case NONE -> 1;
            case LINEAR -> growth;
            case SQUARE_ROOT -> Math.sqrt(growth);
        };
    }
}
