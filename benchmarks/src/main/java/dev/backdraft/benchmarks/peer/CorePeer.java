package dev.backdraft.benchmarks.peer;

import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.engine.LocalPreparation;
import dev.backdraft.train.engine.PreparedTraining;
import java.io.IOException;
import java.util.List;

/** Backdraft's {@code core} in one JVM, by {@code --threads}. */
public final class CorePeer {
    private CorePeer() {}

    public static void main(String[] words) throws IOException {
        PeerOptions options = PeerOptions.of(words);
        run(options.task(), options.threads, options.figure, Requests.standard());
    }

    static void run(TrainingTask task, int threads, String figure, Requests requests) throws IOException {
        try (PreparedTraining training = LocalPreparation.prepare(task.request(), task.source(), null, threads)) {
            training.train(TrainingStart.fromScratch(), List.of(new Stopwatch(figure, requests)));
        }
    }
}
