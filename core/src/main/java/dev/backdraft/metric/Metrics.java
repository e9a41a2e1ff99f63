package dev.backdraft.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** All metrics by name: the one list that the command line, early stopping and the tests share. */
public final class Metrics {
    private static final Pattern TOP = Pattern.compile("top-([1-9][0-9]{0,8})-accuracy");
    private static final List<Metric> ALL = withUsers();

    private Metrics() {}

    private static List<Metric> withUsers() {
        List<Metric> all = new ArrayList<>(List.of(StandardMetric.values()));
        all.add(1 + all.indexOf(StandardMetric.ACCURACY), new TopAccuracy(5));
        for (Metric own : ServiceLoader.load(Metric.class, Metrics.class.getClassLoader())) {
            for (Metric other : all) {
                if (other.label().equals(own.label())) {
                    throw new IllegalStateException("two of the name '" + own.label() + "': "
                            + other.getClass().getName() + " and "
                            + own.getClass().getName());
                }
            }
            all.add(own);
        }
        return List.copyOf(all);
    }

    /** The standard metrics, followed by those of users; of the top-k accuracies, that for k = 5. */
    public static List<Metric> all() {
        return ALL;
    }

    /**
     * The metric of this name; {@code top-k-accuracy} with any number for k.
     *
     * @throws IllegalArgumentException naming those that exist
     */
    public static Metric named(String name) {
        Matcher top = TOP.matcher(name);
        if (top.matches()) {
            return new TopAccuracy(Integer.parseInt(top.group(1)));
        }
        return ALL.stream()
                .filter(metric -> metric.label().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown metric '" + name + "': use "
                        + ALL.stream().map(Metric::label).collect(Collectors.joining(", "))));
    }
}
