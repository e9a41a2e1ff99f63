package dev.backdraft.loss;

import dev.backdraft.linalg.Exponential;
import dev.backdraft.linalg.Matrix;

/**
 * The sums in cross-entropy and KL divergence, on logits and on probabilities. The two differ by the entropy of the target
 * only: {@code KL(t ‖ p) = Σₖ tₖ (log tₖ − log pₖ)}, cross-entropy is {@code Σₖ tₖ (0 − log pₖ)}; terms with tₖ = 0 count 0. So
 * they have the same gradient.
 */
final class ClassLoss {
    private ClassLoss() {}

    /**
     * {@code L = Σₖ tₖ (hₖ + lse(z) − zₖ)}, {@code dL/dz = softmax(z) Σ t − t}, with hₖ = log tₖ for the divergence and 0 else.
     *
     * @param name of the loss, for messages
     * @param z logits [K × n]; read
     * @param dz overwritten; may be the array of z
     */
    static double onLogits(
            String name, Matrix z, Matrix target, double smoothing, boolean divergence, float[] weights, Matrix dz) {
        ClassTarget.check(name, z, target);
        if (target.rows() == 1 && smoothing == 0) { // a class has t = 1 and log t = 0
            return onIndex(z, target, weights, dz);
        }
        int classes = z.rows();
        double sum = 0;
        for (int n = 0; n < z.columns(); n++) {
            double lse = Exponential.logSumExp(z, n);
            double mass = ClassTarget.mass(target, n, smoothing);
            float w = Loss.weight(weights, n);
            double loss = 0;
            for (int k = 0; k < classes; k++) {
                double t = ClassTarget.share(target, k, n, smoothing, classes);
                double zk = z.get(k, n);
                if (t != 0) {
                    loss += t * ((divergence ? StrictMath.log(t) : 0) + (lse - zk));
                }
                dz.set(k, n, (float) (w * (Probability.inGradient(Exponential.exp(zk - lse)) * mass - t)));
            }
            sum += w * loss;
        }
        return sum;
    }

    /** The same for a class index c, as most targets are: {@code L = lse(z) − z_c}, each exponential computed once. */
    private static double onIndex(Matrix z, Matrix target, float[] weights, Matrix dz) {
        int classes = z.rows();
        float[] logits = z.values();
        float[] gradient = dz.values();
        double sum = 0;
        for (int n = 0; n < z.columns(); n++) {
            int from = z.offset() + n * classes;
            int to = dz.offset() + n * classes;
            int expected = (int) target.get(0, n);
            double logit = logits[from + expected];
            double max = Exponential.max(logits, from, classes);
            double total = 0;
            for (int k = 0; k < classes; k++) {
                double e = Exponential.exp(logits[from + k] - max);
                gradient[to + k] = (float) Probability.inGradient(e);
                total += e;
            }
            float w = Loss.weight(weights, n);
            double scale = w / total;
            for (int k = 0; k < classes; k++) {
                gradient[to + k] = (float) (gradient[to + k] * scale);
            }
            gradient[to + expected] -= w;
            sum += w * (max + StrictMath.log(total) - logit);
        }
        return sum;
    }

    /**
     * {@code L = Σₖ tₖ (hₖ − log pₖ)}, {@code dL/dp = −t / p}, each pₖ a free variable; at p = 0 as {@link Probability} says.
     *
     * @param name of the loss, for messages
     * @param p probabilities [K × n]; read
     * @param dp overwritten; may be the array of p
     */
    static double onProbabilities(
            String name, Matrix p, Matrix target, double smoothing, boolean divergence, float[] weights, Matrix dp) {
        ClassTarget.check(name, p, target);
        int classes = p.rows();
        double sum = 0;
        for (int n = 0; n < p.columns(); n++) {
            float w = Loss.weight(weights, n);
            double loss = 0;
            for (int k = 0; k < classes; k++) {
                double t = ClassTarget.share(target, k, n, smoothing, classes);
                double pk = p.get(k, n);
                if (t != 0) {
                    loss += t * ((divergence ? StrictMath.log(t) : 0) - Probability.log(pk));
                }
                dp.set(k, n, t == 0 ? 0 : (float) (w * -t / Probability.divisor(pk)));
            }
            sum += w * loss;
        }
        return sum;
    }
}
