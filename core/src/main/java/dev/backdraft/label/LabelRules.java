package dev.backdraft.label;

import dev.backdraft.data.DataException;
import dev.backdraft.data.DataException.Setting;
import dev.backdraft.data.Example;
import dev.backdraft.data.LabelColumns;
import dev.backdraft.data.LabelSummary;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.data.RowCheck;
import dev.backdraft.loss.DistributionLoss;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.loss.Target;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What labels mean for a network with a given number of outputs: which loss suits them, and which class each is.
 *
 * <p>Text labels are classes in alphabetical order. Numeric labels are class indices 0 … K − 1, or K whole numbers
 * other than 0, such as −1 and +1 or 1, 2 and 3, which are the names of the classes in ascending order. Several labels
 * a row go one to each output: values of a regression, answers to questions of their own, or, for a loss of classes
 * that exclude each other, the distribution over the classes. {@link Target#accepts} says what answers may be: 0 and 1,
 * for some losses the probability of yes from 0 to 1, or −1 and +1. Metrics take a probability above one half for yes.
 */
public final class LabelRules {
    private static final List<Double> ANSWERS = List.of(0.0, 1.0);
    private static final int MOST_SHOWN = 12;
    private static final double MASS_TOLERANCE = 1e-3; // of a distribution's sum, rounded in the user's data

    private LabelRules() {}

    /**
     * The loss for these labels: softmax cross-entropy for several outputs; for one, sigmoid cross-entropy when the
     * labels are texts, 0 and 1, or two whole numbers other than 0, else squared error. For several labels a row,
     * sigmoid cross-entropy when all are 0 or 1, else squared error.
     *
     * @throws DataException when every row has the label 0, or every row the label 1: neither two classes nor a regression
     */
    public static Loss chooseLoss(LabelSummary labels, int outputs) {
        List<Double> numbers = List.copyOf(labels.numbers());
        if (labels.count() > 1) {
            return ANSWERS.containsAll(numbers) ? new SigmoidCrossEntropy() : new SquaredError();
        }
        checkTwoTexts(labels);
        if (outputs > 1) {
            return new SoftmaxCrossEntropy();
        }
        if (!labels.isText() && numbers.size() == 1 && ANSWERS.containsAll(numbers)) {
            throw DataException.of(
                    DataException.Reason.ONE_CLASS,
                    "all labels are %s, so there is nothing to classify: check the label column, or name the loss"
                            + " squared-error if this is a regression",
                    Preprocessing.numberText(numbers.get(0)));
        }
        boolean binary = labels.isText() || numbers.equals(ANSWERS) || areNames(labels, 2);
        return binary ? new SigmoidCrossEntropy() : new SquaredError();
    }

    /**
     * The names of classes 0, 1, … for labels that are not class indices already; empty when they are, or are no classes.
     *
     * @throws DataException when the labels do not fit the loss or the number of outputs
     */
    public static List<String> classNames(LabelSummary labels, Loss loss, int outputs) {
        if (labels.count() > 1) {
            checkSeveral(labels, loss, outputs);
            return List.of();
        }
        Target target = loss.target();
        if (!target.classifies()) {
            checkNumbers(labels, loss, outputs);
            return List.of();
        }
        if (target.asksQuestions() && outputs > 1) {
            throw new DataException(
                            "%s with %d outputs needs %d labels a row, but rows have one: name %d label columns"
                                    + ", or use softmax-cross-entropy, or end the layers with 1",
                            loss.name(), outputs, outputs, outputs)
                    .about(Setting.LAYERS, Setting.LABEL);
        }
        int classes = target.classCount(outputs);
        if (classes < 2) {
            throw new DataException(
                            "%s needs at least 2 outputs: end the layers with the number of classes", loss.name())
                    .about(Setting.LAYERS);
        }
        if (labels.isText()) {
            return textClasses(labels, outputs, classes);
        }
        if (areNames(labels, classes)) {
            return labels.numbers().stream().map(Preprocessing::numberText).toList();
        }
        if (target.isOneOfMany()) {
            checkIndices(labels, classes);
        } else {
            checkAccepted(labels, loss);
        }
        return List.of();
    }

    /**
     * Checks that a trained model knows the labels of a data set, which may have only some of its classes.
     *
     * @param preprocessing of the model
     * @param outputs of its network
     * @throws DataException naming labels that it does not know, and those that it does
     */
    public static void checkKnown(LabelSummary labels, Preprocessing preprocessing, Loss loss, int outputs) {
        boolean shares = labels.count() > 1 && loss.target().isOneOfMany();
        int wanted = shares ? outputs : loss.labelCount(outputs);
        if (labels.count() != wanted) {
            throw new DataException(
                            "the rows have %d label%s, but the model to start from takes %d",
                            labels.count(), labels.count() == 1 ? "" : "s", wanted)
                    .about(Setting.LABEL);
        }
        if (!preprocessing.classNames().isEmpty() && labels.count() == 1) {
            checkKnown(labels, preprocessing.classNames());
            return;
        }
        if (labels.isText()) {
            throw new DataException(
                            "the label %s is not a number, but the model to start from takes labels that are %s",
                            labels.firstText(),
                            loss.target().isOneOfMany() ? "class indices from 0 to " + (outputs - 1) : "numbers")
                    .about(Setting.LABEL);
        }
        if (loss.target().isOneOfMany() && labels.count() == 1) {
            LabelSummary.Place bad = badIndex(labels, outputs);
            if (bad != null) {
                throw new DataException(
                                "label %s in %s is not a class of the model to start from, which takes class indices"
                                        + " from 0 to %d",
                                Preprocessing.numberText(bad.label()), bad.where(), outputs - 1)
                        .about(Setting.LABEL);
            }
        } else if (!shares) {
            checkAccepted(labels, loss);
        }
    }

    private static void checkKnown(LabelSummary labels, List<String> classNames) {
        List<String> found = labels.texts().isEmpty()
                ? labels.numbers().stream().map(Preprocessing::numberText).toList()
                : List.copyOf(labels.texts());
        List<String> unknown = found.stream()
                .filter(name -> !classNames.contains(name) && !classNames.contains(asNumber(name)))
                .toList();
        if (!unknown.isEmpty()) {
            throw new DataException(
                            "label%s %s %s not among the classes of the model to start from, which are %s: leave out"
                                    + " such rows, or train a new model",
                            unknown.size() == 1 ? "" : "s",
                            LabelColumns.shortened(unknown),
                            unknown.size() == 1 ? "is" : "are",
                            LabelColumns.shortened(classNames))
                    .about(Setting.LABEL);
        }
    }

    /** How a class is called whose label is this number, as 1 for the text 1.0; the text itself when it is none. */
    private static String asNumber(String text) {
        try {
            return Preprocessing.numberText(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return text;
        }
    }

    /** Whether the labels are as many whole numbers as there are classes, none of them 0, with which indices begin. */
    private static boolean areNames(LabelSummary labels, int classes) {
        return labels.numbers().size() == classes
                && labels.fraction() == null
                && !labels.numbers().contains(0.0);
    }

    /**
     * The row with its label as a number, checked: the index of its class, or its value on the label's scale, not yet
     * standardized; or with its several labels, checked. Columns that are centered in double, features too, are
     * centered; the row has only floats.
     *
     * @param where names the row for an error message
     * @throws DataException when it is of no class that the network knows, or there are more or fewer than the loss takes
     */
    public static Example resolve(
            Example row, Preprocessing preprocessing, Loss loss, int outputs, Supplier<String> where) {
        if (row.labels() != null) {
            checkSeveral(row, loss, outputs, where);
            RowCheck.checkScale(row, preprocessing.labelScale(), where);
            return preprocessing.center(row, where);
        }
        if (row.labelText() == null && Double.isNaN(row.label())) {
            throw new DataException("%s has no label", where.get());
        }
        Target target = loss.target();
        int labels = loss.labelCount(outputs);
        if (labels > 1 && !target.isOneOfMany()) {
            throw new DataException(
                    "%s has one label, but %s with %d outputs needs %d a row",
                    where.get(), loss.name(), outputs, labels);
        }
        RowCheck.checkScale(row, preprocessing.labelScale(), where);
        float label;
        try {
            label = preprocessing.resolve(row);
        } catch (DataException e) {
            throw e.in(where.get());
        }
        if (Float.isNaN(label)) {
            throw new DataException("%s: label '%s' is not a number", where.get(), row.labelText());
        }
        if (preprocessing.classNames().isEmpty()) {
            RowCheck.checkLabel(row.label(), where);
        }
        if (!target.isOneOfMany()) {
            checkAccepted(row, label, loss, where);
        } else if (label < 0 || label >= outputs || label != Math.rint(label)) {
            throw outOfRange(row.label(), where.get(), outputs);
        }
        return preprocessing.center(row, where).withLabel(label);
    }

    /** Several labels, as a whole data set has them: one for each output. */
    private static void checkSeveral(LabelSummary labels, Loss loss, int outputs) {
        if (loss instanceof DistributionLoss) {
            throw new DataException(
                            "%s predicts the distribution of one label, but the rows have %d labels: name one label"
                                    + " column",
                            loss.name(), labels.count())
                    .about(Setting.LABEL);
        }
        if (labels.count() != outputs) {
            throw new DataException(
                            "the rows have %d labels, but the network has %d output%s: end the layers with %d",
                            labels.count(), outputs, outputs == 1 ? "" : "s", labels.count())
                    .about(Setting.LAYERS);
        }
        if (!loss.target().isOneOfMany()) {
            checkAccepted(labels, loss);
        }
    }

    private static void checkSeveral(Example row, Loss loss, int outputs, Supplier<String> where) {
        float[] labels = row.labels();
        if (loss instanceof DistributionLoss && labels.length != 1) {
            throw new DataException(
                    "%s has %d labels, but %s predicts the distribution of one",
                    where.get(), labels.length, loss.name());
        }
        if (!(loss instanceof DistributionLoss) && labels.length != outputs) {
            throw new DataException(
                    "%s has %d labels, but the network has %d outputs", where.get(), labels.length, outputs);
        }
        boolean shares = loss.target().isOneOfMany();
        double mass = 0;
        for (float label : labels) {
            if (!shares) {
                checkAccepted(row, label, loss, where);
            } else if (label < 0) {
                throw new DataException(
                        "%s: the share of a class is %s; %s takes shares of 0 or more",
                        where.get(), label, loss.name());
            }
            mass += label;
        }
        if (shares && Math.abs(mass - 1) > MASS_TOLERANCE) {
            throw new DataException(
                    "%s: the shares of the classes sum to %s, but %s takes a distribution, whose sum is 1",
                    where.get(), mass, loss.name());
        }
    }

    /** @param label of the row, as a number */
    private static void checkAccepted(Example row, float label, Loss loss, Supplier<String> where) {
        if (!loss.target().accepts(label)) {
            throw notAccepted(row.labels() == null ? row.label() : label, where.get(), loss);
        }
    }

    private static void checkAccepted(LabelSummary labels, Loss loss) {
        Target target = loss.target();
        for (LabelSummary.Place place :
                new LabelSummary.Place[] {labels.lowest(), labels.highest(), labels.fraction()}) {
            if (place != null && !target.accepts((float) place.label())) {
                throw notAccepted(place.label(), place.where(), loss);
            }
        }
        if (target.asksQuestions()
                && labels.numbers().contains(-1.0)
                && labels.numbers().contains(0.0)) {
            throw new DataException(
                    "some labels are -1 and others are 0, and both mean no to %s: use -1 and 1, or 0 and 1",
                    loss.name());
        }
    }

    private static DataException notAccepted(double label, String where, Loss loss) {
        Target target = loss.target();
        return new DataException(
                        target.asksQuestions()
                                ? "label %s in %s is out of range: for 2 classes %s takes labels of %s, or two texts or whole numbers with"
                                        + " one output; change the label column, the labels, or the last number of the layers"
                                : "label %s in %s is out of range: %s takes labels of %s; change the label column or the labels, or"
                                        + " choose another loss",
                        Preprocessing.numberText(label),
                        where,
                        loss.name(),
                        target.accepted())
                .about(
                        target.asksQuestions()
                                ? new Setting[] {Setting.LAYERS, Setting.LABEL}
                                : new Setting[] {Setting.LABEL});
    }

    private static DataException outOfRange(double label, String where, int classes) {
        return new DataException(
                        "label %s in %s is out of range: for %d classes the labels are 0 to %d (or text); change the last number of the"
                                + " layers, the label column, or the labels",
                        Preprocessing.numberText(label), where, classes, classes - 1)
                .about(Setting.LAYERS, Setting.LABEL);
    }

    /**
     * Checks that labels that are text name more than one class.
     *
     * @throws DataException when all rows have the same label
     */
    static void checkTwoTexts(LabelSummary labels) {
        if (labels.isText() && labels.texts().size() == 1) {
            throw DataException.of(
                    DataException.Reason.ONE_CLASS,
                    "all rows have the same label, %s, so there is nothing to classify: check that the label column is the"
                            + " right one, and that there are rows of at least two classes",
                    labels.firstText());
        }
    }

    private static List<String> textClasses(LabelSummary labels, int outputs, int classes) {
        checkTwoTexts(labels);
        if (labels.texts().size() != classes) {
            if (labels.numbers().size() > labels.texts().size() / 2) {
                throw new DataException(
                                "label %s is not a number, but most labels are: remove the row or fill in the value; if the labels are"
                                        + " classes, end the layers with their number",
                                labels.firstText())
                        .about(Setting.LAYERS);
            }
            String shown = labels.texts().stream().limit(MOST_SHOWN).collect(Collectors.joining(", "));
            boolean more = labels.texts().size() > MOST_SHOWN;
            String count = labels.texts().size() > LabelSummary.MOST_DISTINCT
                    ? "more than " + LabelSummary.MOST_DISTINCT
                    : Integer.toString(labels.texts().size());
            throw new DataException(
                            "the labels are %s classes (%s%s), but the network has %d output%s: end the layers with the number"
                                    + " of classes, and check that the label column is the right one",
                            count, shown, more ? ", …" : "", outputs, outputs == 1 ? " (for two classes)" : "s")
                    .about(Setting.LAYERS, Setting.LABEL);
        }
        return List.copyOf(labels.texts());
    }

    private static void checkIndices(LabelSummary labels, int classes) {
        LabelSummary.Place bad = badIndex(labels, classes);
        if (bad != null) {
            throw outOfRange(bad.label(), bad.where(), classes);
        }
    }

    /** A label that is not a class index; null when there is none. */
    private static LabelSummary.Place badIndex(LabelSummary labels, int classes) {
        if (labels.fraction() != null) {
            return labels.fraction();
        }
        if (labels.lowest() != null && labels.lowest().label() < 0) {
            return labels.lowest();
        }
        return labels.highest() != null && labels.highest().label() >= classes ? labels.highest() : null;
    }

    private static void checkNumbers(LabelSummary labels, Loss loss, int outputs) {
        if (labels.isText()) {
            throw new DataException(
                            "%s needs numeric labels, but found %s: check that the label column is the right one",
                            loss.name(), labels.firstText())
                    .about(Setting.LABEL);
        }
        if (loss instanceof DistributionLoss distribution) {
            if (outputs != distribution.outputs()) {
                throw new DataException(
                                "%s needs %d output%s, but the network has %d: end the layers with %d",
                                loss.name(),
                                distribution.outputs(),
                                distribution.outputs() == 1 ? "" : "s",
                                outputs,
                                distribution.outputs())
                        .about(Setting.LAYERS);
            }
        } else if (outputs != 1) {
            throw new DataException(
                            "%s predicts one number a row, but the network has %d outputs: end the layers with 1, or name %d"
                                    + " label columns",
                            loss.name(), outputs, outputs)
                    .about(Setting.LAYERS, Setting.LABEL);
        }
        checkAccepted(labels, loss);
    }
}
