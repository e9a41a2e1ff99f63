package dev.backdraft.train;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * How the decision threshold of a model for two classes is found: class 1, or yes, is predicted where its probability
 * is above the threshold. As text it is a number above 0 and below 1, {@code f1}, {@code precision=P} or {@code
 * cost=C}.
 *
 * <p>The rules that look at validation rows compare every threshold that makes a difference. Of equally good ones, they
 * choose the highest. Where a whole gap between two scores is equally good, they take a short decimal number near its
 * middle.
 *
 * @param kind what is sought
 * @param value the threshold, the precision or the cost; 0 for a rule without a number
 */
record ThresholdRule(Kind kind, double value) {
    private static final int MOST_DIGITS = 17;
    private static final String FORMS =
            "use a number above 0 and below 1, f1, precision=P with P above 0 and at most 1, or cost=C with C above 0";

    /** What is sought. */
    enum Kind {
        /** The threshold is a number that the user gives. */
        NUMBER,
        /** The largest F1. */
        F1,
        /** The largest recall with at least a given precision. */
        PRECISION,
        /** The least cost, where a false negative costs {@code value} times a false positive. */
        COST
    }

    /**
     * The rule that a text names.
     *
     * @throws IllegalArgumentException saying what it may be
     */
    static ThresholdRule parse(String text) {
        if (text.equals("f1")) {
            return new ThresholdRule(Kind.F1, 0);
        }
        int equals = text.indexOf('=');
        String name = equals < 0 ? "" : text.substring(0, equals);
        double value = number(text, text.substring(equals + 1));
        boolean fits =
                switch (name) {
                    case "" -> value > 0 && value < 1;
                    case "precision" -> value > 0 && value <= 1;
                    case "cost" -> value > 0 && value < Double.POSITIVE_INFINITY;
                    default -> false;
                };
        if (!fits || equals == 0) {
            throw refusal(text);
        }
        return new ThresholdRule(name.isEmpty() ? Kind.NUMBER : Kind.valueOf(name.toUpperCase(Locale.ROOT)), value);
    }

    private static double number(String text, String number) {
        if (!number.matches("[-+.0-9eE]+")) { // Java would take 0.3d, too
            throw refusal(text);
        }
        try {
            return Double.parseDouble(number);
        } catch (NumberFormatException e) {
            throw refusal(text);
        }
    }

    private static IllegalArgumentException refusal(String text) {
        return new IllegalArgumentException("threshold is '" + text + "': " + FORMS);
    }

    /** Whether it looks at validation rows. */
    boolean needsRows() {
        return kind != Kind.NUMBER;
    }

    /**
     * The threshold that these rows lead to.
     *
     * @param rule its text
     */
    Threshold choose(String rule, DecisionCurve rows) {
        if (rows.hasNaN()) {
            return Threshold.notFound(rule, "the model gives some of them a probability that is not a number");
        }
        if (!(rows.positives() > 0 && rows.negatives() > 0)) {
            return Threshold.notFound(rule, "they are all of one class");
        }
        int best = -2;
        double merit = Double.NEGATIVE_INFINITY;
        for (int i = -1; i < rows.points(); i++) { // -1: no row is predicted as yes
            double found = isPossible(rows, i) ? merit(rows, i) : Double.NEGATIVE_INFINITY;
            if (found > merit) {
                merit = found;
                best = i;
            }
        }
        if (best == -2) {
            return Threshold.notFound(
                    rule,
                    kind == Kind.PRECISION
                            ? String.format(Locale.ROOT, "no threshold reaches this precision; %s", bestPrecision(rows))
                            : "no threshold predicts one of them right");
        }
        double upper = best < 0 ? 1 : rows.score()[best];
        double lower = best + 1 < rows.points() ? rows.score()[best + 1] : 0;
        return Threshold.found(rule, between(lower, upper), rows, best);
    }

    /** Whether a threshold above 0 and below 1 is between the scores. */
    private static boolean isPossible(DecisionCurve rows, int i) {
        return i < 0 ? rows.score()[0] < 1 : rows.score()[i] > 0;
    }

    /** The larger, the better; −∞ if it is not allowed. */
    private double merit(DecisionCurve rows, int i) {
        double yes = i < 0 ? 0 : rows.truePositives()[i];
        double no = i < 0 ? 0 : rows.falsePositives()[i];
        return switch (kind) {
            case F1 -> yes == 0 ? Double.NEGATIVE_INFINITY : Threshold.f1(yes, no, rows.positives());
            case PRECISION -> yes > 0 && yes / (yes + no) >= value ? yes : Double.NEGATIVE_INFINITY;
            case COST -> -(value * (rows.positives() - yes) + no);
            case NUMBER -> throw new IllegalStateException("a number is not chosen");
        };
    }

    private static String bestPrecision(DecisionCurve rows) {
        double best = 0;
        for (int i = 0; i < rows.points(); i++) {
            if (isPossible(rows, i)) {
                best = Math.max(best, rows.truePositives()[i] / (rows.truePositives()[i] + rows.falsePositives()[i]));
            }
        }
        return String.format(Locale.ROOT, "the highest is %.4f", best);
    }

    /** The number with the fewest digits in the middle half of a gap, near its middle. */
    static double between(double lower, double upper) {
        double middle = lower + (upper - lower) / 2;
        BigDecimal exact = new BigDecimal(middle);
        for (int digits = 1; digits < MOST_DIGITS; digits++) {
            double rounded =
                    exact.round(new MathContext(digits, RoundingMode.HALF_EVEN)).doubleValue();
            if (Math.abs(rounded - middle) < (upper - lower) / 4) {
                return rounded;
            }
        }
        return middle;
    }
}
