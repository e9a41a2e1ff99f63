package dev.backdraft.benchmarks.compare;

import java.util.List;
import java.util.Map;

/**
 * How a peer is started.
 *
 * @param words the command and its arguments
 * @param environment set in addition to this process's
 */
public record PeerCommand(List<String> words, Map<String, String> environment) {
    public PeerCommand {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
    }
}
