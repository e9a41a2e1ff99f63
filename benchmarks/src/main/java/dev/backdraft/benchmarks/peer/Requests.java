package dev.backdraft.benchmarks.peer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The conversation of a peer with the comparison. A request is a line {@code measure WARMUP SECONDS}; the answer is one line of
 * JSON, {@code {"figures": {name: number, …}, "notes": {name: text, …}}}. The end of input ends the peer.
 */
public final class Requests {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BufferedReader in;
    private final PrintStream out;

    public Requests(InputStream in, PrintStream out) {
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        this.out = out;
    }

    /** Of this process. */
    public static Requests standard() {
        return new Requests(System.in, System.out);
    }

    /**
     * What is asked for.
     *
     * @param number of the request, counted from 1
     * @param warmupSeconds to run before the stop-watch starts
     * @param seconds to measure for, about
     */
    public record Request(int number, double warmupSeconds, double seconds) {}

    private int number;

    /** Waits for the next request; null when there will be none. */
    public Request next() {
        try {
            String line = in.readLine();
            if (line == null || line.isBlank()) {
                return null;
            }
            String[] words = line.strip().split(" ", -1);
            if (words.length != 3 || !words[0].equals("measure")) {
                throw new IllegalArgumentException("expected 'measure WARMUP SECONDS', not '" + line + "'");
            }
            return new Request(++number, Double.parseDouble(words[1]), Double.parseDouble(words[2]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers the last request. */
    public void answer(Map<String, Double> figures, Map<String, String> notes) {
        ObjectNode line = JSON.createObjectNode();
        ObjectNode numbers = line.putObject("figures");
        figures.forEach(numbers::put);
        ObjectNode texts = line.putObject("notes");
        notes.forEach(texts::put);
        out.println(line);
        out.flush();
    }
}
