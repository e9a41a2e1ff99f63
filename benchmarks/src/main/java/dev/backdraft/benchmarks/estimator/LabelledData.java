package dev.backdraft.benchmarks.estimator;

import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.data.file.CsvReader;
import dev.backdraft.data.file.CsvSchema;
import dev.backdraft.data.file.DataFile;
import dev.backdraft.data.file.ExampleFiles;
import dev.backdraft.spark.demo.Mnist1d;
import java.io.IOException;
import java.nio.file.Path;
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

/** A data set with its test rows, as (features, label), cached and dense. */
record LabelledData(Dataset<Row> training, Dataset<Row> test) {
    private static final int DIGITS_TRAINING = 1437; // the first rows are for training

    /** Signals that are generated. */
    static LabelledData mnist1d(SparkSession spark) {
        Mnist1d data = Mnist1d.generate(42, 5000);
        return of(spark, data.train(), data.test());
    }

    /** The optical digits of UCI, gray levels from 0 to 1, from a CSV file, gzipped or not, whose last column is the label. */
    static LabelledData digits(SparkSession spark, Path file) throws IOException {
        DataFile digits = DataFile.local(file);
        CsvSchema schema = CsvSchema.of(CsvReader.readHeader(digits), null, null);
        List<Example> rows = read(ExampleFiles.csv(List.of(digits), schema)).stream()
                .map(row -> Example.dense(sixteenths(row.values()), row.label()))
                .toList();
        return of(spark, rows.subList(0, DIGITS_TRAINING), rows.subList(DIGITS_TRAINING, rows.size()));
    }

    /** MNIST's pictures from the directory of their four files, gray levels from 0 to 1. */
    static LabelledData mnist(SparkSession spark, Path directory) throws IOException {
        return of(spark, pictures(directory, "train"), pictures(directory, "t10k"));
    }

    private static List<Example> pictures(Path directory, String set) throws IOException {
        ExampleSource source = ExampleFiles.idx(
                DataFile.local(directory.resolve(set + "-images-idx3-ubyte.gz")),
                DataFile.local(directory.resolve(set + "-labels-idx1-ubyte.gz")));
        return read(source);
    }

    private static float[] sixteenths(float[] gray) {
        float[] scaled = new float[gray.length];
        for (int i = 0; i < gray.length; i++) {
            scaled[i] = gray[i] / 16;
        }
        return scaled;
    }

    private static List<Example> read(ExampleSource source) throws IOException {
        List<Example> rows = new ArrayList<>();
        try (ExampleReader reader = source.open(0)) {
            for (Example row = reader.read(); row != null; row = reader.read()) {
                rows.add(row);
            }
        }
        return rows;
    }

    /** The training rows, repeated until there are at least this many. */
    Dataset<Row> scored(long atLeast) {
        long count = training.count();
        Dataset<Row> rows = training;
        for (long many = count; many < atLeast; many *= 2) {
            rows = rows.union(rows);
        }
        return rows.coalesce(training.rdd().getNumPartitions());
    }

    private static LabelledData of(SparkSession spark, List<Example> training, List<Example> test) {
        return new LabelledData(frame(spark, training), frame(spark, test));
    }

    private static Dataset<Row> frame(SparkSession spark, List<Example> examples) {
        List<Row> rows = new ArrayList<>();
        int width = examples.stream().mapToInt(Example::width).max().orElseThrow();
        float[] values = new float[width];
        for (Example example : examples) {
            example.copyTo(values, 0, width);
            double[] features = new double[width];
            for (int i = 0; i < width; i++) {
                features[i] = values[i];
            }
            rows.add(RowFactory.create(Vectors.dense(features), Double.parseDouble(label(example))));
        }
        Dataset<Row> frame = spark.createDataFrame(
                        rows,
                        new StructType()
                                .add("features", SQLDataTypes.VectorType())
                                .add("label", DataTypes.DoubleType))
                .repartition(spark.sparkContext().defaultParallelism())
                .cache();
        frame.count();
        return frame;
    }

    private static String label(Example example) {
        return example.labelText() != null ? example.labelText() : Double.toString(example.label());
    }
}
