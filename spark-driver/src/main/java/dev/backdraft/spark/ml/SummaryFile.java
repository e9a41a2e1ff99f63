package dev.backdraft.spark.ml;

import dev.backdraft.train.EpochResult;
import dev.backdraft.train.StepTimes;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A training summary in a file on the driver's own disk, where a Spark Connect server keeps it beside a fitted model. The server
 * that wrote the file reads it, and deletes it with its session; no other file format has to stay readable.
 */
final class SummaryFile {
    private SummaryFile() {}

    static void write(NeuralNetworkTrainingSummary summary, Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
                out.writeInt(summary.bestEpoch());
                out.writeUTF(summary.endReason());
                out.writeLong(summary.skippedUpdates());
                out.writeInt(summary.rollbacks());
                out.writeInt(summary.epochs().size());
                for (EpochResult epoch : summary.epochs()) {
                    write(epoch, out);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a training summary to " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads a summary.
     *
     * @param model whose summary it is
     * @throws IllegalStateException when there is no such file
     */
    static NeuralNetworkTrainingSummary read(Path file, Class<?> model) {
        if (!Files.exists(file)) {
            throw new IllegalStateException("No training summary available for this " + model.getSimpleName()
                    + ": a summary comes from fit, and is not saved with a model");
        }
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            int bestEpoch = in.readInt();
            String endReason = in.readUTF();
            long skippedUpdates = in.readLong();
            int rollbacks = in.readInt();
            int count = in.readInt();
            List<EpochResult> epochs = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                epochs.add(readEpoch(in));
            }
            return new NeuralNetworkTrainingSummary(epochs, bestEpoch, endReason, skippedUpdates, rollbacks);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read a training summary from " + file + ": " + e.getMessage(), e);
        }
    }

    private static void write(EpochResult epoch, DataOutputStream out) throws IOException {
        out.writeInt(epoch.epoch());
        out.writeInt(epoch.epochs());
        out.writeDouble(epoch.loss());
        out.writeDouble(epoch.accuracy());
        out.writeDouble(epoch.validationLoss());
        out.writeDouble(epoch.validationAccuracy());
        out.writeDouble(epoch.learningRate());
        out.writeInt(epoch.metrics().size());
        for (Map.Entry<String, Double> metric : epoch.metrics().entrySet()) {
            out.writeUTF(metric.getKey());
            out.writeDouble(metric.getValue());
        }
        out.writeLong(epoch.rows());
        out.writeDouble(epoch.seconds());
        out.writeBoolean(epoch.times() != null);
        if (epoch.times() != null) {
            write(epoch.times(), out);
        }
    }

    private static EpochResult readEpoch(DataInputStream in) throws IOException {
        return new EpochResult(
                in.readInt(),
                in.readInt(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                readMetrics(in),
                in.readLong(),
                in.readDouble(),
                in.readBoolean() ? readTimes(in) : null);
    }

    private static SortedMap<String, Double> readMetrics(DataInputStream in) throws IOException {
        SortedMap<String, Double> metrics = new TreeMap<>();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            metrics.put(in.readUTF(), in.readDouble());
        }
        return metrics;
    }

    private static void write(StepTimes times, DataOutputStream out) throws IOException {
        out.writeLong(times.steps());
        out.writeLong(times.computeNanos());
        out.writeLong(times.combineNanos());
        out.writeLong(times.publishNanos());
        out.writeLong(times.waitNanos());
        out.writeLong(times.bytesSent());
        out.writeLong(times.bytesReceived());
    }

    private static StepTimes readTimes(DataInputStream in) throws IOException {
        return new StepTimes(
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong());
    }
}
