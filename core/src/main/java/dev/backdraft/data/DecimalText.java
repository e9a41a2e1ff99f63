package dev.backdraft.data;

/**
 * Decimal numbers as data files write them: {@code [+-] digits [. digits] [e [+-] digits]}, blanks around allowed. Rounded
 * correctly, to the same bits as {@link Double#parseDouble}, whose other forms ("1f", "0x1p3", "NaN", "Infinity") are not
 * accepted.
 *
 * <p>Up to 15 digits with a small exponent take no {@code String} and no big arithmetic: w and 10^|e| are exact in double for
 * w ≤ 2^53 and |e| ≤ 22, so w · 10^e is rounded once (Clinger 1990, "How to read floating point numbers accurately").
 */
public final class DecimalText {
    private static final long EXACT_INTEGER = 1L << 53;
    private static final int MOST_DIGITS = 18; // fit a long
    private static final int EXPONENT_LIMIT = 100_000; // far beyond double, far below overflow of int
    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    private DecimalText() {}

    /** The number in {@code text[from … to)}: infinite when it is beyond double, NaN when it is no decimal number. */
    public static double parse(char[] text, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && text[start] <= ' ') {
            start++;
        }
        while (start < end && text[end - 1] <= ' ') {
            end--;
        }
        boolean negative = start < end && text[start] == '-';
        int at = negative || (start < end && text[start] == '+') ? start + 1 : start;

        long w = 0; // all digits as one integer
        int digits = 0;
        int significant = 0; // digits of w without leading zeros
        int point = -1; // number of digits before the point
        for (; at < end; at++) {
            int digit = text[at] - '0';
            if (digit >= 0 && digit <= 9) {
                w = significant < MOST_DIGITS ? 10 * w + digit : w;
                significant += w == 0 ? 0 : 1;
                digits++;
            } else if (text[at] == '.' && point < 0) {
                point = digits;
            } else {
                break;
            }
        }
        int exponent = at < end ? exponent(text, at, end) : 0;
        if (digits == 0 || exponent == Integer.MIN_VALUE) {
            return Double.NaN;
        }
        exponent -= point < 0 ? 0 : digits - point;
        if (significant > MOST_DIGITS || w > EXACT_INTEGER || Math.abs(exponent) >= POWERS_OF_TEN.length) {
            return Double.parseDouble(new String(text, start, end - start));
        }
        double value = exponent < 0 ? w / POWERS_OF_TEN[-exponent] : w * POWERS_OF_TEN[exponent];
        return negative ? -value : value;
    }

    /** See {@link #parse(char[], int, int)}. */
    public static double parse(String text) {
        return parse(text.toCharArray(), 0, text.length());
    }

    /** Why a parsed number cannot be a value of a row, as the rest of a message that names it; null when it can. */
    public static String fault(double number) {
        boolean beyondDouble = Double.isInfinite(number); // "Infinity" itself is no decimal number
        return RowCheck.fault(beyondDouble ? Double.MAX_VALUE : number);
    }

    /** The exponent that starts with the letter at {@code from}, clamped; {@link Integer#MIN_VALUE} when it is none. */
    private static int exponent(char[] text, int from, int end) {
        int at = from + 1;
        boolean negative = at < end && text[at] == '-';
        if (at < end && (negative || text[at] == '+')) {
            at++;
        }
        if ((text[from] != 'e' && text[from] != 'E') || at == end) {
            return Integer.MIN_VALUE;
        }
        int e = 0;
        for (; at < end; at++) {
            int digit = text[at] - '0';
            if (digit < 0 || digit > 9) {
                return Integer.MIN_VALUE;
            }
            e = Math.min(10 * e + digit, EXPONENT_LIMIT);
        }
        return negative ? -e : e;
    }
}
