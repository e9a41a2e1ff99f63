package dev.backdraft.spark.cli;

import picocli.CommandLine.Option;

/** Where rows are read from; shared by the commands that read any. */
final class DataOptions {
    @Option(
            names = "--data",
            paramLabel = "FILE|DIR",
            description =
                    "Rows to read: a file (also .gz), a directory of part files, or a URI that Hadoop reads. Of Parquet also a"
                            + " directory of partitions.")
    private String data;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "auto (by the name; the default), csv, libsvm, idx or parquet.")
    private InputSpec.Format format;

    @Option(names = "--labels", paramLabel = "FILE", description = "The labels that go with IDX images.")
    private String labels;

    @Option(
            names = "--label",
            paramLabel = "COLUMN[,…]",
            description = "The label's column in CSV or Parquet, or several numbers for as many outputs: price,rent; by"
                    + " default the last one, or the model's.")
    private String label;

    @Option(
            names = "--separator",
            paramLabel = "CHAR",
            description =
                    "What separates the cells of CSV: a character, or comma, semicolon, tab, pipe or space (default: comma, or"
                            + " what is recognized in the first line).")
    private String separator;

    @Option(
            names = "--header",
            negatable = true,
            description =
                    "Whether the first line of CSV has the names of the columns; without it they are c1, c2, … (default: it"
                            + " has, and is refused when it looks like data).")
    private Boolean header;

    /** The rows that these options alone name. */
    InputSpec spec() {
        if (data == null) {
            throw new UsageException("no data: give --data FILE");
        }
        return new InputSpec(
                data,
                format == null ? InputSpec.Format.AUTO : format,
                labels,
                label,
                null,
                InputSpec.csv(separator, header),
                ColumnChoice.ALL,
                false);
    }

    void putInto(Settings settings) {
        settings.put("--data", "data", data);
        settings.put("--format", "format", format == null ? null : format.text());
        settings.put("--labels", "labels", labels);
        settings.put("--label", "label", label);
        settings.put("--separator", "separator", separator);
        settings.put("--header", "header", header);
    }
}
