package dev.backdraft.spark.cli;

import dev.backdraft.data.CsvReader;
import dev.backdraft.data.CsvSchema;
import dev.backdraft.data.DataException;
import dev.backdraft.data.DataFile;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.model.Model;
import dev.backdraft.spark.data.DataFrameRows;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.data.FrameSource;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
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
    private final String data;
    private final ExampleSource files; // null for Parquet
    private final Function<StructType, DataFrameRows> columns; // for Parquet

    private Input(String data, ExampleSource files, Function<StructType, DataFrameRows> columns) {
        this.data = data;
        this.files = files;
        this.columns = columns;
    }

    /** Rows to train on. */
    static Input forTraining(InputSpec spec) throws IOException {
        return of(
                spec,
                header -> CsvSchema.of(header, spec.label(), spec.weight()),
                schema -> DataFrameRows.forTraining(schema, spec.label(), spec.weight()));
    }

    /** Rows for a model: features by its names, and the label where there is one. */
    static Input forModel(InputSpec spec, Model model) throws IOException {
        List<String> names = model.preprocessing().featureNames();
        String label =
                spec.label() != null ? spec.label() : model.preprocessing().labelName();
        return of(
                spec,
                header -> names.isEmpty()
                        ? byPosition(header, spec.label(), model.network().inputSize())
                        : CsvSchema.forFeatures(header, names, label),
                schema -> DataFrameRows.forModel(schema, names, label));
    }

    private static CsvSchema byPosition(List<String> header, String label, int inputs) {
        if (header.size() == inputs && label == null) {
            return CsvSchema.forFeatures(header, header, null);
        }
        return CsvSchema.of(header, label, null);
    }

    private static Input of(
            InputSpec spec, Function<List<String>, CsvSchema> schema, Function<StructType, DataFrameRows> columns)
            throws IOException {
        List<DataFile> files = InputFiles.list(spec.data());
        InputSpec.Format format = spec.format() == InputSpec.Format.AUTO ? guess(spec, files) : spec.format();
        if (spec.labels() != null && format != InputSpec.Format.IDX) {
            throw new UsageException(
                    "--labels goes with IDX images, but the data is " + format.text() + ": use --label COLUMN");
        }
        if (spec.label() != null && (format == InputSpec.Format.IDX || format == InputSpec.Format.LIBSVM)) {
            throw new UsageException(
                    "--label names a column, which " + format.text() + " files do not have: leave it out");
        }
        return switch (format) {
            case CSV ->
                new Input(
                        spec.data(), ExampleSource.csv(files, schema.apply(CsvReader.readHeader(files.get(0)))), null);
            case LIBSVM -> new Input(spec.data(), ExampleSource.libSvm(files), null);
            case IDX -> new Input(spec.data(), idx(spec, files), null);
            case PARQUET -> new Input(spec.data(), null, columns);
            case AUTO -> throw new IllegalStateException("the format is settled by now");
        };
    }

    private static ExampleSource idx(InputSpec spec, List<DataFile> images) throws IOException {
        if (images.size() != 1) {
            throw new UsageException("--data must be one file of IDX images, but " + spec.data() + " is a directory");
        }
        DataFile labels =
                spec.labels() == null ? null : InputFiles.list(spec.labels()).get(0);
        return ExampleSource.idx(images.get(0), labels);
    }

    private static InputSpec.Format guess(InputSpec spec, List<DataFile> files) {
        if (spec.labels() != null) {
            return InputSpec.Format.IDX;
        }
        String name = files.get(0).name().toLowerCase(Locale.ROOT);
        String bare = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
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
        throw new UsageException("cannot tell the format of " + files.get(0).name()
                + " by its name: add --format csv, libsvm, idx or parquet");
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
        if (files != null) {
            return files;
        }
        Dataset<Row> frame = read(session.get());
        return new FrameSource(frame, columns.apply(frame.schema()));
    }

    /** The rows, spread over a cluster. */
    ExampleRdd distributed(SparkSession session) {
        if (files != null) {
            return ExampleRdd.of(JavaSparkContext.fromSparkContext(session.sparkContext()), files);
        }
        Dataset<Row> frame = read(session);
        return columns.apply(frame.schema()).of(frame);
    }

    private Dataset<Row> read(SparkSession session) {
        try {
            return session.read().parquet(data);
        } catch (RuntimeException e) {
            throw new DataException("%s: cannot be read as Parquet: %s", data, firstLine(e));
        }
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
