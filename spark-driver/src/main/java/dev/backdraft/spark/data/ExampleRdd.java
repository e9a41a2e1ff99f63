package dev.backdraft.spark.data;

import dev.backdraft.column.ColumnScan;
import dev.backdraft.column.ColumnSettings;
import dev.backdraft.column.EncodedSource;
import dev.backdraft.data.CenteringScan;
import dev.backdraft.data.DataException;
import dev.backdraft.data.DataScan;
import dev.backdraft.data.DataSummary;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.data.LabelScale;
import dev.backdraft.data.RowEncoder;
import dev.backdraft.data.RowsFingerprint;
import dev.backdraft.data.SkippedRows;
import dev.backdraft.data.TestSplit;
import dev.backdraft.spark.internal.ThisJvm;
import dev.backdraft.train.TrainingRequest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.TaskCompletionListener;

/** Rows spread over a cluster, with the names of their columns. Each partition is read through an {@link ExampleReader}. */
public final class ExampleRdd {
    private static final long PART_BYTES = 4096; // of a scan that is sent, besides the sums
    private static final long SUM_BYTES = 128; // of a column, in a scan that is sent

    private final JavaRDD<ExampleReader> readers;
    private final List<String> featureNames;
    private final String labelName;
    private final RowEncoder encoder; // that has made these rows of raw ones, or null

    private ExampleRdd(
            JavaRDD<ExampleReader> readers, List<String> featureNames, String labelName, RowEncoder encoder) {
        this.readers = readers;
        this.featureNames = featureNames;
        this.labelName = labelName;
        this.encoder = encoder;
    }

    /** The rows of an RDD. Each partition's elements are turned into rows by {@code reader}. */
    public static <T> ExampleRdd of(
            JavaRDD<T> rdd, Function<Iterator<T>, ExampleReader> reader, List<String> featureNames, String labelName) {
        return new ExampleRdd(
                rdd.mapPartitions(elements -> List.of(reader.call(elements)).iterator()),
                featureNames,
                labelName,
                null);
    }

    /** The rows of files that every executor reaches under the same name; one partition a part. */
    public static ExampleRdd of(JavaSparkContext spark, ExampleSource source) {
        List<Integer> parts = new ArrayList<>();
        for (int part = 0; part < source.parts(); part++) {
            parts.add(part);
        }
        JavaRDD<ExampleReader> readers =
                spark.parallelize(parts, Math.max(1, parts.size())).map(part -> new LazyReader(source, part));
        return new ExampleRdd(readers, source.featureNames(), source.labelName(), source.encoder());
    }

    public List<String> featureNames() {
        return featureNames;
    }

    /** Name of the label, or null. */
    public String labelName() {
        return labelName;
    }

    /** What has turned raw rows into these; null when they never were raw. */
    public RowEncoder encoder() {
        return encoder;
    }

    /**
     * These raw rows as numbers.
     *
     * @param skip leaves rows with invalid values out; readers count them
     */
    public ExampleRdd encoded(RowEncoder newEncoder, boolean skip) {
        JavaRDD<ExampleReader> encoded = readers.map(reader -> {
            ExampleReader rows = EncodedSource.reader(reader, newEncoder);
            return skip ? rows.skippingInvalid() : rows;
        });
        return new ExampleRdd(encoded, featureNames, labelName, newEncoder);
    }

    /** The same rows with their features as labels; see {@link ExampleReader#labelledByFeatures}. */
    public ExampleRdd labelledByFeatures(int width) {
        return new ExampleRdd(readers.map(reader -> reader.labelledByFeatures(width)), featureNames, null, encoder);
    }

    /** The same rows without those with a label that a scale does not accept; readers count them. */
    public ExampleRdd skippingOffScale(LabelScale scale) {
        return scale == LabelScale.LINEAR
                ? this
                : new ExampleRdd(
                        readers.map(reader -> reader.skippingOffScale(scale)), featureNames, labelName, encoder);
    }

    /**
     * Scans the columns of these raw rows.
     *
     * @throws DataException of the first part that has a bad row
     */
    public ColumnScan scanColumns(ColumnSettings settings) {
        ArrayList<String> names = new ArrayList<>(featureNames);
        ColumnScan all = new ColumnScan(names, settings);
        if (readers.getNumPartitions() > 0) {
            all.add(sum(() -> new ColumnScan(names, settings), all.mostBytes(), ColumnScan::add, (reader, scan) -> {
                for (Example row = reader.read(); row != null; row = reader.read()) {
                    scan.add(row, reader::where);
                }
            }));
        }
        return all;
    }

    /**
     * Scans each part and adds the scans up: two passes when there are columns to be centered in double.
     *
     * @param check a further check of each row that counts, or null; its result is not used
     * @throws DataException of the first part that has a bad row; executors hand it over, they do not fail
     */
    public DataScan scan(TrainingRequest request, RowFunction check) {
        if (readers.getNumPartitions() == 0) {
            return request.newScan();
        }
        long features = request.standardize() ? request.network().inputSize() : 0;
        DataScan scan = sum(request::newScan, PART_BYTES + SUM_BYTES * features, DataScan::add, (reader, rows) -> {
            for (Example row = reader.read(); row != null; row = reader.read()) {
                rows.add(row, reader::where);
                if (check != null && row.weight() > 0) {
                    check.apply(row, reader::where);
                }
            }
            rows.addSkipped(reader.skipped());
            rows.addLeftOut(reader.leftOut());
        });
        CenteringScan columns = scan.centering();
        if (columns != null) {
            scan.center(centering(columns));
        }
        return scan;
    }

