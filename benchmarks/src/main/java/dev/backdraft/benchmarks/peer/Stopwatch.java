package dev.backdraft.benchmarks.peer;

import dev.backdraft.linalg.Blas;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.Fit;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingState;
import java.util.Locale;
import java.util.Map;

/**
 * Answers requests by one training that goes on and on: between two requests it waits, at the end of an epoch. So the data is
 * prepared once, and what is measured is the steps of whole epochs. On the thread that trains.
 */
final class Stopwatch implements TrainingListener {
    private final String figure;
    private final Requests requests;
    private Requests.Request request;
    private double warmupLeft;
    private double seconds;
    private long rows;

    /** @param figure the name that examples a second are reported under */
    Stopwatch(String figure, Requests requests) {
        this.figure = figure;
        this.requests = requests;
    }

    @Override
    public void started(Fit fit, TrainingState state) {
        take(state);
    }

    private void take(TrainingState state) {
        request = requests.next();
        if (request == null) {
            state.stop();
            return;
        }
        warmupLeft = request.warmupSeconds();
        seconds = 0;
        rows = 0;
    }

    @Override
    public void epochEnded(EpochResult result) {
        throw new IllegalStateException("the state is needed to end the training");
    }

    @Override
    public void epochEnded(EpochResult result, TrainingState state) {
        if (warmupLeft > 0) {
            warmupLeft -= result.seconds();
            return;
        }
        seconds += result.seconds();
        rows += result.rows();
        if (seconds >= request.seconds()) {
            requests.answer(
                    Map.of(figure, rows / seconds),
                    Map.of("blas", Blas.backend(), "loss", String.format(Locale.ROOT, "%.4f", result.loss())));
            take(state);
        }
    }
}
