package dev.backdraft.train;

import dev.backdraft.model.TensorFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The figures of epochs in a checkpoint; without where the time went. */
final class EpochFigures {
    private static final int USUAL = 7;
    private static final String METRICS = ".metrics";
    private static final String HISTORY = "history";

    private EpochFigures() {}

    static void save(EpochResult result, String key, TensorFile file) {
        file.put(key, numbers(result));
        file.put(key + METRICS, String.join(",", result.metrics().keySet()));
    }

    private static double[] numbers(EpochResult result) {
        double[] numbers = new double[USUAL + result.metrics().size()];
        numbers[0] = result.epoch();
        numbers[1] = result.loss();
        numbers[2] = result.accuracy();
        numbers[3] = result.validationLoss();
        numbers[4] = result.validationAccuracy();
        numbers[5] = result.learningRate();
        numbers[6] = result.rows();
        int next = USUAL;
        for (double value : result.metrics().values()) {
            numbers[next++] = value;
        }
        return numbers;
    }

    /** The figures under a key; null when there are none, as before the first epoch. */
    static EpochResult restore(int epochs, String key, TensorFile file) {
        if (!file.has(key + METRICS)) {
            return null;
        }
        List<String> names = names(key, file);
        return result(epochs, file.doubles(key, USUAL + names.size()), names);
    }

    private static List<String> names(String key, TensorFile file) {
        String text = file.text(key + METRICS);
        return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
    }

    private static EpochResult result(int epochs, double[] numbers, List<String> names) {
        checkCount(numbers[0], Integer.MAX_VALUE);
        checkCount(numbers[6], Long.MAX_VALUE);
        SortedMap<String, Double> metrics = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
            metrics.put(names.get(i), numbers[USUAL + i]);
        }
        return new EpochResult(
                (int) numbers[0],
                epochs,
                numbers[1],
                numbers[2],
                numbers[3],
                numbers[4],
                numbers[5],
                metrics,
                (long) numbers[6],
                Double.NaN,
                null);
    }

    /** Saves those of all epochs as one vector. */
    static void saveAll(List<EpochResult> epochs, TensorFile file) {
        if (epochs.isEmpty()) {
            return;
        }
        Set<String> names = epochs.get(0).metrics().keySet();
        int width = USUAL + names.size();
        double[] all = new double[epochs.size() * width];
        for (int i = 0; i < epochs.size(); i++) {
            System.arraycopy(numbers(epochs.get(i)), 0, all, i * width, width);
        }
        file.put(HISTORY, all);
        file.put(HISTORY + METRICS, String.join(",", names));
    }

    /**
     * Those of all epochs.
     *
     * @param done number of epochs
     */
    static List<EpochResult> restoreAll(int epochs, int done, TensorFile file) {
        if (!file.has(HISTORY + METRICS)) {
            if (done > 0) {
                throw new IllegalArgumentException("it has no figures of its epochs: an earlier version wrote it");
            }
            return List.of();
        }
        List<String> names = names(HISTORY, file);
        int width = USUAL + names.size();
        if (done > Integer.MAX_VALUE / width) {
            throw new IllegalArgumentException("it has too many epochs: " + done);
        }
        double[] all = file.doubles(HISTORY, done * width);
        List<EpochResult> history = new ArrayList<>();
        for (int i = 0; i < done; i++) {
            EpochResult result = result(epochs, Arrays.copyOfRange(all, i * width, (i + 1) * width), names);
            if (result.epoch() != i + 1) {
                throw new IllegalArgumentException(
                        "the figures of its epoch " + (i + 1) + " are those of epoch " + result.epoch());
            }
            history.add(result);
        }
        return history;
    }

    private static void checkCount(double count, double most) {
        if (!(count >= 0 && count <= most && count == Math.rint(count))) {
            throw new IllegalArgumentException("its figures count " + count + " epochs or rows");
        }
    }
}
