package dev.backdraft.spark.cli;

import dev.backdraft.column.EncodedSource;
import dev.backdraft.data.DataException;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.data.LabelColumns;
import dev.backdraft.data.LabelScale;
import dev.backdraft.data.RowEncoder;
import dev.backdraft.data.TestSplit;
import dev.backdraft.data.file.CsvFormat;
import dev.backdraft.data.file.CsvReader;
import dev.backdraft.data.file.CsvSchema;
import dev.backdraft.data.file.DataFile;
import dev.backdraft.data.file.ExampleFiles;
import dev.backdraft.model.Model;
import dev.backdraft.spark.data.DataFrameRows;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.data.FrameSource;
import dev.backdraft.spark.data.ListColumns;
import dev.backdraft.spark.internal.SqlNames;
import dev.backdraft.train.InitialModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Rows named on the command line: files that are read without Spark, or a Parquet data set that needs it. Names, formats and
 * CSV headers are checked when it is made.
 */
final class Input {
    private static final Pattern COMPRESSED = Pattern.compile("\\.(gz|bz2|zst|xz|lz4|snappy|zip)$");

    private final ExampleSource files; // null for Parquet
    private final ExampleSource
            rawFiles; // the same rows with the cells of a table; null for Parquet, and where there are none
    private final ParquetFiles parquet; // null for others
    private final Function<Dataset<Row>, DataFrameRows> columns; // for Parquet
    private final List<String> kept; // names of the columns that are kept; of Parquet, known when it is read
    private final ColumnChoice choice;
    private final TestSplit split; // null: all rows
    private final boolean test; // whether these are the test rows of the split, or the others
    private final RowEncoder encoder; // of raw rows; null for rows as they are
    private final boolean skip; // rows with invalid values
    private final LabelScale scale; // of the label

    private Input(
            ExampleSource files,
            ExampleSource rawFiles,
            ParquetFiles parquet,
            Function<Dataset<Row>, DataFrameRows> columns,
            List<String> kept,
            ColumnChoice choice,
            TestSplit split,
            boolean test,
            RowEncoder encoder,
            boolean skip,
            LabelScale scale) {
        this.files = files;
        this.rawFiles = rawFiles;
        this.parquet = parquet;
        this.columns = columns;
        this.kept = kept;
        this.choice = choice;
        this.split = split;
        this.test = test;
        this.encoder = encoder;
        this.skip = skip;
        this.scale = scale;
    }

    /** Rows to train on. */
    static Input forTraining(InputSpec spec) throws IOException {
        return of(spec, new InputColumns.OfTraining(spec.label(), spec.weight(), spec.columns()));
    }

    /** Rows to train a model further on: features by its names, and encoded as it does. */
    static Input forTraining(InputSpec spec, InitialModel initial) throws IOException {
        InputColumns.OfTraining own = new InputColumns.OfTraining(spec.label(), spec.weight(), spec.columns());
        return forColumns(of(spec, new InputColumns.OfInitial(own, initial)), spec, initial.model());
    }

    /**
     * Rows to measure on while {@code training} is trained on: their columns are found by its names, as far as it has any.
     *
     * @param session is asked only when the training rows are {@linkplain #needsSpark read by it}
     */
    static Input forValidation(InputSpec spec, Input training, Supplier<SparkSession> session) throws IOException {
        InputColumns.OfTraining own = new InputColumns.OfTraining(spec.label(), spec.weight(), spec.columns());
        if (training.files != null) {
            List<String> names = training.files.featureNames();
            return of(spec, new InputColumns.OfValidation(own, names, names, training.files.labelName()));
        }
        DataFrameRows rows = training.columns.apply(training.read(session.get()));
        return of(
                spec, new InputColumns.OfValidation(own, rows.featureNames(), rows.featureColumns(), rows.labelName()));
    }

    /** Rows for a model: features by its names, and the label where there is one. */
    static Input forModel(InputSpec spec, Model model) throws IOException {
        return forColumns(of(spec, ofModel(spec, model, true)), spec, model)
                .onScale(model.preprocessing().labelScale());
    }

    /** Rows for a model, whose labels are not read. */
    static Input forPrediction(InputSpec spec, Model model) throws IOException {
        return forColumns(of(spec, ofModel(spec, model, false)), spec, model);
    }

    /** Rows that are encoded where the model takes raw ones. */
    private static Input forColumns(Input rows, InputSpec spec, Model model) {
        if (model.preprocessing().columns() == null) {
            return rows;
        }
        if (!rows.isTable()) {
            throw new DataException(
                    "%s: has no columns with names, but the model takes a table with the columns %s",
                    spec.data(), LabelColumns.shortened(model.preprocessing().featureNames()));
        }
        return rows.encoded(model.preprocessing().columns());
    }

