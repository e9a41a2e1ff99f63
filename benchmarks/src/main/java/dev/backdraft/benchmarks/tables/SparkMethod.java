package dev.backdraft.benchmarks.tables;

import dev.backdraft.benchmarks.tables.SparkTable.Features;
import java.util.List;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.GBTClassifier;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.classification.RandomForestClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.regression.GBTRegressor;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.RandomForestRegressor;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A learner of Spark, with its defaults but for what its name says, after the stages that prepare its features.
 *
 * @param mostClasses that it can tell apart
 * @param classifier makes one for classes
 * @param regressor makes one for numbers; null when there is none
 */
record SparkMethod(
        String name, SharedSpark spark, Features features, int mostClasses, Learner classifier, Learner regressor)
        implements Method {
    private static final int LEAST_BINS = 32; // the default of Spark
    private static final int MOST_ROUNDS = 100;
    private static final int HIDDEN = 128;

    /** What a learner may want to know. */
    record Shape(int inputs, int classes, int bins, long seed) {}

    /** Makes a learner. */
    @FunctionalInterface
    interface Learner {
        Estimator<?> make(Shape shape);
    }

    /** All of them, in one session. */
    static List<Method> all(SharedSpark spark) {
        return List.of(
                new SparkMethod(
                        "spark gbt",
                        spark,
                        Features.INDICES,
                        2,
                        shape -> new GBTClassifier().setMaxBins(shape.bins()).setSeed(shape.seed()),
                        shape -> new GBTRegressor().setMaxBins(shape.bins()).setSeed(shape.seed())),
                new SparkMethod(
                        "spark gbt early-stopped",
                        spark,
                        Features.INDICES,
                        2,
                        shape -> new GBTClassifier()
                                .setMaxBins(shape.bins())
                                .setSeed(shape.seed())
                                .setMaxIter(MOST_ROUNDS)
                                .setValidationIndicatorCol(SparkTable.HELD),
                        shape -> new GBTRegressor()
                                .setMaxBins(shape.bins())
                                .setSeed(shape.seed())
                                .setMaxIter(MOST_ROUNDS)
                                .setValidationIndicatorCol(SparkTable.HELD)),
                new SparkMethod(
                        "spark forest",
                        spark,
                        Features.INDICES,
                        Integer.MAX_VALUE,
                        shape -> new RandomForestClassifier()
                                .setMaxBins(shape.bins())
                                .setSeed(shape.seed()),
                        shape -> new RandomForestRegressor()
                                .setMaxBins(shape.bins())
                                .setSeed(shape.seed())),
                new SparkMethod(
                        "spark forest of 100 deep trees",
                        spark,
                        Features.INDICES,
                        Integer.MAX_VALUE,
                        shape -> new RandomForestClassifier()
                                .setMaxBins(shape.bins())
                                .setSeed(shape.seed())
                                .setNumTrees(100)
                                .setMaxDepth(10),
                        shape -> new RandomForestRegressor()
                                .setMaxBins(shape.bins())
                                .setSeed(shape.seed())
                                .setNumTrees(100)
                                .setMaxDepth(10)),
                new SparkMethod(
                        "spark linear",
                        spark,
                        Features.FLAGS,
                        Integer.MAX_VALUE,
                        shape -> new LogisticRegression(),
                        shape -> new LinearRegression()),
                new SparkMethod(
                        "spark perceptron 128-128",
                        spark,
                        Features.STANDARDIZED,
                        Integer.MAX_VALUE,
                        shape -> new MultilayerPerceptronClassifier()
                                .setLayers(new int[] {shape.inputs(), HIDDEN, HIDDEN, shape.classes()})
                                .setSeed(shape.seed()),
                        null));
    }

    @Override
    public String absence(Table table) {
        if (!table.classifies() && regressor == null) {
            return "Spark has it for classes only";
        }
        int classes = table.classNames().size();
        return classes > mostClasses ? "takes 2 classes, the table has " + classes : null;
    }

    @Override
    public Score run(Table table, long seed) {
        SparkTable rows = new SparkTable(spark.session(), table);
        Dataset<Row> train = rows.cached(table.train().rows(), seed);
        long start = System.nanoTime();
        PipelineModel prepared = rows.pipeline(features).fit(train);
        Dataset<Row> encoded = prepared.transform(train);
        Vector first = encoded.select(SparkTable.FEATURES).head().getAs(0);
        Shape shape =
                new Shape(first.size(), table.classNames().size(), Math.max(LEAST_BINS, rows.mostCategories()), seed);
        Transformer model = (Transformer)
                (table.classifies() ? classifier : regressor).make(shape).fit(encoded);
        double fitSeconds = (System.nanoTime() - start) / 1e9;
        train.unpersist();

        String answer = table.classifies() ? "probability" : "prediction";
        Dataset<Row> test = rows.cached(table.test().rows(), seed);
        List<Row> answers = model.transform(prepared.transform(test))
                .select(answer, SparkTable.LABEL)
                .collectAsList();
        test.unpersist();
        Losses losses = Losses.of(
                table,
                n -> answer(answers.get(n), table.target(table.test().rows().get(n))));
        Dataset<Row> scored = rows.cached(table.scored(), seed);
        double rowsPerSecond =
                Scoring.rowsPerSecond((int) scored.count(), () -> model.transform(prepared.transform(scored))
                        .select(answer)
                        .write()
                        .format("noop")
                        .mode("overwrite")
                        .save());
        scored.unpersist();
        return new Score(losses.loss(), losses.further(), fitSeconds, rowsPerSecond);
    }

    /** The answer for a row, which must be the one with this label. */
    private static double[] answer(Row row, double label) {
        if (row.getDouble(1) != label) {
            throw new IllegalStateException("the rows are not in their order");
        }
        return row.get(0) instanceof Vector shares ? shares.toArray() : new double[] {row.getDouble(0)};
    }

    @Override
    public void close() {
        spark.close();
    }
}
