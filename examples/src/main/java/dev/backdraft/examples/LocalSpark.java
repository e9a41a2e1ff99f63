package dev.backdraft.examples;

import dev.backdraft.data.Example;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What the examples on Spark have in common: a session of this machine, and generated rows as a DataFrame. */
final class LocalSpark {
    private LocalSpark() {}

    /** Starts Spark on all processors of this machine, or takes the session that runs. */
    static SparkSession session() {
        return SparkSession.builder()
                .appName("Backdraft examples")
                .master("local[*]")
                .config("spark.ui.enabled", "false")
                .config("spark.ui.showConsoleProgress", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "4")
                .getOrCreate();
    }

    /** Rows as (features: vector, label: double). */
    static Dataset<Row> frame(SparkSession spark, List<Example> examples) {
        List<Row> rows = new ArrayList<>();
        for (Example example : examples) {
            double[] features = new double[example.values().length];
            for (int i = 0; i < features.length; i++) {
                features[i] = example.values()[i];
            }
            rows.add(RowFactory.create(Vectors.dense(features), example.label()));
        }
        return spark.createDataFrame(
                rows,
                new StructType().add("features", SQLDataTypes.VectorType()).add("label", DataTypes.DoubleType));
    }
}
