package dev.backdraft.spark.ml;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Small data sets for tests. */
final class Frames {
    static final int FEATURES = 4;

    private Frames() {}

    /** Clouds around one point a class, {@code features} and {@code label}, in 3 partitions. */
    static Dataset<Row> classes(SparkSession spark, int classes, int rows, long seed) {
        Random random = new Random(seed);
        List<Row> list = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            int label = i % classes;
            double[] x = new double[FEATURES];
            for (int j = 0; j < x.length; j++) {
                x[j] = 10 + random.nextGaussian() + 4 * Math.cos(label * 2.0 * Math.PI / classes + j * Math.PI / 2);
            }
            list.add(RowFactory.create((double) label, Vectors.dense(x)));
        }
        return frame(spark, list);
    }

    /** y = 3 + 20 sin x₀ + 5 x₁ and two features of no use. */
    static Dataset<Row> values(SparkSession spark, int rows, long seed) {
        Random random = new Random(seed);
        List<Row> list = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            double[] x = new double[FEATURES];
            for (int j = 0; j < x.length; j++) {
                x[j] = 4 * random.nextDouble() - 2;
            }
            list.add(RowFactory.create(3 + 20 * Math.sin(x[0]) + 5 * x[1], Vectors.dense(x)));
        }
        return frame(spark, list);
    }

    /** Rows of label and features. */
    static Dataset<Row> frame(SparkSession spark, List<Row> rows) {
        StructType schema = new StructType()
                .add("label", DataTypes.DoubleType, true)
                .add("features", SQLDataTypes.VectorType(), true);
        return spark.createDataFrame(
                JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(rows, 3), schema);
    }
}
