package dev.backdraft.train;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.loss.Loss;
import dev.backdraft.network.Network;
import java.io.Serializable;

/** What is minimized, over which cut of the rows: all that a worker needs to know besides parameters and blocks. */
public record Objective(Network network, Loss loss, BatchLayout layout, long seed) implements Serializable {}
