package dev.backdraft.examples.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One axis of a {@link Chart}: a label, linear or logarithmic, and limits.
 *
 * @param label what is measured, with its unit
 * @param log whether equal distances are equal ratios; only positive values can be shown then
 * @param min at the left or lower end; NaN: from the data
 * @param max at the right or upper end; NaN: from the data
 */
public record Axis(String label, boolean log, double min, double max) {
    private static final double MARGIN = 0.03; // of the range of the data, so that no point lies on the frame
    private static final int MOST_TICKS = 7;

    public Axis {
        if (min >= max || (log && min <= 0)) {
            throw new IllegalArgumentException("limits of the axis '" + label + "' must ascend"
                    + (log ? " from above 0" : "") + ": " + min + " … " + max);
        }
    }

    /** Equal distances are equal differences; limits from the data. */
    public static Axis linear(String label) {
        return new Axis(label, false, Double.NaN, Double.NaN);
    }

    /** Equal distances are equal ratios; limits from the data. */
    public static Axis logarithmic(String label) {
        return new Axis(label, true, Double.NaN, Double.NaN);
    }

    /** The same axis with these limits; what lies outside is cut off. */
    public Axis within(double newMin, double newMax) {
        return new Axis(label, log, newMin, newMax);
    }

    /** The same axis, limits that are missing taken from the values that it can show; read. */
    Axis fit(List<double[]> values) {
        double lowest = Double.POSITIVE_INFINITY;
        double highest = Double.NEGATIVE_INFINITY;
        for (double[] run : values) {
            for (double value : run) {
                if (shows(value)) {
                    lowest = Math.min(lowest, value);
                    highest = Math.max(highest, value);
                }
            }
        }
        if (lowest > highest) { // nothing to show
            lowest = 1;
            highest = 1;
        }
        double from = scaled(lowest);
        double to = scaled(highest);
        double margin = to > from ? MARGIN * (to - from) : 0.5;
        double low = !log && lowest == 0 ? 0 : unscaled(from - margin);
        return within(Double.isNaN(min) ? low : min, Double.isNaN(max) ? unscaled(to + margin) : max);
    }

    /** Whether the value has a place on this axis, be it outside the limits. */
    boolean shows(double value) {
        return Double.isFinite(value) && (!log || value > 0);
    }

    /** Place of a value, 0 at min and 1 at max. The limits must be known. */
    double at(double value) {
        return (scaled(value) - scaled(min)) / (scaled(max) - scaled(min));
    }

    /** Round values within the limits, ascending. The limits must be known. */
    List<Double> ticks() {
        return log && max / min >= 10 ? logarithmicTicks() : linearTicks();
    }

    private List<Double> linearTicks() {
        double rough = (max - min) / MOST_TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = 10 * power;
        for (double multiple : new double[] {5, 2, 1}) {
            if (multiple * power >= rough) {
                step = multiple * power;
            }
        }
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(min / step - 1e-9); i * step <= max + 1e-9 * step; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    private List<Double> logarithmicTicks() {
        double decades = Math.log10(max / min);
        int every = (int) Math.ceil(decades / MOST_TICKS);
        double[] multiples = decades < 2.5 ? new double[] {1, 2, 5} : new double[] {1};
        List<Double> ticks = new ArrayList<>();
        for (int power = (int) Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power++) {
            for (double multiple : multiples) {
                double value = multiple * Math.pow(10, power);
                if (power % every == 0 && at(value) > -1e-9 && at(value) < 1 + 1e-9) {
                    ticks.add(value);
                }
            }
        }
        return ticks;
    }

    /** The ticks as people write them: 5,000 or 0.25, equally many decimals each, and powers of ten where that would be long. */
    List<String> texts() {
        List<Double> ticks = ticks();
        boolean linear = ticks.size() > 1 && !log;
        double step = linear ? ticks.get(1) - ticks.get(0) : 0;
        double largest = linear ? Math.max(Math.abs(ticks.get(0)), Math.abs(ticks.get(ticks.size() - 1))) : 0;
        boolean plain = linear && step > 9.99e-5 && largest < 1e6;
        int decimals = plain ? (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) : 0;
        List<String> texts = new ArrayList<>();
        for (double tick : ticks) {
            texts.add(plain ? fixed(tick, decimals) : text(tick));
        }
        return texts;
    }

    /** A number as people write it: 5,000, 0.25, or a power of ten where that would be long; at most five decimals. */
    public static String text(double tick) {
        double size = Math.abs(tick);
        if (size == 0 || (size > 9.99e-5 && size < 1e6)) {
            return fixed(tick, 5).replaceAll("\\.?0+$", "");
        }
        String[] parts = String.format(Locale.ROOT, "%.2e", tick).split("e", 2);
        String factor = parts[0].replaceAll("\\.?0+$", "");
        String power = "10" + superscript(Integer.parseInt(parts[1]));
        return factor.equals("1") ? power : factor + "·" + power;
    }

    private static String fixed(double tick, int decimals) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", tick + 0.0).replace('-', '−'); // + 0.0: no −0
    }

    private static String superscript(int number) {
        StringBuilder text = new StringBuilder();
        for (char digit : Integer.toString(number).toCharArray()) {
            text.append(digit == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(digit - '0'));
        }
        return text.toString();
    }

    private double scaled(double value) {
        return log ? Math.log10(value) : value;
    }

    private double unscaled(double value) {
        return log ? Math.pow(10, value) : value;
    }
}
