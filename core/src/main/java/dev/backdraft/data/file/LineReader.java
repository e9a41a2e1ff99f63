package dev.backdraft.data.file;

import dev.backdraft.data.DataException;
import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;

/** Lines of a text, as {@link java.io.BufferedReader} has them, none longer than memory bears. Not thread-safe. */
final class LineReader implements Closeable {
    private static final int LONGEST = 16 << 20; // characters, as of a cell of a CSV file

    private final Reader in;
    private final String file;
    private final char[] buffer = new char[1 << 14];
    private final StringBuilder line = new StringBuilder();
    private int at;
    private int end;
    private long lines;
    private boolean skipsLineFeed; // a carriage return ended the last line

    /** @param file its name, for messages */
    LineReader(Reader in, String file) {
        this.in = in;
        this.file = file;
    }

    /**
     * The next line without its end; null at the end of the text.
     *
     * @throws DataException when it is too long
     */
    String next() throws IOException {
        line.setLength(0);
        boolean any = false;
        while (at < end || fill()) {
            if (skipsLineFeed) {
                skipsLineFeed = false;
                if (buffer[at] == '\n') {
                    at++;
                    continue;
                }
            }
            any = true;
            int start = at;
            while (at < end && buffer[at] != '\n' && buffer[at] != '\r') {
                at++;
            }
            line.append(buffer, start, at - start);
            if (line.length() > LONGEST) {
                throw new DataException(
                        "%s line %d: is longer than 16 million characters: check the ends of its lines",
                        file, lines + 1);
            }
            if (at < end) {
                skipsLineFeed = buffer[at++] == '\r';
                lines++;
                return line.toString();
            }
        }
        lines++;
        return any ? line.toString() : null;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(buffer, 0, buffer.length));
        return end > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
