package dev.backdraft.label;

import dev.backdraft.data.DataException;
import dev.backdraft.data.DataException.Setting;
import dev.backdraft.data.LabelSummary;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.loss.DistributionLoss;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.OutputRange;
import java.util.Optional;

/**
 * How many outputs the labels ask for, and what they end in, when the user does not say it: one for two classes and for
 * a regression, as many as there are classes for more, and one for each label where a row has several.
 *
 * <p>Text labels are classes. Numbers are classes when the loss says so, or when there are two whole numbers, or at most {@value
 * #FEW} whole numbers that occur in at least {@value #ROWS_PER_CLASS} rows each on average, or the indices 0 … K − 1 without a gap
 * in {@value #ROWS_PER_CLASS} rows each; all others are values of a regression.
 */
public final class Outputs {
    static final int FEW = 20;
    static final int ROWS_PER_CLASS = 5;

    private static final int MOST_CLASSES = 1000;

    private Outputs() {}

    /**
     * The outputs for these labels.
     *
     * @param loss that the user names; null when the labels decide
     * @throws DataException when labels are text and too many to be classes
     */
    public static int of(LabelSummary labels, long rows, Loss loss) {
        if (labels.count() > 1) {
            return labels.count();
        }
        if (loss instanceof DistributionLoss distribution) {
            return distribution.outputs();
        }
        if (loss != null && !loss.target().classifies()) {
            return 1;
        }
        if (labels.isText()) {
            return ofClasses(textClasses(labels), loss);
        }
        int distinct = labels.numbers().size();
        boolean whole = labels.fraction() == null && labels.lowest() != null;
        if (loss != null) {
            if (distinct == 1) {
                throw DataException.of(
                        DataException.Reason.ONE_CLASS,
                        "all labels are %s, so there is nothing to classify: check that the label column is the right one, and"
                                + " that there are rows of at least two classes",
                        Preprocessing.numberText(labels.lowest().label()));
            }
            boolean indices =
                    whole && labels.lowest().label() >= 0 && labels.highest().label() < MOST_CLASSES;
            int classes = indices && labels.lowest().label() == 0
                    ? (int) labels.highest().label() + 1
                    : distinct;
            return ofClasses(classes, loss);
        }
        return whole && areClasses(labels, rows, distinct) ? ofClasses(distinct, null) : 1;
    }

    private static boolean areClasses(LabelSummary labels, long rows, int distinct) {
        if (distinct <= 2) {
            return distinct == 2;
        }
        boolean indices = labels.lowest().label() == 0 && labels.highest().label() == distinct - 1;
        return distinct <= (indices ? MOST_CLASSES : FEW) && rows / ROWS_PER_CLASS >= distinct;
    }

    private static int textClasses(LabelSummary labels) {
        LabelRules.checkTwoTexts(labels);
        int distinct = labels.texts().size();
        if (distinct > MOST_CLASSES) {
            throw new DataException(
                            "the labels are more than %d different texts (%s is one), too many for classes: check that the label"
                                    + " column is the right one, or give the layers",
                            MOST_CLASSES, labels.firstText())
                    .about(Setting.LAYERS, Setting.LABEL);
        }
        if (labels.numbers().size() > distinct / 2) {
            throw new DataException(
                            "label %s is not a number, but most labels are: remove the row or fill in the value; if the labels are"
                                    + " classes, give the layers, which end with their number",
                            labels.firstText())
                    .about(Setting.LAYERS);
        }
        return distinct;
    }

    /**
     * The number of outputs that tell {@code classes} classes apart.
     *
     * @param loss that the user names; null when the labels decide
     */
    public static int ofClasses(int classes, Loss loss) {
        boolean single = classes == 2 && (loss == null || loss.target().asksQuestions());
        return single ? 1 : Math.max(2, classes);
    }

    /**
     * The name of the last layer or activation of a network that is chosen for a loss: it turns the outputs of a dense
     * layer into those that the loss takes. Empty when the loss takes any number.
     *
     * @param loss that the user names; null when the labels decide, which then choose one that takes any number
     */
    public static Optional<String> ending(Loss loss) {
        return switch (loss == null ? OutputRange.ANY : loss.outputRange()) {
            case ANY -> Optional.empty();
            case POSITIVE -> Optional.of("softplus");
            case PROBABILITY -> Optional.of(loss.target().isOneOfMany() ? "softmax" : "sigmoid");
        };
    }
}