    /**
     * Summarizes all rows.
     *
     * @throws DataException of the first part that has a bad row
     */
    public DataSummary summarize() {
        if (readers.getNumPartitions() == 0) {
            return new DataSummary();
        }
        return sum(DataSummary::new, PART_BYTES, DataSummary::add, (reader, rows) -> {
            for (Example row = reader.read(); row != null; row = reader.read()) {
                rows.add(row, reader::where);
            }
            rows.addSkipped(reader.skipped());
        });
    }

    /** Adds up all parts, of which there is at least one. */
    private <S extends Serializable> S sum(Empty<S> empty, long bytes, Addition<S> addition, PartSum.Rows<S> rows) {
        return SumTree.of(readers, reader -> PartSum.of(reader, empty.get(), rows), bytes, (a, b) -> a.add(b, addition))
                .sum();
    }

    /** The test rows of this, or all others. */
    public ExampleRdd only(TestSplit split, boolean test) {
        return new ExampleRdd(readers.map(reader -> split.of(reader, test)), featureNames, labelName, encoder);
    }

    private CenteringScan centering(CenteringScan columns) {
        return SumTree.of(
                readers, reader -> sum(reader, columns.fresh()), PART_BYTES + SUM_BYTES * columns.columns(), (a, b) -> {
                    a.add(b);
                    return a;
                });
    }

    private static CenteringScan sum(ExampleReader reader, CenteringScan sum) throws IOException {
        try (reader) {
            for (Example row = reader.read(); row != null; row = reader.read()) {
                sum.add(row);
            }
        }
        return sum;
    }

    /** Makes elements of each part, in the order of parts; the function closes the reader, at the end of the part's rows. */
    public <T> JavaRDD<T> mapParts(FlatMapFunction<ExampleReader, T> function) {
        return readers.flatMap(function);
    }

    /** Applies a function to each row and its name; rows for which it gives null are left out. */
    public JavaRDD<Example> mapRows(RowFunction function) {
        return readers.flatMap(reader -> new MappedRows(reader, function));
    }

    /**
     * The first rows in the canonical order of a seed, which are a random sample that depends on nothing but the rows. Shuffles
     * all rows.
     *
     * @param resolve gives each row with its labels resolved, or null to leave it out
     * @param count at most
     */
    public List<Example> firstInOrder(long seed, int count, RowFunction resolve) {
        CanonicalRows sorted = CanonicalRows.of(mapRows(resolve), seed, Math.max(1, readers.getNumPartitions()));
        List<Example> rows = new ArrayList<>();
        for (byte[] row : sorted.rows().take(count)) {
            rows.add(RowBytes.decode(row));
        }
        return rows;
    }

    /** A sum of no rows. */
    private interface Empty<S> extends Supplier<S>, Serializable {}

    /** Adds the second sum to the first. */
    private interface Addition<S> extends BiConsumer<S, S>, Serializable {}

    /** Of a row, and how a message names it. */
    @FunctionalInterface
    public interface RowFunction extends Serializable {
        /** Returns a row, or null to leave it out. */
        Example apply(Example row, Supplier<String> where);
    }

    /** Opens its part at the first read, so that what is wrong with the file is found where rows are read. */
    private static final class LazyReader implements ExampleReader {
        private final ExampleSource source;
        private final int part;
        private ExampleReader opened;

        LazyReader(ExampleSource source, int part) {
            this.source = source;
            this.part = part;
        }

        @Override
        public Example read() throws IOException {
            if (opened == null) {
                opened = open();
            }
            return opened.read();
        }

        private ExampleReader open() throws IOException {
            try {
                return source.open(part);
            } catch (NoSuchFileException | FileNotFoundException e) {
                throw new DataException(
                        "%s: no such file on host %s: each executor reads its part of the data itself, so all files must be"
                                + " on a file system that all machines share, under the same name",
                        e.getMessage(), host());
            }
        }

        private static String host() {
            return ThisJvm.isOfSpark() ? ThisJvm.host() : "(unknown)";
        }

        @Override
        public List<String> kept() {
            return opened.kept();
        }

        @Override
        public SkippedRows skipped() {
            return opened == null ? new SkippedRows() : opened.skipped();
        }

        @Override
        public RowsFingerprint leftOut() {
            return opened == null ? new RowsFingerprint() : opened.leftOut();
        }

        @Override
        public String where() {
            return opened.where();
        }

        @Override
        public void close() throws IOException {
            if (opened != null) {
                opened.close();
            }
        }
    }

    /** Reads ahead by one row; closes the reader at its end, or at the end of its task when the rest is not wanted. */
    private static final class MappedRows implements Iterator<Example> {
        private final ExampleReader reader;
        private final RowFunction function;
        private Example next;
        private boolean ended;

        MappedRows(ExampleReader reader, RowFunction function) {
            this.reader = reader;
            this.function = function;
            TaskContext context = TaskContext.get();
            if (context != null) {
                context.addTaskCompletionListener((TaskCompletionListener) over -> end());
            }
        }

        private void end() {
            if (!ended) {
                ended = true;
                try {
                    reader.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        @Override
        public boolean hasNext() {
            try {
                while (next == null && !ended) {
                    Example row = reader.read();
                    if (row == null) {
                        end();
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
