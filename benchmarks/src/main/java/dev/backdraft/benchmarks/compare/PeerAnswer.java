package dev.backdraft.benchmarks.compare;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a peer answers to a request.
 *
 * @param figures numbers by name
 * @param notes texts by name: versions, backends
 */
public record PeerAnswer(Map<String, Double> figures, Map<String, String> notes) {
    public PeerAnswer {
        figures = new TreeMap<>(figures);
        notes = new TreeMap<>(notes);
        figures.forEach((name, value) -> {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("the figure " + name + " is " + value);
            }
        });
    }
}
