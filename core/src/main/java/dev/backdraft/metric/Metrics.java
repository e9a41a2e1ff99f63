package dev.backdraft.metric;

import dev.backdraft.json.Catalog;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All metrics by name: the one list that the command line, early stopping and the tests share. */
public final class Metrics {
    private static final Pattern TOP = Pattern.compile("top-([1-9][0-9]{0,8})-accuracy");

    /** The list, users' own metrics included; of the top-k accuracies, that for k = 5. */
    public static final Catalog<Metric> CATALOG =
            Catalog.withoutSettings(Metric.class, "metric", Metric::label, standard());

    private Metrics() {}

    private static List<Metric> standard() {
        List<Metric> all = new ArrayList<>(List.of(StandardMetric.values()));
        all.add(1 + all.indexOf(StandardMetric.ACCURACY), new TopAccuracy(5));
        return all;
    }

    /** The standard metrics, followed by those of users. */
    public static List<Metric> all() {
        return CATALOG.all();
    }

    /**
     * The metric of this name; {@code top-k-accuracy} with any number for k.
     *
     * @throws IllegalArgumentException naming those that exist
     */
    public static Metric named(String name) {
        Matcher top = TOP.matcher(name);
        return top.matches() ? new TopAccuracy(Integer.parseInt(top.group(1))) : CATALOG.named(name);
    }
}
