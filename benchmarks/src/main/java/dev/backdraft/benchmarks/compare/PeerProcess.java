package dev.backdraft.benchmarks.compare;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** A running peer. It waits for requests; between them it uses no processor time worth speaking of. */
public final class PeerProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String END = "";
    private static final int SECONDS_TO_END = 10;

    private final Process process;
    private final Writer requests;
    private final BlockingQueue<String> answers = new ArrayBlockingQueue<>(16);
    private final File log;

    /**
     * Starts a peer.
     *
     * @param log takes what it writes to its standard error
     */
    public PeerProcess(PeerCommand command, File log) throws IOException {
        String sparkHome = command.environment().get("SPARK_HOME");
        if (sparkHome != null) {
            Files.createDirectories(Path.of(sparkHome, "jars"));
        }
        ProcessBuilder builder = new ProcessBuilder(command.words());
        builder.environment().putAll(command.environment());
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log));
        this.log = log;
        process = builder.start();
        requests = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "peer-answers");
        reader.setDaemon(true);
        reader.start();
    }

    /** Answers are the lines that are JSON objects; libraries may print others. */
    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("{\"figures\"")) {
                    answers.add(line);
                }
            }
        } catch (IOException e) {
            // the process is gone: that is said below
        }
        answers.add(END);
    }

    /**
     * Asks for a measurement.
     *
     * @param timeoutSeconds after which the peer is killed
     * @throws IOException when there is no answer
     */
    public PeerAnswer measure(double warmupSeconds, double seconds, long timeoutSeconds)
            throws IOException, InterruptedException {
        requests.write("measure " + warmupSeconds + " " + seconds + "\n");
        requests.flush();
        String line = answers.poll(timeoutSeconds, TimeUnit.SECONDS);
        if (line == null) {
            throw new IOException("no answer within " + timeoutSeconds + " s; see " + log);
        }
        if (line.equals(END)) {
            throw new IOException("the process ended; see " + log);
        }
        return JSON.readValue(line, PeerAnswer.class);
    }

    /** Ends the process and its children, in peace if it goes. */
    @Override
    public void close() {
        try {
            requests.close();
        } catch (IOException e) {
            // it has ended already
        }
        try {
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
