package dev.backdraft.network;

import dev.backdraft.layer.Layer;
import dev.backdraft.linalg.Slice;
import java.util.ArrayList;
import java.util.List;

/** Has the layers of a network take up the statistics that steps have gathered, in the same two vectors each time. */
public final class StatisticsUpdate {
    private record Part(Layer layer, Slice batch, Slice statistics) {}

    private final List<Part> parts = new ArrayList<>();

    /**
     * @param mean where each step's mean statistics are, after its mean gradient
     * @param flat the network's vector: its statistics are changed, its parameters are not
     */
    public StatisticsUpdate(Network network, float[] mean, float[] flat) {
        for (int i = 0; i < network.layers().size(); i++) {
            if (network.layers().get(i).statisticCount() > 0) {
                parts.add(new Part(network.layers().get(i), network.statistics(i, mean), network.statistics(i, flat)));
            }
        }
    }

    /** Takes up those of a step. */
    public void step() {
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            part.layer().updateStatistics(part.batch(), part.statistics());
        }
    }
}
