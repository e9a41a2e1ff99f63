package dev.backdraft.spark.cli;

import dev.backdraft.train.EpochResult;
import java.io.PrintWriter;
import java.util.Locale;

/** Shows a terminal a table of epochs, and a progress bar within an epoch that takes long. */
final class TableDisplay implements EpochDisplay {
    private static final long BAR_AFTER_NANOS = 1_000_000_000;
    private static final long BAR_EVERY_NANOS = 200_000_000;
    private static final int BAR_WIDTH = 40;
    private static final String INDENT = "  ";
    private static final String CLEAR_LINE = "\r\033[K";
    private static final String BOLD = "\033[1m";
    private static final String DIM = "\033[2m";
    private static final String PLAIN = "\033[0m";

    private final PrintWriter out;
    private final int width;
    private EpochTable table; // null before the first epoch
    private boolean barShown;
    private long epochStart = System.nanoTime();
    private long lastBar = epochStart;

    TableDisplay(PrintWriter out, int width) {
        this.out = out;
        this.width = width;
    }

    @Override
    public void epoch(EpochResult result, String left) {
        clearBar();
        if (table == null) {
            table = new EpochTable(result, width);
            out.println(BOLD + table.header() + PLAIN);
        }
        out.println(table.row(result, left));
        epochStart = System.nanoTime();
    }

    @Override
    public void step(int epoch, double done) {
        long now = System.nanoTime();
        if (now - epochStart < BAR_AFTER_NANOS || now - lastBar < BAR_EVERY_NANOS) {
            return;
        }
        lastBar = now;
        barShown = true;
        int filled = (int) (done * BAR_WIDTH);
        out.print(String.format(
                Locale.ROOT,
                "%s%sepoch %d [%s%s] %3.0f %%%s",
                CLEAR_LINE,
                DIM,
                epoch,
                "#".repeat(filled),
                ".".repeat(BAR_WIDTH - filled),
                100 * done,
                PLAIN));
        out.flush();
    }

    private void clearBar() {
        if (barShown) {
            out.print(CLEAR_LINE);
            barShown = false;
        }
    }

    @Override
    public void note(String text) {
        clearBar();
        out.println(wrapped(text));
    }

    /** A text in lines that fit the terminal, those after the first indented; a word that is longer stays whole. */
    private String wrapped(String text) {
        StringBuilder lines = new StringBuilder(text);
        int start = 0;
        while (lines.length() - start > width) {
            int space = lines.lastIndexOf(" ", start + width);
            if (space <= start + INDENT.length()) {
                break;
            }
            lines.replace(space, space + 1, "\n" + INDENT);
            start = space + 1;
        }
        return lines.toString();
    }
}
