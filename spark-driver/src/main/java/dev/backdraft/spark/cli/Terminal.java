package dev.backdraft.spark.cli;

import java.io.OutputStream;

/**
 * The terminal that a command writes to, as the launcher describes it in system properties. Without them, output goes
 * to a file or another program: lines are not wrapped then, and there are no tables.
 */
final class Terminal {
    /**
     * The columns of standard output when it is a terminal whose cursor can be moved, so that a table and a bar are
     * possible.
     */
    static final String TABLE = "backdraft.terminal";

    /** The columns of standard output when it is any terminal. */
    static final String OUT = "backdraft.width.out";

    /** The columns of standard error when it is any terminal. */
    static final String ERR = "backdraft.width.err";

    /** The columns of help that does not go to a terminal. */
    static final int PIPED_HELP = 80;

    private static final int NARROWEST_HELP = 60; // the narrowest that picocli formats
    private static final int WIDEST_HELP = 110; // longer lines are hard to read

    private Terminal() {}

    /** Columns for a table; 0 when none is possible. */
    static int tableWidth() {
        return columns(TABLE);
    }

    /** Columns of standard output, 0 when it is no terminal. */
    static int width() {
        return columns(OUT);
    }

    /** Columns for the help of a command. */
    static int helpWidth() {
        return width() == 0 ? PIPED_HELP : Math.max(NARROWEST_HELP, Math.min(WIDEST_HELP, width()));
    }

    /** A stream that wraps lines where they go to a terminal. */
    static OutputStream wrap(OutputStream out, String property) {
        int columns = columns(property);
        return columns == 0 ? out : new TerminalStream(out, columns);
    }

    private static int columns(String property) {
        return Math.max(0, Integer.getInteger(property, 0));
    }
}
