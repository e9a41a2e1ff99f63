package dev.backdraft.spark.data;

import dev.backdraft.data.DataScan;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.train.TrainingRequest;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;

/** Rows spread over a cluster, with the names of their columns. Each partition is read through an {@link ExampleReader}. */
public final class ExampleRdd {
    private final JavaRDD<ExampleReader> readers;
    private final List<String> featureNames;
    private final String labelName;

    private ExampleRdd(JavaRDD<ExampleReader> readers, List<String> featureNames, String labelName) {
        this.readers = readers;
        this.featureNames = featureNames;
        this.labelName = labelName;
    }

    /** The rows of an RDD. Each partition's elements are turned into rows by {@code reader}. */
    public static <T> ExampleRdd of(
            JavaRDD<T> rdd, Function<Iterator<T>, ExampleReader> reader, List<String> featureNames, String labelName) {
        return new ExampleRdd(
                rdd.mapPartitions(elements -> List.of(reader.call(elements)).iterator()), featureNames, labelName);
    }

    /** The rows of files that every executor reaches under the same name; one partition a part. */
    public static ExampleRdd of(JavaSparkContext spark, ExampleSource source) {
        List<Integer> parts = new ArrayList<>();
        for (int part = 0; part < source.parts(); part++) {
            parts.add(part);
        }
        JavaRDD<ExampleReader> readers = spark.parallelize(parts, Math.max(1, parts.size())).map(source::open);
        return new ExampleRdd(readers, source.featureNames(), source.labelName());
    }

    public List<String> featureNames() {
        return featureNames;
    }

    /** Name of the label, or null. */
    public String labelName() {
        return labelName;
    }

    /** Scans each part and adds the scans up on the driver. */
    public DataScan scan(TrainingRequest request) {
        List<DataScan> parts = readers.map(reader -> {
                    DataScan scan = request.newScan();
                    try (reader) {
                        for (Example row = reader.read(); row != null; row = reader.read()) {
                            scan.add(row, reader::where);
                        }
                    }
                    return scan;
                })
                .collect();
        DataScan sum = request.newScan();
        parts.forEach(sum::add);
        return sum;
    }

    /** Applies a function to each row and its name; rows for which it gives null are left out. */
    public JavaRDD<Example> mapRows(RowFunction function) {
        return readers.flatMap(reader -> new MappedRows(reader, function));
    }

    /** Of a row, and how a message names it. */
    @FunctionalInterface
    public interface RowFunction extends Serializable {
        /** Returns a row, or null to leave it out. */
        Example apply(Example row, Supplier<String> where);
    }

    /** Reads ahead by one row; closes the reader at its end. */
    private static final class MappedRows implements Iterator<Example> {
        private final ExampleReader reader;
        private final RowFunction function;
        private Example next;
        private boolean ended;

        MappedRows(ExampleReader reader, RowFunction function) {
            this.reader = reader;
            this.function = function;
        }

        @Override
        public boolean hasNext() {
            try {
                while (next == null && !ended) {
                    Example row = reader.read();
                    if (row == null) {
                        ended = true;
                        reader.close();
                    } else {
                        next = function.apply(row, reader::where);
                    }
                }
                return next != null;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Example next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Example row = next;
            next = null;
            return row;
        }
    }
}
