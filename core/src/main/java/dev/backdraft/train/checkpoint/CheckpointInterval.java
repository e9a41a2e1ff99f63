package dev.backdraft.train.checkpoint;

import dev.backdraft.json.Require;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often a training writes a checkpoint.
 *
 * @param count of the unit; a whole number of epochs or steps
 */
public record CheckpointInterval(double count, Unit unit) {
    private static final Pattern TEXT = Pattern.compile("([0-9.]+)\\s*([a-z]*)");

    /** What is counted. */
    public enum Unit {
        /** Passes over the training rows. */
        EPOCHS,
        /** Updates of the parameters. */
        STEPS,
        /** Time since the last checkpoint. */
        MINUTES;

        private String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public CheckpointInterval {
        Require.positive("the interval of checkpoints", count);
        if (unit != Unit.MINUTES && count != Math.rint(count)) {
            throw new IllegalArgumentException(
                    "the interval of checkpoints must be a whole number of " + unit.text() + ", not " + count);
        }
    }

    /**
     * The interval that a text names: {@code 2} or {@code 2 epochs}, {@code 500 steps}, {@code 10 minutes}; the space
     * is optional, and the unit may be singular.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static CheckpointInterval parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            for (Unit unit : Unit.values()) {
                String name = matcher.group(2);
                boolean named =
                        name.isEmpty() ? unit == Unit.EPOCHS : unit.text().equals(name);
                if (named || unit.text().equals(name + "s")) {
                    return new CheckpointInterval(number(matcher.group(1), text), unit);
                }
            }
        }
        throw refusal(text);
    }

    private static double number(String digits, String text) {
        try {
            return Double.parseDouble(digits);
        } catch (NumberFormatException e) {
            throw refusal(text);
        }
    }

    private static IllegalArgumentException refusal(String text) {
        return new IllegalArgumentException("the interval of checkpoints is '" + text
                + "', but must be a number of epochs, steps or minutes, such as 5, '500 steps' or '10 minutes'");
    }

    /** The text that {@link #parse} reads, such as {@code 500 steps}. */
    @Override
    public String toString() {
        String number =
                count == Math.rint(count) && count < 1e15 ? Long.toString((long) count) : Double.toString(count);
        return number + " " + unit.text();
    }
}
