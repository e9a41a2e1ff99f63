package dev.backdraft.benchmarks.tables;

import dev.backdraft.data.Example;
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
        List<Example> rows = table.train().rows();
        Map<String, Object> settings = settings(table.classNames().size(), seed);
        int rounds = stopsEarly ? rounds(table, features, settings, seed) : DEFAULT_ROUNDS;
        Booster booster = XGBoost.train(labeled(table, rows, features), settings, rounds, Map.of(), null, null);
        double fitSeconds = (System.nanoTime() - start) / 1e9;
        float[][] answers = booster.predict(matrix(table.test().rows(), features));
        Losses losses = Losses.of(table, n -> answer(table, answers[n]));
        List<Example> scored = table.scored();
        double rowsPerSecond = Scoring.rowsPerSecond(scored.size(), () -> booster.predict(matrix(scored, features)));
        return new Score(losses.loss(), losses.further(), fitSeconds, rowsPerSecond);
    }

    private static double[] answer(Table table, float[] answer) {
        if (table.classNames().size() == 2) { // one probability
            return new double[] {1 - answer[0], answer[0]};
        }
        double[] numbers = new double[answer.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = answer[i];
        }
        return numbers;
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

    private static int rounds(Table table, TreeFeatures features, Map<String, Object> settings, long seed)
            throws XGBoostError {
        List<Example> rows = table.train().rows();
        Random random = new Random(seed);
        boolean[] held = new boolean[rows.size()];
        for (int i = 0; i < held.length; i++) {
            held[i] = random.nextInt(5) == 0;
        }
        DMatrix train = labeled(table, rows(rows, held, false), features);
        DMatrix watched = labeled(table, rows(rows, held, true), features);
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

    private static DMatrix labeled(Table table, List<Example> rows, TreeFeatures features) throws XGBoostError {
        float[] labels = new float[rows.size()];
        for (int n = 0; n < labels.length; n++) {
            labels[n] = (float) table.target(rows.get(n));
        }
        DMatrix matrix = matrix(rows, features);
        matrix.setLabel(labels);
        return matrix;
    }

    private static DMatrix matrix(List<Example> rows, TreeFeatures features) throws XGBoostError {
        float[] values = new float[rows.size() * features.count()];
        for (int n = 0; n < rows.size(); n++) {
            features.encode(rows.get(n).cells(), values, n * features.count());
        }
        return new DMatrix(values, rows.size(), features.count(), Float.NaN);
    }
}
