package dev.backdraft.loss;

import dev.backdraft.json.Require;
import dev.backdraft.linalg.Exponential;
import dev.backdraft.linalg.Matrix;
import java.util.Objects;

/**
 * Focal loss of yes-or-no questions on logits: cross-entropy in which rows that are predicted well count less. With the
 * probability q of the right answer, q = sigmoid(z) for yes and sigmoid(−z) for no, {@code l = −a (1 − q)^γ log q},
 * where a = α for yes and 1 − α for no; {@code dl/dz = ∓a (1 − q)^γ (1 − q − γ q log q)}, negative for yes. Exact for
 * logits of any size. Lin, Goyal, Girshick, He and Dollár 2017, "Focal loss for dense object detection", eq. 5.
 *
 * <p>γ = 0 and α = 1/2 give half of {@link SigmoidCrossEntropy}. Predicted probabilities are less extreme than the
 * frequencies in the data; ranking and classes are what the loss is for.
 *
 * @param gamma γ ≥ 0: how much less an easy row counts
 * @param alpha α in [0, 1]: the weight of yes
 * @param reduction over outputs
 */
public record SigmoidFocal(double gamma, double alpha, OutputReduction reduction) implements BinaryLoss {
    public SigmoidFocal {
        Require.notNegative("gamma", gamma);
        Require.share("alpha", alpha);
        Objects.requireNonNull(reduction, "reduction");
    }

    /** The paper's γ = 2 and α = 0.25, with the sum over outputs. */
    public SigmoidFocal() {
        this(2, 0.25, OutputReduction.SUM);
    }

    @Override
    public String name() {
        return "sigmoid-focal";
    }

    @Override
    public double value(double z, double t) {
        double right = t > 0.5 ? z : -z;
        double minusLog = Math.max(-right, 0) + StrictMath.log1p(Exponential.exp(-Math.abs(z)));
        return weight(t) * StrictMath.pow(Link.sigmoid(-right), gamma) * minusLog;
    }

    @Override
    public double slope(double z, double t) {
        double right = t > 0.5 ? z : -z;
        double q = Link.sigmoid(right);
        double rest = Link.sigmoid(-right);
        double minusLog = Math.max(-right, 0) + StrictMath.log1p(Exponential.exp(-Math.abs(z)));
        double slope = -weight(t) * StrictMath.pow(rest, gamma) * (rest + gamma * q * minusLog);
        return Probability.inGradient(t > 0.5 ? slope : -slope);
    }

    private double weight(double t) {
        return t > 0.5 ? alpha : 1 - alpha;
    }

    /** 0, where the sigmoid is one half. */
    @Override
    public double boundary() {
        return 0;
    }

    /** The sigmoid of each logit. */
    @Override
    public void predict(Matrix logits, Matrix prediction) {
        Link.sigmoid(logits, prediction);
    }

    @Override
    public double probabilityOfYes(double z) {
        return Link.sigmoid(z);
    }

    @Override
    public double probabilityOfNo(double z) {
        return Link.sigmoid(-z);
    }
}
