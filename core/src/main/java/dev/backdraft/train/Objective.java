package dev.backdraft.train;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.loss.Loss;
import dev.backdraft.network.Network;
import java.io.Serializable;

/**
 * What is minimized, over which cut of the rows: all that a worker needs to know besides parameters and blocks.
 *
 * @param dropout what the rates of dropout are multiplied by at each step
 */
public record Objective(Network network, Loss loss, BatchLayout layout, long seed, StepFactor dropout)
        implements Serializable {
    /** With the rates of dropout as they are. */
    public Objective(Network network, Loss loss, BatchLayout layout, long seed) {
        this(network, loss, layout, seed, StepFactor.ONE);
    }
}
