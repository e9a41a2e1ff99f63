package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.model.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What Spark's own tests ask of row weights: a weight is a number of copies, the scale of all weights does not matter, and rows
 * of next to no weight do not count. A step is all rows, so that batches are the same with copies as with weights.
 */
@Tag("slow")
class WeightExpectationsTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    private static final double ROUNDING = 1e-5;
    private static final int ROWS = 40;

    /** Rows with weights 0 to 4, and the same as copies. */
    private record Twice(Dataset<Row> weighted, Dataset<Row> copied) {}

    private static Twice classes;
    private static Twice values;

    @BeforeAll
    static void make() {
        classes = twice(true);
        values = twice(false);
    }

    private static Twice twice(boolean classification) {
        Random random = new Random(11);
        List<Row> weighted = new ArrayList<>();
        List<Row> copied = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            double[] x = {10 + 3 * random.nextGaussian(), random.nextGaussian() / 5, random.nextInt(3)};
            double label = classification ? i % 3 : 7 * x[0] - 30 * x[1] + random.nextGaussian();
            int copies = i % 5; // the more copies, the larger x0: unweighted moments would be others
            x[0] += copies;
            Vector features = Vectors.dense(x);
            weighted.add(Samples.row(label, (double) copies, features));
            for (int c = 0; c < copies; c++) {
                copied.add(Samples.row(label, 1.0, features));
            }
        }
        return new Twice(
                Samples.weighted(SPARK.get(), weighted.toArray(Row[]::new)).cache(),
                Samples.weighted(SPARK.get(), copied.toArray(Row[]::new)).cache());
    }

    private static NeuralNetworkClassifier classifier() {
        return Samples.classifier().setActivation("tanh").setMaxIter(15);
    }

    private static NeuralNetworkRegressor regressor() {
        return Samples.regressor().setActivation("tanh").setMaxIter(15);
    }

    /** Weights and scaling of both within a share of the largest. */
    private static void assertSame(Model model, Model expected, double tolerance) {
        assertSame(floats(model.parameters()), floats(expected.parameters()), tolerance);
        if (expected.preprocessing().features() != null) {
            assertSame(
                    model.preprocessing().features().mean(),
                    expected.preprocessing().features().mean(),
                    tolerance);
            assertSame(
                    model.preprocessing().features().deviation(),
                    expected.preprocessing().features().deviation(),
                    tolerance);
        }
    }

    private static void assertSame(double[] values, double[] expected, double tolerance) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertThat(values).containsExactly(expected, within(tolerance * largest));
    }

    private static double[] floats(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    @Test
    void aWeightIsANumberOfCopiesOfAClass() {
        for (boolean standardize : new boolean[] {true, false}) {
            NeuralNetworkClassifier classifier = classifier().setStandardize(standardize);
            Model copied = classifier.fit(classes.copied()).model();
            Model weighted =
                    classifier.setWeightCol("weight").fit(classes.weighted()).model();
            assertSame(weighted, copied, ROUNDING);
        }
    }

    @Test
    void aWeightIsANumberOfCopiesOfAValue() {
        NeuralNetworkRegressor regressor = regressor();
        Model copied = regressor.fit(values.copied()).model();
        Model weighted = regressor.setWeightCol("weight").fit(values.weighted()).model();
        assertSame(weighted, copied, ROUNDING);
        assertSame(
                weighted.preprocessing().label().mean(),
                copied.preprocessing().label().mean(),
                1e-12);
        assertSame(
                weighted.preprocessing().label().deviation(),
                copied.preprocessing().label().deviation(),
                1e-12);
    }

    @Test
    void aWeightIsANumberOfCopiesForTheFirstGradient() {
        // one step of plain gradient descent from the same start shows the gradient
        NeuralNetworkClassifier classifier =
                classifier().setOptimizer("sgd").setStepSize(1).setMaxIter(1);
        Model copied = classifier.fit(classes.copied()).model();
        Model weighted =
                classifier.setWeightCol("weight").fit(classes.weighted()).model();
        assertSame(weighted, copied, 1e-6);
    }

    @Test
    void theScaleOfAllWeightsDoesNotMatter() {
        for (double scale : new double[] {1e-3, 1e3}) {
            Dataset<Row> scaled = classes.weighted().withColumn("weight", functions.lit(scale));
            Model model = classifier().setWeightCol("weight").fit(scaled).model();
            assertSame(model, classifier().fit(classes.weighted()).model(), ROUNDING);
            Dataset<Row> scaledValues = values.weighted().withColumn("weight", functions.lit(scale));
            Model regression =
                    regressor().setWeightCol("weight").fit(scaledValues).model();
            assertSame(regression, regressor().fit(values.weighted()).model(), ROUNDING);
        }
    }

    @Test
    void theScaleOfUnequalWeightsDoesNotMatterEither() {
        Dataset<Row> scaled =
                values.weighted().withColumn("weight", functions.col("weight").multiply(functions.lit(0.25)));
        Model model = regressor().setWeightCol("weight").fit(scaled).model();
        assertSame(
                model, regressor().setWeightCol("weight").fit(values.weighted()).model(), ROUNDING);
    }

    @Test
    void rowsOfNoWeightDoNotCount() {
        Dataset<Row> outliers =
                values.weighted().withColumn("label", functions.lit(1e6)).withColumn("weight", functions.lit(0.0));
        NeuralNetworkRegressor regressor = regressor().setWeightCol("weight");
        Model with = regressor.fit(values.weighted().union(outliers)).model();
        assertSame(with, regressor.fit(values.weighted()).model(), 0); // bit for bit
    }

    @Test
    void manyOutliersOfNextToNoWeightHardlyCount() {
        Dataset<Row> ones = values.copied();
        Dataset<Row> outliers =
                ones.withColumn("label", functions.col("label").multiply(-1)).withColumn("weight", functions.lit(1e-4));
        Dataset<Row> all = ones.union(outliers).union(outliers).union(outliers);
        NeuralNetworkRegressionModel without = regressor().fit(ones);
        NeuralNetworkRegressionModel with = regressor().setWeightCol("weight").fit(all);
        double deviation = without.model().preprocessing().label().deviation()[0];
        for (Row row : ones.collectAsList()) {
            Vector features = row.getAs("features");
            assertThat(with.predict(features)).isCloseTo(without.predict(features), within(0.05 * deviation));
        }
    }

    @Test
    void anEmptyWeightColumnIsNone() {
        Model without = classifier().fit(classes.weighted()).model();
        assertSame(classifier().setWeightCol("").fit(classes.weighted()).model(), without, 0);
    }

    @Test
    void aWeightOfAClassIsAWeightOfItsRows() {
        Dataset<Row> byClass =
                classes.copied().withColumn("weight", functions.col("label").plus(1)); // 1, 2, 3
        Model ofRows = classifier()
                .setStandardize(false)
                .setWeightCol("weight")
                .fit(byClass)
                .model();
        Model ofClasses = classifier()
                .setStandardize(false)
                .setClassWeights(1, 2, 3)
                .fit(classes.copied())
                .model();
        assertSame(ofClasses, ofRows, ROUNDING);
    }

    @Test
    void thePenaltyIsNotScaledByWeights() {
        NeuralNetworkRegressor regressor = regressor().setL2(5).setWeightCol("weight");
        Model model = regressor.fit(values.weighted()).model();
        Dataset<Row> scaled =
                values.weighted().withColumn("weight", functions.col("weight").multiply(8));
        assertSame(regressor.fit(scaled).model(), model, ROUNDING);
    }

    @Test
    void validationRowsCountByTheirWeightsToo() {
        Dataset<Row> weighted = values.weighted().withColumn("held", functions.lit(false));
        weighted = weighted.union(values.weighted().withColumn("held", functions.lit(true)));
        Dataset<Row> copied = values.copied().withColumn("held", functions.lit(false));
        copied = copied.union(values.copied().withColumn("held", functions.lit(true)));
        NeuralNetworkRegressor regressor = regressor().setValidationIndicatorCol("held");
        double[] ofCopies = regressor.fit(copied).summary().validationHistory();
        double[] ofWeights =
                regressor.setWeightCol("weight").fit(weighted).summary().validationHistory();
        assertSame(ofWeights, ofCopies, ROUNDING);
    }
}
