package dev.backdraft.benchmarks.compare;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The results of a run, as Markdown. */
final class Report {
    private final Samples samples;
    private final List<Workload> workloads;

    Report(Samples samples, List<Workload> workloads) {
        this.samples = samples;
        this.workloads = workloads;
    }

    /** The figures that are to be reached, then a table for each workload. */
    String markdown() {
        StringBuilder text = new StringBuilder();
        text.append("| figure | measured | required | |\n|---|---:|---:|---|\n");
        for (Requirement requirement : Requirement.all()) {
            OptionalDouble value = requirement.figure().apply(samples);
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s %s %s | %s |%n",
                    requirement.title(),
                    value.isPresent() ? number(value.getAsDouble()) + " " + requirement.unit() : "",
                    requirement.atMost() ? "at most" : "at least",
                    number(requirement.required()),
                    requirement.unit(),
                    value.isEmpty()
                            ? "not measured"
                            : requirement.isReached(value.getAsDouble()) ? "reached" : "not reached"));
        }
        for (Workload workload : workloads) {
            append(text, workload);
        }
        return text.toString();
    }

    private void append(StringBuilder text, Workload workload) {
        boolean rates = workload.unit().equals(Workload.EXAMPLES);
        text.append(String.format(Locale.ROOT, "%n**%s**: %s%n%n", workload.id(), workload.title()));
        text.append("| peer | ").append(workload.unit()).append(" | lowest | highest |");
        text.append(rates ? " ms a step |" : "").append(" notes |\n|---|---:|---:|---:|");
        text.append(rates ? "---:|" : "").append("---|\n");
        for (String figure : samples.figures(workload.id())) {
            double[] values = samples.sorted(workload.id(), figure);
            double median = samples.median(workload.id(), figure).orElseThrow();
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s |",
                    figure,
                    number(median),
                    number(values[0]),
                    number(values[values.length - 1])));
            if (rates) {
                text.append(' ')
                        .append(number(1000.0 * workload.batch() / median))
                        .append(" |");
            }
            text.append(' ').append(samples.notes(workload.id(), figure)).append(" |\n");
        }
    }

    /** Three significant digits, or all before the point. */
    static String number(double value) {
        double size = Math.abs(value);
        int decimals = size == 0 || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
