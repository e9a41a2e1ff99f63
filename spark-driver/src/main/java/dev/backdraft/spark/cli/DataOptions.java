package dev.backdraft.spark.cli;

import picocli.CommandLine.Option;

/** Where rows are read from; shared by the commands that read any. */
final class DataOptions {
    @Option(
            names = "--data",
            paramLabel = "FILE|DIR",
            description = "Rows to read: a file (also .gz), a directory of part files, a directory of Parquet"
                    + " partitions, or a URI that Hadoop reads.")
    private String data;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "csv, libsvm, idx, parquet, or auto, which goes by the file name (default: auto).")
    private InputSpec.Format format;

    @Option(names = "--labels", paramLabel = "FILE", description = "File of the labels that belong to IDX images.")
    private String labels;

    @Option(
            names = "--label",
            paramLabel = "COLUMN[,…]",
            description = "Label column of CSV or Parquet (default: the last one, or the model's). Several numeric"
                    + " columns, as in price,rent, are the labels of several outputs.")
    private String label;

    @Option(
            names = "--separator",
            paramLabel = "CHAR",
            description = "Separator of CSV: a character, or comma, semicolon, tab, pipe or space (default: detected"
                    + " from the first line).")
    private String separator;

    @Option(
            names = "--header",
            negatable = true,
            description = "Whether the first line of CSV holds the names of the columns; without names, columns are c1,"
                    + " c2, … (default: --header, but a first line that looks like data is refused).")
    private Boolean header;

    /** The rows that these options alone name. */
    InputSpec spec() {
        if (data == null) {
            throw UsageException.ofMissingOption("no data: give --data FILE");
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
