package dev.backdraft.spark.cli;

import picocli.CommandLine.Option;

/** Where rows are read from; shared by the commands that read any. */
final class DataOptions {
    enum Format {
        AUTO,
        CSV,
        LIBSVM,
        IDX,
        PARQUET
    }

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE|DIR",
            description = "Rows to read: a file (also .gz), a directory of part files, or a URI that Hadoop reads.")
    String data;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "AUTO",
            description = "auto (by the name), csv, libsvm, idx or parquet.")
    Format format;

    @Option(names = "--labels", paramLabel = "FILE", description = "The labels that go with IDX images.")
    String labels;

    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            description = "The label's column in CSV or Parquet; by default the last one, or the model's.")
    String label;
}
