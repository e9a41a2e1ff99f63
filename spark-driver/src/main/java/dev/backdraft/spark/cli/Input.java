package dev.backdraft.spark.cli;

import dev.backdraft.data.CsvFormat;
import dev.backdraft.data.CsvReader;
import dev.backdraft.data.CsvSchema;
import dev.backdraft.data.DataException;
import dev.backdraft.data.DataFile;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.data.LabelColumns;
import dev.backdraft.data.TestSplit;
import dev.backdraft.model.Model;
import dev.backdraft.spark.data.DataFrameRows;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.data.FrameSource;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Rows named on the command line: files that are read without Spark, or a Parquet data set that needs it. Names, formats and
 * CSV headers are checked when it is made.
 */
final class Input {
    private static final Pattern COMPRESSED = Pattern.compile("\\.(gz|bz2|zst|xz|lz4|snappy|zip)$");

    private final ExampleSource files; // null for Parquet
    private final ParquetFiles parquet; // null for others
    private final Function<StructType, DataFrameRows> columns; // for Parquet
    private final TestSplit split; // null: all rows
    private final boolean test; // whether these are the test rows of the split, or the others

    private Input(
            ExampleSource files,
            ParquetFiles parquet,
            Function<StructType, DataFrameRows> columns,
            TestSplit split,
            boolean test) {
        this.files = files;
        this.parquet = parquet;
        this.columns = columns;
        this.split = split;
        this.test = test;
    }

    /** Which columns are taken, whatever the format. */
    private interface Choice {
        CsvSchema csv(List<String> header);

        DataFrameRows parquet(StructType schema);

        /** Whether labels are read. */
        default boolean labels() {
            return true;
        }

        /** Whether the last column is the label when no other is named. */
        default boolean lastIsLabel() {
            return false;
        }
    }

    /** The last column is the label when none is named, and all others are features. */
    private record OfTraining(String label, String weight) implements Choice {
        @Override
        public CsvSchema csv(List<String> header) {
            return CsvSchema.of(header, label, weight);
        }

        @Override
        public DataFrameRows parquet(StructType schema) {
            return DataFrameRows.forTraining(schema, label, weight);
        }

        @Override
        public boolean lastIsLabel() {
            return true;
        }
    }

    /**
     * The columns that the training rows have, by name; where their features have no names, columns are chosen as for training.
     *
     * @param features names of the training rows' features; empty when they have none
     * @param columns of Parquet that the features are in: their names, or a column of vectors
     * @param label of the training rows
     */
    private record OfValidation(OfTraining training, List<String> features, List<String> columns, String label)
            implements Choice {
        @Override
        public CsvSchema csv(List<String> header) {
            return features.isEmpty()
                    ? training.csv(header)
                    : CsvSchema.forValidation(header, features, label, training.weight());
        }

        @Override
        public DataFrameRows parquet(StructType schema) {
            return columns.isEmpty()
                    ? training.parquet(schema)
                    : DataFrameRows.forValidation(schema, columns, label, training.weight());
        }

        @Override
        public boolean lastIsLabel() {
            return columns.isEmpty();
        }
    }

    /**
     * Features by the names of a model, or all but the label when it knows none.
     *
     * @param named the label as the user named it, or null
     */
    private record OfModel(List<String> features, String label, String named, int inputs, boolean labels)
            implements Choice {
        @Override
        public CsvSchema csv(List<String> header) {
            checkNamed(header);
            CsvSchema schema = features.isEmpty() ? byPosition(header) : CsvSchema.forFeatures(header, features, label);
            return labels ? schema : schema.withoutLabel();
        }

        private CsvSchema byPosition(List<String> header) {
            return header.size() == inputs && named == null
                    ? CsvSchema.forFeatures(header, header, null)
                    : CsvSchema.of(header, named, null);
        }

        @Override
        public DataFrameRows parquet(StructType schema) {
            checkNamed(List.of(schema.fieldNames()));
            return labels
                    ? DataFrameRows.forModel(schema, features, label)
                    : DataFrameRows.forPrediction(schema, features, label);
        }

        private void checkNamed(List<String> columns) {
            if (!labels) {
                return;
            }
            if (named != null) {
                LabelColumns.find(columns, named);
            }
            List<String> names = LabelColumns.split(label);
            boolean someMissing = !columns.contains(label) && !columns.containsAll(names);
            if (label != null && someMissing && names.stream().anyMatch(columns::contains)) {
                LabelColumns.find(columns, label); // names the one that is missing
            }
        }
    }

    /** Rows to train on. */
    static Input forTraining(InputSpec spec) throws IOException {
        return of(spec, new OfTraining(spec.label(), spec.weight()));
    }

    /**
     * Rows to measure on while {@code training} is trained on: their columns are found by its names, as far as it has any.
     *
     * @param session is asked only when the training rows are {@linkplain #needsSpark read by it}
     */
    static Input forValidation(InputSpec spec, Input training, Supplier<SparkSession> session) throws IOException {
        OfTraining own = new OfTraining(spec.label(), spec.weight());
        if (training.files != null) {
            List<String> names = training.files.featureNames();
            return of(spec, new OfValidation(own, names, names, training.files.labelName()));
        }
        DataFrameRows rows = training.columns.apply(training.read(session.get()).schema());
        return of(spec, new OfValidation(own, rows.featureNames(), rows.featureColumns(), rows.labelName()));
    }

    /** Rows for a model: features by its names, and the label where there is one. */
    static Input forModel(InputSpec spec, Model model) throws IOException {
        return of(spec, ofModel(spec, model, true));
    }

    /** Rows for a model, whose labels are not read. */
    static Input forPrediction(InputSpec spec, Model model) throws IOException {
        return of(spec, ofModel(spec, model, false));
    }

