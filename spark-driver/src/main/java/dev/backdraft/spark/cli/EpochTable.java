package dev.backdraft.spark.cli;

import dev.backdraft.train.EpochResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The table of epochs that a terminal shows: a header, then a row for each epoch, in columns that line up. The columns are chosen
 * once, from the first epoch's result, so that the table is no wider than the terminal; what does not fit is in {@code
 * history.csv}.
 */
final class EpochTable {
    private static final String GAP = "  ";

    private final List<Column> columns = new ArrayList<>();
    private final int width;
    private int used;

    /** A column by its name in the header; its cells are at most this wide. */
    private record Column(String name, int cells) {
        int width() {
            return Math.max(name.length(), cells);
        }
    }

    /**
     * Chooses the columns.
     *
     * @param first result, which tells what is measured
     * @param width of the terminal in characters
     * @param rateChanges whether the learning rate is not the same in all epochs
     */
    EpochTable(EpochResult first, int width, boolean rateChanges) {
        this.width = width;
        boolean validated = !Double.isNaN(first.validationLoss());
        boolean classifies = !Double.isNaN(first.accuracy());
        add("epoch", 2 * count(first.epochs()).length() + 1);
        add("loss", 8);
        if (validated) {
            add("validation loss", 8);
        }
        if (classifies) {
            add(validated ? "validation accuracy" : "accuracy", 6);
        }
        add("rows/s", 10);
        add("left", 7);
        if (classifies && validated) {
            add("accuracy", 6);
        }
        for (String metric : first.furtherMetrics().keySet()) {
            add(metric, 8);
        }
        if (rateChanges) {
            add("learning rate", 10);
        }
    }

    private void add(String name, int cells) {
        Column column = new Column(name, cells);
        int more = column.width() + (columns.isEmpty() ? 0 : GAP.length());
        if (used + more <= width || columns.size() < 2) { // an epoch and its loss are always shown
            columns.add(column);
            used += more;
        }
    }

    /** The names of the columns. */
    String header() {
        List<String> names = new ArrayList<>();
        columns.forEach(column -> names.add(column.name()));
        return line(names);
    }

    /**
     * One epoch.
     *
     * @param left time until the last epoch, for a person
     */
    String row(EpochResult result, String left) {
        Map<String, Double> metrics = result.metrics();
        List<String> cells = new ArrayList<>();
        for (Column column : columns) {
            cells.add(
                    switch (column.name()) {
                        case "epoch" -> count(result.epoch()) + "/" + count(result.epochs());
                        case "loss" -> number(result.loss());
                        case "validation loss" -> number(result.validationLoss());
                        case "validation accuracy" -> number(result.validationAccuracy());
                        case "accuracy" -> number(result.accuracy());
                        case "rows/s" -> String.format(Locale.ROOT, "%,.0f", result.rowsPerSecond());
                        case "left" -> left;
                        case "learning rate" -> String.format(Locale.ROOT, "%.4g", result.learningRate());
                        default -> number(metrics.getOrDefault(column.name(), Double.NaN));
                    });
        }
        return line(cells);
    }

    private static String count(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            line.append(i == 0 ? "" : GAP)
                    .append(" ".repeat(Math.max(0, columns.get(i).width() - cell.length())))
                    .append(cell);
        }
        return line.toString();
    }

    /** Four digits after the point where they say something, else three significant ones. */
    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size != 0 && (size < 1e-3 || size >= 1e4) ? "%.2e" : "%.4f", value);
    }
}
