package dev.backdraft.benchmarks.peer;

import dev.backdraft.spark.engine.Aggregation;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options of all peers; each peer looks at those that it needs. */
final class PeerOptions {
    @Option(names = "--figure", required = true)
    String figure;

    @Option(names = "--layers", split = ",", required = true)
    private List<Integer> layers;

    @Option(names = "--rows", required = true)
    private int rows;

    @Option(names = "--batch", required = true)
    private int batch;

    @Option(names = "--optimizer", defaultValue = "sgd")
    private String optimizer;

    @Option(names = "--threads", defaultValue = "2")
    int threads;

    @Option(names = "--master", defaultValue = "local[2]")
    String master;

    @Option(names = "--aggregation", defaultValue = "auto")
    Aggregation aggregation;

    @Option(names = "--data", defaultValue = "benchmarks/data/mnist")
    Path data;

    /** The options of a peer's main; the last of two values counts. */
    static PeerOptions of(String... words) {
        PeerOptions options = new PeerOptions();
        new CommandLine(options)
                .setOverwrittenOptionsAllowed(true)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .parseArgs(words);
        return options;
    }

    TrainingTask task() {
        return new TrainingTask(layers, rows, batch, optimizer);
    }
}
