package dev.backdraft.train;

import dev.backdraft.json.Require;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.Metrics;
import dev.backdraft.metric.StandardMetric;
import java.io.Serializable;

/**
 * Ends a training when a metric of the validation rows no longer improves, and keeps the weights of the best epoch. Prechelt
 * 1998, "Early stopping — but when?".
 *
 * @param metric its name, as {@link Metrics} knows it: {@code loss}, {@code accuracy}, {@code roc-auc} …
 * @param patience number of consecutive epochs without a better value after which training ends, at least 1
 * @param minChange smallest improvement over the best value that counts, at least 0
 * @param refit whether a second training follows, from the start and for as many epochs as were best, on all rows:
 *     those included that were kept back to measure on
 */
public record EarlyStopping(String metric, int patience, double minChange, boolean refit) implements Serializable {
    public EarlyStopping {
        if (metric == null || metric.isBlank()) {
            throw new IllegalArgumentException("early stopping needs the name of a metric, such as loss");
        }
        Require.atLeast(1, "the patience of early stopping", patience);
        if (Metrics.named(metric) == StandardMetric.MEAN_BIAS_ERROR) {
            throw new IllegalArgumentException(
                    "early stopping cannot watch mean-bias-error, as errors of both signs cancel in it: watch mae or rmse");
        }
        if (Metrics.named(metric) == StandardMetric.COVERAGE_ERROR) {
            throw new IllegalArgumentException(
                    "early stopping cannot watch coverage-error, as bad quantiles may cover the right share: watch"
                            + " pinball-loss");
        }
        Require.notNegative("the change that early stopping asks for", minChange);
    }

    /** The metric of that name. */
    Metric measure() {
        return Metrics.named(metric);
    }

    /** Watches the loss, with a patience of 10 epochs. */
    public EarlyStopping() {
        this(StandardMetric.LOSS.label(), 10, 0);
    }

    /** Without a second training. */
    public EarlyStopping(String metric, int patience, double minChange) {
        this(metric, patience, minChange, false);
    }
}