    private static Choice ofModel(InputSpec spec, Model model, boolean labels) {
        List<String> names = model.preprocessing().featureNames();
        String label =
                spec.label() != null ? spec.label() : model.preprocessing().labelName();
        return new OfModel(names, label, spec.label(), model.network().inputSize(), labels);
    }

    private static Input of(InputSpec spec, Choice choice) throws IOException {
        DataFiles found = InputFiles.find(spec.data());
        InputSpec.Format format = spec.format() == InputSpec.Format.AUTO ? guess(spec, found.first()) : spec.format();
        if (spec.labels() != null && format != InputSpec.Format.IDX) {
            throw new UsageException(
                    "--labels goes with IDX images, but the data is " + format.text() + ": use --label COLUMN");
        }
        if (spec.label() != null && (format == InputSpec.Format.IDX || format == InputSpec.Format.LIBSVM)) {
            throw new UsageException(
                    "--label names a column, which " + format.text() + " files do not have: leave it out");
        }
        return switch (format) {
            case CSV -> ofFiles(csv(spec, found.flat(), choice));
            case LIBSVM ->
                ofFiles(
                        choice.labels()
                                ? ExampleSource.libSvm(found.flat())
                                : ExampleSource.libSvmWithoutLabels(found.flat()));
            case IDX -> ofFiles(idx(spec, found, choice));
            case PARQUET -> parquet(spec, new ParquetFiles(found), choice);
            case AUTO -> throw new IllegalStateException("the format is settled by now");
        };
    }

    private static Input ofFiles(ExampleSource files) {
        return new Input(files, null, null, null, false);
    }

    private static ExampleSource csv(InputSpec spec, List<DataFile> files, Choice choice) throws IOException {
        boolean isChecked = spec.csv().header() == CsvFormat.Header.CHECKED; // here, to name the options
        CsvFormat format = isChecked ? spec.csv().withHeader(CsvFormat.Header.FIRST_LINE) : spec.csv();
        List<String> header = CsvReader.readHeader(files, format);
        if (isChecked && CsvFormat.looksLikeData(header)) {
            throw new DataException(
                    "%s: the first line looks like data, not like a header (%s): add a line with the names of the columns;"
                            + " or give --no-header, which names them c1, c2, …; or --header, if these are the names",
                    files.get(0).name(), CsvSchema.shortened(header));
        }
        return ExampleSource.csv(files, named(spec, () -> choice.csv(header)), format);
    }

    private static Input parquet(InputSpec spec, ParquetFiles files, Choice choice) {
        if (choice.lastIsLabel()) {
            files.checkLabel(spec.label());
        }
        return new Input(null, files, schema -> named(spec, () -> choice.parquet(schema)), null, false);
    }

    /** What is wrong with columns, with the name of the data set. */
    private static <T> T named(InputSpec spec, Supplier<T> columns) {
        try {
            return columns.get();
        } catch (DataException e) {
            throw new DataException("%s: %s", spec.data(), e.getMessage());
        }
    }

    private static ExampleSource idx(InputSpec spec, DataFiles images, Choice choice) throws IOException {
        if (images.isDirectory()) {
            throw new UsageException("--data must be one file of IDX images, but " + spec.data() + " is a directory");
        }
        DataFile labels = spec.labels() == null || !choice.labels() ? null : InputFiles.one(spec.labels());
        return ExampleSource.idx(images.files().get(0), labels);
    }

    private static InputSpec.Format guess(InputSpec spec, DataFile first) {
        if (spec.labels() != null) {
            return InputSpec.Format.IDX;
        }
        String bare = COMPRESSED.matcher(first.name().toLowerCase(Locale.ROOT)).replaceFirst("");
        if (bare.endsWith(".csv")) {
            return InputSpec.Format.CSV;
        }
        if (bare.endsWith(".parquet")) {
            return InputSpec.Format.PARQUET;
        }
        if (bare.endsWith(".libsvm") || bare.endsWith(".svm") || bare.endsWith(".svmlight")) {
            return InputSpec.Format.LIBSVM;
        }
        if (bare.contains("idx") && bare.endsWith("ubyte")) {
            return InputSpec.Format.IDX;
        }
        throw new UsageException(
                "cannot tell the format of " + first.name() + " by its name: add --format csv, libsvm, idx or parquet");
    }

    /** The test rows of these, or all others. */
    Input only(TestSplit newSplit, boolean newTest) {
        return new Input(files, parquet, columns, newSplit, newTest);
    }

    /** Whether reading these rows needs Spark. */
    boolean needsSpark() {
        return files == null;
    }

    /** Number of features where the names of the columns tell it before the rows are read, else 0. */
    int featureCount(Supplier<SparkSession> session) {
        return local(session).featureNames().size();
    }

    /** The rows, read in this JVM; {@code session} is asked only when they {@linkplain #needsSpark need} it. */
    ExampleSource local(Supplier<SparkSession> session) {
        ExampleSource all = all(session);
        return split == null ? all : split.of(all, test);
    }

    private ExampleSource all(Supplier<SparkSession> session) {
        if (files != null) {
            return files;
        }
        Dataset<Row> frame = read(session.get());
        return new FrameSource(frame, columns.apply(frame.schema()));
    }

    /** The rows, spread over a cluster. */
    ExampleRdd distributed(SparkSession session) {
        ExampleRdd all = all(session);
        return split == null ? all : all.only(split, test);
    }

    private ExampleRdd all(SparkSession session) {
        if (files != null) {
            return ExampleRdd.of(JavaSparkContext.fromSparkContext(session.sparkContext()), files);
        }
        Dataset<Row> frame = read(session);
        return columns.apply(frame.schema()).of(frame);
    }

    private Dataset<Row> read(SparkSession session) {
        return parquet.read(session);
    }
}