    private static InputColumns ofModel(InputSpec spec, Model model, boolean labels) {
        List<String> names = model.preprocessing().featureNames();
        String label =
                spec.label() != null ? spec.label() : model.preprocessing().labelName();
        return new InputColumns.OfModel(
                names, label, spec.label(), model.network().inputSize(), labels, spec.columns());
    }

    private static Input of(InputSpec spec, InputColumns choice) throws IOException {
        DataFiles found = InputFiles.find(spec.data());
        InputSpec.Format format = spec.format() == InputSpec.Format.AUTO ? guess(spec, found.first()) : spec.format();
        if (spec.labels() != null && format != InputSpec.Format.IDX) {
            throw new UsageException(
                    "--labels is for IDX images, but the data is " + format.text() + ": use --label COLUMN");
        }
        if (spec.label() != null && (format == InputSpec.Format.IDX || format == InputSpec.Format.LIBSVM)) {
            throw new UsageException(
                    "--label names a column, which " + format.text() + " files do not have: remove it");
        }
        checkColumns(spec.columns(), format);
        return switch (format) {
            case CSV -> csv(spec, found.flat(), choice);
            case LIBSVM ->
                ofFiles(
                        spec,
                        choice.labels()
                                ? ExampleFiles.libSvm(found.flat())
                                : ExampleFiles.libSvmWithoutLabels(found.flat()));
            case IDX -> ofFiles(spec, idx(spec, found, choice));
            case PARQUET -> parquet(spec, new ParquetFiles(found), choice);
            case AUTO -> throw new IllegalStateException("the format is known");
        };
    }

    /** Refuses names of columns where there are none. */
    private static void checkColumns(ColumnChoice columns, InputSpec.Format format) {
        if (format != InputSpec.Format.CSV && format != InputSpec.Format.PARQUET && !columns.equals(ColumnChoice.ALL)) {
            String option =
                    columns.features() != null ? "--features" : columns.ignored() != null ? "--ignore" : "--keep";
            throw new UsageException(
                    option + " names columns, which " + format.text() + " files do not have: leave it out");
        }
    }

    private static Input ofFiles(InputSpec spec, ExampleSource files) {
        return ofFiles(spec, files, null, List.of());
    }

    private static Input ofFiles(InputSpec spec, ExampleSource files, ExampleSource raw, List<String> kept) {
        ExampleSource rows = spec.skipInvalid() ? files.skippingInvalid() : files;
        ExampleSource rawRows = raw != null && spec.skipInvalid() ? raw.skippingInvalid() : raw;
        return new Input(
                rows,
                rawRows,
                null,
                null,
                kept,
                spec.columns(),
                null,
                false,
                null,
                spec.skipInvalid(),
                LabelScale.LINEAR);
    }

    private static Input csv(InputSpec spec, List<DataFile> files, InputColumns choice) throws IOException {
        boolean isChecked = spec.csv().header() == CsvFormat.Header.CHECKED; // here, to name the options
        CsvFormat format = isChecked ? spec.csv().withHeader(CsvFormat.Header.FIRST_LINE) : spec.csv();
        List<String> header = CsvReader.readHeader(files, format);
        if (isChecked && CsvFormat.looksLikeData(header)) {
            throw new DataException(
                    "%s: the first line looks like data, not like a header (%s): add a line with the names of the columns;"
                            + " or give --no-header, which names them c1, c2, …; or --header, if these are the names",
                    files.get(0).name(), LabelColumns.shortened(header));
        }
        List<String> kept = named(spec, () -> spec.columns().kept(header));
        CsvSchema schema = named(spec, () -> choice.csv(header))
                .withKept(kept.stream().map(header::indexOf).toList());
        return ofFiles(
                spec, ExampleFiles.csv(files, schema, format), ExampleFiles.csv(files, schema.raw(), format), kept);
    }

    private static Input parquet(InputSpec spec, ParquetFiles files, InputColumns choice) {
        if (choice.lastIsLabel()) {
            files.checkLabel(spec.label());
        }
        Function<Dataset<Row>, DataFrameRows> columns = frame -> named(spec, () -> choice.parquet(frame.schema())
                .withSkip(spec.skipInvalid())
                .withKept(spec.columns().kept(List.of(frame.columns())).size()));
        return new Input(
                null,
                null,
                files,
                columns,
                List.of(),
                spec.columns(),
                null,
                false,
                null,
                spec.skipInvalid(),
                LabelScale.LINEAR);
    }

    /** What is wrong with columns, with the name of the data set. */
    private static <T> T named(InputSpec spec, Supplier<T> columns) {
        try {
            return columns.get();
        } catch (DataException e) {
            throw e.in(spec.data());
        }
    }

