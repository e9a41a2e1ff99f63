package dev.backdraft.spark.cli;

import picocli.CommandLine.Option;

/** Options of {@code train} that say when checkpoints are written. */
final class CheckpointOptions {
    @Option(
            names = "--checkpoint-every",
            paramLabel = "N",
            description =
                    "Write a checkpoint into the directory checkpoints of --out every N epochs, and at the end; or every"
                            + " N steps or minutes, even in the middle of an epoch: '500 steps', '10 minutes'"
                            + " (default: 0, never).")
    private String every;

    @Option(names = "--keep-checkpoints", paramLabel = "N", description = "Keep the newest N checkpoints (default: 2).")
    private Integer keep;

    @Option(
            names = "--checkpoint-failure",
            paramLabel = "HOW",
            description = "When a checkpoint cannot be written, stop, or continue with a warning (default: stop).")
    private String failure;

    void putInto(Settings settings) {
        settings.put("--checkpoint-every", Settings.CHECKPOINT_EVERY, every == null ? null : Settings.number(every));
        settings.put("--keep-checkpoints", Settings.KEEP_CHECKPOINTS, keep);
        settings.put("--checkpoint-failure", Settings.CHECKPOINT_FAILURE, failure);
    }
}
