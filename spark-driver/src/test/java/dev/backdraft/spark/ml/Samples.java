package dev.backdraft.spark.ml;

import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Estimators that train in a moment, and data sets of a few rows, for tests of what Spark expects of any estimator. */
final class Samples {
    /** Types that Spark takes labels and weights in. */
    static final List<DataType> NUMERIC = List.of(
            DataTypes.ByteType,
            DataTypes.ShortType,
            DataTypes.IntegerType,
            DataTypes.LongType,
            DataTypes.FloatType,
            DataTypes.DoubleType,
            DataTypes.createDecimalType(10, 0));

    private Samples() {}

    static NeuralNetworkClassifier classifier() {
        return new NeuralNetworkClassifier()
                .setHiddenLayers(4)
                .setMaxIter(2)
                .setBatchSize(0)
                .setStepSize(0.05)
                .setStandardize(true)
                .setL2(0)
                .setValidationFraction(0);
    }

    static NeuralNetworkRegressor regressor() {
        return new NeuralNetworkRegressor()
                .setHiddenLayers(4)
                .setMaxIter(2)
                .setBatchSize(0)
                .setStepSize(0.05)
                .setStandardize(true)
                .setL2(0)
                .setValidationFraction(0);
    }

    /** Rows of label, weight and features. */
    static Dataset<Row> weighted(SparkSession spark, Row... rows) {
        StructType schema = new StructType()
                .add("label", DataTypes.DoubleType, true)
                .add("weight", DataTypes.DoubleType, true)
                .add("features", SQLDataTypes.VectorType(), true);
        return spark.createDataFrame(List.of(rows), schema);
    }

    static Row row(Double label, Double weight, Vector features) {
        return RowFactory.create(label, weight, features);
    }

    static Row row(Double label, double... features) {
        return RowFactory.create(label, 1.0, Vectors.dense(features));
    }

    /** Four points of which no line separates the classes. */
    static Dataset<Row> exclusiveOr(SparkSession spark) {
        return weighted(spark, row(0.0, 0, 0), row(1.0, 0, 1), row(1.0, 1, 0), row(0.0, 1, 1));
    }
}