    private static ExampleSource idx(InputSpec spec, DataFiles images, InputColumns choice) throws IOException {
        if (images.isDirectory()) {
            throw new UsageException("--data must be one file of IDX images, but " + spec.data() + " is a directory");
        }
        DataFile labels = spec.labels() == null || !choice.labels() ? null : InputFiles.one(spec.labels(), "file");
        return ExampleFiles.idx(images.files().get(0), labels);
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
        return new Input(files, rawFiles, parquet, columns, kept, choice, newSplit, newTest, encoder, skip, scale);
    }

    /**
     * These rows, of which those with a label that is not on this scale are skipped if those with invalid values are.
     */
    Input onScale(LabelScale newScale) {
        return new Input(files, rawFiles, parquet, columns, kept, choice, split, test, encoder, skip, newScale);
    }

    /** Whether the rows have columns, each with a name. */
    boolean isTable() {
        return files == null || rawFiles != null;
    }

    /** The rows of this {@linkplain #isTable table} with the cells that they have, instead of numbers. */
    Input raw() {
        return raw(ListColumns::sized, null);
    }

    /** @param sized the schema of rows, which says of the columns of features how long their lists are */
    private Input raw(BiFunction<Dataset<Row>, List<String>, StructType> sized, RowEncoder newEncoder) {
        Function<Dataset<Row>, DataFrameRows> rawColumns = columns == null
                ? null
                : frame -> {
                    DataFrameRows chosen = columns.apply(frame);
                    return chosen.raw(sized.apply(frame, chosen.featureColumns()));
                };
        return new Input(rawFiles, rawFiles, parquet, rawColumns, kept, choice, split, test, newEncoder, skip, scale);
    }

    /** The raw rows of this table as numbers. */
    Input encoded(RowEncoder newEncoder) {
        return raw((frame, features) -> ListColumns.sized(frame.schema(), features, newEncoder.columns()), newEncoder);
    }

    /** The same rows without those with invalid values; readers count them. */
    Input skippingInvalid() {
        Function<Dataset<Row>, DataFrameRows> skipping =
                columns == null ? null : frame -> columns.apply(frame).withSkip(true);
        return new Input(
                files == null ? null : files.skippingInvalid(),
                rawFiles == null ? null : rawFiles.skippingInvalid(),
                parquet,
                skipping,
                kept,
                choice,
                split,
                test,
                encoder,
                true,
                scale);
    }

    /** Which of the columns are read, as the user chose them. */
    ColumnChoice choice() {
        return choice;
    }

    /** Whether reading these rows needs Spark. */
    boolean needsSpark() {
        return files == null;
    }

    /** Number of features where the names of the columns tell it before the rows are read, else 0. */
    int featureCount(Supplier<SparkSession> session) {
        return local(session).featureNames().size();
    }

    /** Names of the columns that are kept beside each row. */
    List<String> kept(Supplier<SparkSession> session) {
        return files != null ? kept : choice.kept(List.of(read(session.get()).columns()));
    }

    /** The rows, read in this JVM; {@code session} is asked only when they {@linkplain #needsSpark need} it. */
    ExampleSource local(Supplier<SparkSession> session) {
        ExampleSource all = skip ? all(session).skippingOffScale(scale) : all(session);
        ExampleSource chosen = split == null ? all : split.of(all, test);
        if (encoder == null) {
            return chosen;
        }
        ExampleSource encoded = new EncodedSource(chosen, encoder);
        return skip ? encoded.skippingInvalid() : encoded;
    }

    private ExampleSource all(Supplier<SparkSession> session) {
        if (files != null) {
            return files;
        }
        Dataset<Row> frame = read(session.get());
        return new FrameSource(withKept(frame), columns.apply(frame));
    }

    /** The rows, spread over a cluster. */
    ExampleRdd distributed(SparkSession session) {
        ExampleRdd all = skip ? all(session).skippingOffScale(scale) : all(session);
        ExampleRdd chosen = split == null ? all : all.only(split, test);
        return encoder == null ? chosen : chosen.encoded(encoder, skip);
    }

    private ExampleRdd all(SparkSession session) {
        if (files != null) {
            return ExampleRdd.of(JavaSparkContext.fromSparkContext(session.sparkContext()), files);
        }
        Dataset<Row> frame = read(session);
        return columns.apply(frame).of(withKept(frame));
    }

    /** With the columns to keep as text at the end. */
    private Dataset<Row> withKept(Dataset<Row> frame) {
        List<Column> all = new ArrayList<>(List.of(functions.col("*")));
        for (String name : choice.kept(List.of(frame.columns()))) {
            all.add(SqlNames.column(name).cast(DataTypes.StringType).as("kept " + all.size()));
        }
        return all.size() == 1 ? frame : frame.select(all.toArray(Column[]::new));
    }

    private Dataset<Row> read(SparkSession session) {
        return parquet.read(session);
    }
}
