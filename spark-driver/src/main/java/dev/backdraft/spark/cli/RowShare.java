package dev.backdraft.spark.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a share of the rows, such as {@code 0.2} or {@code 20%}, for an option that also takes a file. */
final class RowShare {
    private static final Pattern SHARE = Pattern.compile("([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)\\s*(%?)");

    private RowShare() {}

    /**
     * The share that a text is; empty when it is not a number, but the name of a file.
     *
     * @param option that the text was given for
     * @throws UsageException when the number is not above 0 and below 1
     */
    static OptionalDouble parse(String option, String text) {
        Matcher number = SHARE.matcher(text);
        if (!number.matches()) {
            return OptionalDouble.empty();
        }
        double share = new BigDecimal(number.group(1))
                .scaleByPowerOfTen(number.group(2).isEmpty() ? 0 : -2)
                .doubleValue();
        if (!(share > 0 && share < 1)) {
            throw new UsageException(option + ": '" + text
                    + "' is not a share of the rows, which is above 0 and below 1, as in 0.2 or 20%");
        }
        return OptionalDouble.of(share);
    }

    /** A share for people, as in {@code 20%}. */
    static String percent(double share) {
        return BigDecimal.valueOf(100 * share)
                        .round(new MathContext(3))
                        .stripTrailingZeros()
                        .toPlainString()
                + "%";
    }
}
