package dev.backdraft.train;

import java.util.Locale;

/** The loss or a parameter stopped being a finite number. The message names the step and the learning rate. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DivergedException(String what, int epoch, long step, double learningRate) {
        super(String.format(
                Locale.ROOT,
                "training diverged: %s in epoch %d, step %d, at learning rate %s; try a smaller learning rate,"
                        + " or standardise the features",
                what,
                epoch,
                step + 1,
                learningRate));
    }
}
