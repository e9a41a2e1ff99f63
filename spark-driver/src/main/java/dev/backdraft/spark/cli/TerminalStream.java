package dev.backdraft.spark.cli;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes text to a terminal so that no line is longer than the terminal is wide: a longer line continues in the next
 * one, indented two columns more. A word that is longer than the terminal, such as a path, stays whole, so that it can
 * be copied. So do lines that are for programs: JSON, and stack traces. Thread-safe.
 */
final class TerminalStream extends FilterOutputStream {
    private static final String INDENT = "  ";
    private static final String ESCAPE = "\033"; // lines with colors are parts of tables, which fit

    private final int width;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    /** @param width of the terminal in characters */
    TerminalStream(OutputStream out, int width) {
        super(out);
        this.width = width;
    }

    @Override
    public synchronized void write(int b) throws IOException {
        if (b == '\n') {
            String text = line.toString(StandardCharsets.UTF_8);
            line.reset();
            out.write((wrapped(text, width) + "\n").getBytes(StandardCharsets.UTF_8));
        } else {
            line.write(b);
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            write(bytes[i]);
        }
    }

    /** Writes also what is not yet a line, such as a progress bar. */
    @Override
    public synchronized void flush() throws IOException {
        line.writeTo(out);
        line.reset();
        out.flush();
    }

    /** A line in parts that fit, each on a line. */
    static String wrapped(String text, int width) {
        if (length(text) <= width || text.startsWith("{") || text.startsWith("\t") || text.contains(ESCAPE)) {
            return text;
        }
        String indent = " ".repeat(leadingBlanks(text)) + INDENT;
        StringBuilder lines = new StringBuilder();
        String rest = text;
        int first = leadingBlanks(text); // a break must be after the first word
        while (length(rest) > width) {
            int space = rest.lastIndexOf(' ', rest.offsetByCodePoints(0, width));
            if (space <= first) {
                space = rest.indexOf(' ', first);
            }
            if (space < 0 || space == rest.length() - 1) {
                break;
            }
            lines.append(rest, 0, space).append('\n');
            rest = indent + rest.substring(space + 1).stripLeading();
            first = indent.length();
        }
        return lines.append(rest).toString();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static int leadingBlanks(String text) {
        return text.length() - text.stripLeading().length();
    }
}
