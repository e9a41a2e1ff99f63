package dev.backdraft.benchmarks.compare;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** All that was measured, in the order in which it was. Mutable. */
final class Samples {
    /**
     * One measurement.
     *
     * @param figure the name of what was measured: mostly the peer's
     * @param notes what the peer said of itself; without commas
     */
    record Sample(String workload, int repeat, String figure, double value, String notes) {
        private List<String> cells() {
            return List.of(workload, Integer.toString(repeat), figure, Double.toString(value), notes);
        }

        private static Sample of(NamedCsvRecord cells) {
            return new Sample(
                    cells.getField("workload"),
                    Integer.parseInt(cells.getField("repeat")),
                    cells.getField("figure"),
                    Double.parseDouble(cells.getField("value")),
                    cells.getField("notes"));
        }
    }

    private final List<Sample> samples = new ArrayList<>();

    void add(Workload workload, int repeat, PeerAnswer answer) {
        List<String> texts = new ArrayList<>();
        answer.notes().forEach((name, value) -> texts.add((name + " " + value).replace(',', ';')));
        String notes = String.join("; ", texts);
        answer.figures()
                .forEach((figure, value) ->
                        samples.add(new Sample(workload.id(), repeat, figure.replace(',', ';'), value, notes)));
    }

    /**
     * Adds those of an earlier run.
     *
     * @param csv as {@link #csv} wrote it
     * @throws IllegalArgumentException when both have samples of one workload: peers are compared within one run only
     */
    void addCsv(String csv) {
        List<Sample> read = CsvReader.builder().ofNamedCsvRecord(csv).stream()
                .map(Sample::of)
                .toList();
        for (Sample sample : read) {
            if (!figures(sample.workload()).isEmpty()) {
                throw new IllegalArgumentException(sample.workload() + " is in two runs; they cannot be joined");
            }
        }
        samples.addAll(read);
    }

    /** Every sample, one a line, below a line of names. */
    String csv() {
        StringWriter text = new StringWriter();
        CsvWriter csv = CsvWriter.builder()
                .lineDelimiter(LineDelimiter.LF)
                .bufferSize(0)
                .build(text);
        csv.writeRecord("workload", "repeat", "figure", "value", "notes");
        samples.forEach(sample -> csv.writeRecord(sample.cells()));
        return text.toString();
    }

    /** What was said along with a figure's last sample; empty when there is none. */
    String notes(String workload, String figure) {
        return samples.stream()
                .filter(sample ->
                        sample.workload().equals(workload) && sample.figure().equals(figure))
                .map(Sample::notes)
                .reduce("", (earlier, later) -> later);
    }

    /** The names of what was measured at a workload, in order. */
    List<String> figures(String workload) {
        return samples.stream()
                .filter(sample -> sample.workload().equals(workload))
                .map(Sample::figure)
                .distinct()
                .toList();
    }

    /** The values of a figure, ascending. */
    double[] sorted(String workload, String figure) {
        return samples.stream()
                .filter(sample ->
                        sample.workload().equals(workload) && sample.figure().equals(figure))
                .mapToDouble(Sample::value)
                .sorted()
                .toArray();
    }

    /** The median of a figure; of two middle values their mean. */
    OptionalDouble median(String workload, String figure) {
        double[] values = sorted(workload, figure);
        return values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(middle(values));
    }

    private static double middle(double[] sorted) {
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** The largest of the medians that there are of these figures. */
    OptionalDouble best(String workload, String... figures) {
        return Arrays.stream(figures)
                .map(figure -> median(workload, figure))
                .flatMapToDouble(OptionalDouble::stream)
                .max();
    }
}
