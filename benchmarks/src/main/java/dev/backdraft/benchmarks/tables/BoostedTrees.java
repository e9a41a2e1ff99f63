package dev.backdraft.benchmarks.tables;

import dev.backdraft.data.Example;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/**
 * XGBoost, with its defaults and 100 rounds; or with a rate of 0.1 and as many rounds as early stopping on a fifth of
 * the training rows finds, at most 1,000, and then on all of them.
 */
record BoostedTrees(String name, boolean stopsEarly) implements Method {
    private static final int DEFAULT_ROUNDS = 100;
    private static final int MOST_ROUNDS = 1000;
    private static final int PATIENCE = 50;
    private static final double LEAST = 1e-12; // of a probability, so that its logarithm is finite

    @Override
    public Score run(Table table, long seed) {
        try {
            return fit(table, seed);
        } catch (XGBoostError e) {
            throw new IllegalStateException(e);
        }
    }

    private Score fit(Table table, long seed) throws XGBoostError {
        long start = System.nanoTime();
        TreeFeatures features = TreeFeatures.of(table);
        Map<String, Integer> classes = classes(table);
        List<Example> rows = table.train().rows();
        Map<String, Object> settings = settings(classes.size(), seed);
        int rounds = stopsEarly ? rounds(table, features, classes, settings, seed) : DEFAULT_ROUNDS;
        Booster booster = XGBoost.train(matrix(rows, features, classes), settings, rounds, Map.of(), null, null);
        double fitSeconds = (System.nanoTime() - start) / 1e9;
        start = System.nanoTime();
        float[][] answers = booster.predict(matrix(table.test().rows(), features, classes));
        double seconds = (System.nanoTime() - start) / 1e9;
        double[] sums = sums(table.test().rows(), answers, classes);
        int count = answers.length;
        double loss = table.classifies() ? sums[0] / count : Math.sqrt(sums[0] / count);
        return new Score(loss, sums[1] / count, fitSeconds, count / seconds);
    }

    private Map<String, Object> settings(int classes, long seed) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("tree_method", "hist");
        settings.put("verbose_eval", 0); // else a line each round
        settings.put("seed", seed);
        settings.put("nthread", Runtime.getRuntime().availableProcessors());
        if (stopsEarly) {
            settings.put("eta", 0.1);
        }
        if (classes == 0) {
            settings.put("objective", "reg:squarederror");
            settings.put("eval_metric", "rmse");
        } else if (classes == 2) {
            settings.put("objective", "binary:logistic");
            settings.put("eval_metric", "logloss");
        } else {
            settings.put("objective", "multi:softprob");
            settings.put("num_class", classes);
            settings.put("eval_metric", "mlogloss");
        }
        return settings;
    }

    private static int rounds(
            Table table, TreeFeatures features, Map<String, Integer> classes, Map<String, Object> settings, long seed)
            throws XGBoostError {
        List<Example> rows = table.train().rows();
        Random random = new Random(seed);
        boolean[] held = new boolean[rows.size()];
        for (int i = 0; i < held.length; i++) {
            held[i] = random.nextInt(5) == 0;
        }
        DMatrix train = matrix(rows(rows, held, false), features, classes);
        DMatrix watched = matrix(rows(rows, held, true), features, classes);
        float[][] metrics = new float[1][MOST_ROUNDS];
        XGBoost.train(train, settings, MOST_ROUNDS, Map.of("held", watched), metrics, null, null, PATIENCE);
        int best = 0;
        for (int round = 1; round < MOST_ROUNDS && metrics[0][round] > 0; round++) {
            best = metrics[0][round] < metrics[0][best] ? round : best;
        }
        return best + 1;
    }

    private static List<Example> rows(List<Example> all, boolean[] held, boolean wanted) {
        return IntStream.range(0, held.length)
                .filter(i -> held[i] == wanted)
                .mapToObj(all::get)
                .toList();
    }

    private static Map<String, Integer> classes(Table table) {
        Map<String, Integer> classes = new HashMap<>();
        if (table.classifies()) {
            for (String name : table.train().rows().stream()
                    .map(Example::labelText)
                    .distinct()
                    .sorted()
                    .toList()) {
                classes.put(name, classes.size());
            }
        }
        return classes;
    }

    private static DMatrix matrix(List<Example> rows, TreeFeatures features, Map<String, Integer> classes)
            throws XGBoostError {
        float[] values = new float[rows.size() * features.count()];
        float[] labels = new float[rows.size()];
        for (int n = 0; n < rows.size(); n++) {
            features.encode(rows.get(n).cells(), values, n * features.count());
            labels[n] = classes.isEmpty()
                    ? (float) rows.get(n).label()
                    : classes.get(rows.get(n).labelText());
        }
        DMatrix matrix = new DMatrix(values, rows.size(), features.count(), Float.NaN);
        matrix.setLabel(labels);
        return matrix;
    }

    /** Sums of losses, and of right answers or absolute errors. */
    private static double[] sums(List<Example> rows, float[][] answers, Map<String, Integer> classes) {
        double[] sums = new double[2];
        for (int n = 0; n < answers.length; n++) {
            float[] answer = answers[n];
            if (classes.isEmpty()) {
                double error = answer[0] - rows.get(n).label();
                sums[0] += error * error;
                sums[1] += Math.abs(error);
            } else {
                int label = classes.get(rows.get(n).labelText());
                float[] shares = answer.length == 1 ? new float[] {1 - answer[0], answer[0]} : answer;
                sums[0] -= Math.log(Math.max(LEAST, shares[label]));
                boolean best = true;
                for (float share : shares) {
                    best &= share <= shares[label];
                }
                sums[1] += best ? 1 : 0;
            }
        }
        return sums;
    }
}
