package dev.backdraft.benchmarks.tables;

import dev.backdraft.benchmarks.compare.PeerAnswer;
import dev.backdraft.benchmarks.compare.PeerProcess;
import dev.backdraft.benchmarks.compare.PythonPeers;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * scikit-learn's HistGradientBoosting, in a process of its own: with its defaults, or with at most 300 rounds that stop
 * early on a fifth of the training rows.
 *
 * @param directory of the tables
 */
record HistGradientBoosting(String name, Path directory, PythonPeers python, boolean stopsEarly) implements Method {
    private static final long MOST_SECONDS = 3600;

    @Override
    public String absence(Table table) {
        return python.absence("sklearn");
    }

    @Override
    public Score run(Table table, long seed) throws IOException, InterruptedException {
        File log = File.createTempFile("sklearn-tables", ".log");
        List<String> arguments = List.of(
                directory.toString(), table.name(), Long.toString(seed), stopsEarly ? "early-stopped" : "defaults");
        int cores = Runtime.getRuntime().availableProcessors();
        PeerAnswer answer;
        try (PeerProcess process = new PeerProcess(python.command("sklearn_tables.py", cores, arguments), log)) {
            answer = process.measure(0, 0, MOST_SECONDS);
        }
        log.delete();
        Map<String, Double> figures = answer.figures();
        return new Score(
                figures.get("loss"), figures.get("further"), figures.get("fitSeconds"), figures.get("rowsPerSecond"));
    }
}
