package dev.backdraft.train.engine;

import dev.backdraft.metric.Metric;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.metric.Metrics;
import dev.backdraft.network.Network;
import dev.backdraft.train.Temperature;
import dev.backdraft.train.TrainingConfig;

/**
 * Searches the temperature with the least log-loss of the validation rows. Each trial is one pass over them by the
 * source of gradients, so that every source finds the same bits.
 *
 * <p>The log-loss of z / T is convex in 1 / T and so has one minimum. The search is Brent's on ln T: a parabola through
 * the best three points, or a golden section where that does not help (Brent 1973, "Algorithms for minimization without
 * derivatives", chapter 5).
 */
final class TemperatureSearch {
    private static final double LARGEST = Math.log(100); // of |ln T|
    private static final double GOLDEN = (3 - Math.sqrt(5)) / 2;
    private static final double TOLERANCE = 2e-4; // of ln T
    private static final int MOST_TRIALS = 30;
    private static final Metric LOG_LOSS = Metrics.named(TrainingConfig.CALIBRATION_METRIC);

    private final Network network;
    private final float[] parameters;
    private final GradientSource source;

    /** @param parameters of the trained network; read */
    TemperatureSearch(Network network, float[] parameters, GradientSource source) {
        this.network = network;
        this.parameters = parameters;
        this.source = source;
    }

    /** The best temperature; 1 if no other is better. */
    Temperature run() {
        double before = logLoss(0);
        double best = minimum(before);
        double after = logLoss(best);
        return after < before ? new Temperature(Math.exp(best), before, after) : new Temperature(1, before, before);
    }

    private double logLoss(double logarithm) {
        MetricSums sums = source.validate(Temperature.divided(network, parameters, Math.exp(logarithm)));
        return sums.value(LOG_LOSS);
    }

    /** Brent's search from ln T = 0. */
    private double minimum(double before) {
        double low = -LARGEST;
        double high = LARGEST;
        double x = 0; // the best, the second and the third best, and their values
        double w = 0;
        double v = 0;
        double fx = before;
        double fw = before;
        double fv = before;
        double step = 0;
        double lastStep = 0;
        for (int trial = 0; trial < MOST_TRIALS; trial++) {
            double middle = (low + high) / 2;
            if (Math.abs(x - middle) <= 2 * TOLERANCE - (high - low) / 2) {
                break;
            }
            double p = (x - v) * ((x - v) * (fx - fw)) - (x - w) * ((x - w) * (fx - fv));
            double q = 2 * ((x - v) * (fx - fw) - (x - w) * (fx - fv));
            p = q > 0 ? -p : p;
            q = Math.abs(q);
            boolean parabola = Math.abs(p) < Math.abs(q * lastStep / 2) && p > q * (low - x) && p < q * (high - x);
            if (parabola) {
                lastStep = step;
                step = p / q;
                double next = x + step;
                if (next - low < 2 * TOLERANCE || high - next < 2 * TOLERANCE) {
                    step = x < middle ? TOLERANCE : -TOLERANCE;
                }
            } else {
                lastStep = x < middle ? high - x : low - x;
                step = GOLDEN * lastStep;
            }
            double u = x + (Math.abs(step) >= TOLERANCE ? step : Math.copySign(TOLERANCE, step));
            double fu = logLoss(u);
            if (fu <= fx) {
                low = u >= x ? x : low;
                high = u >= x ? high : x;
                v = w;
                fv = fw;
                w = x;
                fw = fx;
                x = u;
                fx = fu;
                continue;
            }
            low = u < x ? u : low;
            high = u < x ? high : u;
            if (fu <= fw || w == x) {
                v = w;
                fv = fw;
                w = u;
                fw = fu;
            } else if (fu <= fv || v == x || v == w) {
                v = u;
                fv = fu;
            }
        }
        return x;
    }
}
