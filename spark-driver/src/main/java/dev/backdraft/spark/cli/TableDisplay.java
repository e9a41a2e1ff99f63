package dev.backdraft.spark.cli;

import dev.backdraft.train.EpochResult;
import java.io.PrintWriter;
import java.util.Locale;

/** Shows a terminal a table of epochs, and a progress bar within an epoch that takes long. */
final class TableDisplay implements EpochDisplay {
    private static final long BAR_AFTER_NANOS = 1_000_000_000;
    private static final long BAR_EVERY_NANOS = 200_000_000;
    private static final int BAR_WIDTH = 40;
    private static final int BESIDE_BAR = 24; // epoch, brackets, percent
    private static final int ROWS_PER_HEADER = 40;
    private static final String INDENT = "  ";
    private static final String CLEAR_LINE = "\r\033[K";
    private static final String BOLD = "\033[1m";
    private static final String DIM = "\033[2m";
    private static final String PLAIN = "\033[0m";

    private final PrintWriter out;
    private final int width;
    private final int barWidth;
    private final boolean verbose;
    private boolean rateChanges;
    private EpochTable table; // null before the first epoch
    private int rows; // since the header was printed
    private boolean barShown;
    private long epochStart = System.nanoTime();
    private long lastBar = epochStart;

    /**
     * @param width of the terminal in characters
     * @param verbose whether a line under each epoch says where its time went
     */
    TableDisplay(PrintWriter out, int width, boolean verbose) {
        this.out = out;
        this.width = width;
        this.verbose = verbose;
        barWidth = Math.max(1, Math.min(BAR_WIDTH, width - BESIDE_BAR));
    }

    @Override
    public void started(boolean changes) {
        rateChanges = changes;
    }

    @Override
    public void epoch(EpochResult result, String left) {
        clear();
        if (table == null) {
            table = new EpochTable(result, width, rateChanges);
        }
        if (rows % ROWS_PER_HEADER == 0) {
            out.println(BOLD + table.header() + PLAIN);
        }
        rows++;
        out.println(table.row(result, left));
        if (verbose && result.shares() != null) {
            out.println(INDENT + result.shares());
        }
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
        int filled = (int) (done * barWidth);
        out.print(String.format(
                Locale.ROOT,
                "%s%sepoch %,d [%s%s] %3.0f %%%s",
                CLEAR_LINE,
                DIM,
                epoch,
                "#".repeat(filled),
                ".".repeat(barWidth - filled),
                100 * done,
                PLAIN));
        out.flush();
    }

    @Override
    public void clear() {
        if (barShown) {
            out.print(CLEAR_LINE);
            out.flush();
            barShown = false;
        }
    }

    @Override
    public void note(String text) {
        clear();
        out.println(text);
    }
}
