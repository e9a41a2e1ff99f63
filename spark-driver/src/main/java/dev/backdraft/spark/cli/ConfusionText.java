package dev.backdraft.spark.cli;

import dev.backdraft.metric.ConfusionMatrix;
import dev.backdraft.model.Model;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints a confusion matrix: on a terminal, columns that do not fit follow in a further block. */
final class ConfusionText {
    private static final int LONGEST_NAME = 20; // on a terminal

    private final Model model;
    private final ConfusionMatrix confusion;
    private final int width; // of the terminal, 0 for none
    private final int cell;

    private ConfusionText(Model model, ConfusionMatrix confusion, int width) {
        this.model = model;
        this.confusion = confusion;
        this.width = width;
        int widest = 5;
        for (int k = 0; k < confusion.classes(); k++) {
            widest = Math.max(widest, name(k).length());
            for (int predicted = 0; predicted < confusion.classes(); predicted++) {
                widest = Math.max(widest, count(k, predicted).length());
            }
        }
        cell = widest + 2;
    }

    /** @param width of the terminal; 0 for none */
    static void print(Model model, ConfusionMatrix confusion, PrintWriter out, int width) {
        new ConfusionText(model, confusion, width).print(out);
    }

    private void print(PrintWriter out) {
        int classes = confusion.classes();
        int columns = width == 0 ? classes : Math.max(1, width / cell - 1);
        out.println("confusion matrix (rows: true class, columns: predicted class):");
        for (int from = 0; from < classes; from += columns) {
            int to = Math.min(classes, from + columns);
            StringBuilder header = new StringBuilder(padded(""));
            for (int k = from; k < to; k++) {
                header.append(padded(name(k)));
            }
            out.println(header);
            for (int k = 0; k < classes; k++) {
                StringBuilder row = new StringBuilder(padded(name(k)));
                for (int predicted = from; predicted < to; predicted++) {
                    row.append(padded(count(k, predicted)));
                }
                out.println(row);
            }
        }
    }

    private String padded(String text) {
        return String.format(Locale.ROOT, "%" + cell + "s", text);
    }

    private String name(int index) {
        String name = model.className(index);
        return width == 0 || name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "…";
    }

    private String count(int trueClass, int predictedClass) {
        return Long.toString(Math.round(confusion.weight(trueClass, predictedClass)));
    }
}
