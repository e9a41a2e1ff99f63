package dev.backdraft.loss;

/**
 * The kind of target that a loss takes. It tells what the labels of a row mean, how many there are, and what the
 * predictions of a network that is trained with the loss say.
 */
public enum Target {
    /** One number for each output, of any size. Training may standardize it. */
    VALUE("any number"),

    /** One count for each output, or another amount that is never negative. It is not standardized. */
    COUNT("0 or more"),

    /** One amount above 0 for each output. It is not standardized. */
    POSITIVE("more than 0"),

    /** The answer to one yes-or-no question for each output: 0 for no and 1 for yes. */
    YES_OR_NO("0 or 1"),

    /** As {@link #YES_OR_NO}, where no may also be −1: either all labels are 0 and 1, or all are −1 and +1. */
    SIGNED_YES_OR_NO("0 or 1, or -1 or 1"),

    /** The probability of yes, from 0 to 1, for each output. */
    PROBABILITY_OF_YES("0 to 1, the probability of yes"),

    /**
     * The index of one of K classes, where each of K outputs is a class. A distribution over the classes is accepted,
     * too.
     */
    CLASS_INDEX("0 or more"),

    /**
     * A distribution over K classes: one share for each of K outputs, with the sum 1. A class index is accepted, too.
     */
    DISTRIBUTION("0 or more");

    private final String accepted;

    Target(String accepted) {
        this.accepted = accepted;
    }

    /** Describes the labels that {@link #accepts} accepts, for messages. */
    public String accepted() {
        return accepted;
    }

    /** Whether this number may be a label: one of the labels of a row, where a row has several. */
    public boolean accepts(float label) {
        return switch (this) {
            case VALUE -> true;
            case POSITIVE -> label > 0;
            case COUNT, CLASS_INDEX, DISTRIBUTION -> label >= 0; // an amount, an index, a share
            case YES_OR_NO -> label == 0 || label == 1;
            case SIGNED_YES_OR_NO -> label == 0 || Math.abs(label) == 1;
            case PROBABILITY_OF_YES -> label >= 0 && label <= 1;
        };
    }

    /** Whether labels are classes or answers, so that there is an accuracy. */
    public boolean classifies() {
        return asksQuestions() || isOneOfMany();
    }

    /** Whether each output is a yes-or-no question of its own. */
    public boolean asksQuestions() {
        return this == YES_OR_NO || this == SIGNED_YES_OR_NO || this == PROBABILITY_OF_YES;
    }

    /** Whether the outputs are classes that exclude each other. */
    public boolean isOneOfMany() {
        return this == CLASS_INDEX || this == DISTRIBUTION;
    }

    /** Whether a network with this number of outputs chooses one class for a row. */
    public boolean choosesClass(int outputs) {
        return isOneOfMany() || (asksQuestions() && outputs == 1);
    }

    /**
     * Whether training may standardize labels (subtract their mean, divide by their deviation) and undo that in
     * predictions.
     */
    public boolean isScalable() {
        return this == VALUE;
    }

    /** The number of labels of a row for a network with this number of outputs. */
    public int labelCount(int outputs) {
        return this == CLASS_INDEX ? 1 : outputs;
    }

    /**
     * The number of classes of a network with this number of outputs: 2 for questions, 0 when labels are not classes.
     */
    public int classCount(int outputs) {
        return isOneOfMany() ? outputs : asksQuestions() ? 2 : 0;
    }
}
