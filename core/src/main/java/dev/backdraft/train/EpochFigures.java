package dev.backdraft.train;

import dev.backdraft.model.TensorFile;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The figures of an {@link EpochResult} in a checkpoint; where the time went is left out. */
final class EpochFigures {
    private static final int USUAL = 7;

    private EpochFigures() {}

    static void save(EpochResult result, String key, TensorFile file) {
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
        file.put(key, numbers);
        file.put(key + ".metrics", String.join(",", result.metrics().keySet()));
    }

    /** The figures under a key; null when there are none, as before the first epoch. */
    static EpochResult restore(int epochs, String key, TensorFile file) {
        if (!file.has(key + ".metrics")) {
            return null;
        }
        String text = file.text(key + ".metrics");
        List<String> names = text.isEmpty() ? List.of() : List.of(text.split(",", -1));
        double[] numbers = file.doubles(key, USUAL + names.size());
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

    private static void checkCount(double count, double most) {
        if (!(count >= 0 && count <= most && count == Math.rint(count))) {
            throw new IllegalArgumentException("its figures count " + count + " epochs or rows");
        }
    }
}
