package dev.backdraft.spark.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which columns of CSV or Parquet are the features of a training, and what they hold. */
final class TableOptions {
    @Mixin
    private ColumnOptions columns;

    @Option(
            names = "--kinds",
            paramLabel = "COLUMN=KIND[,…]",
            description =
                    "What columns of CSV or Parquet hold, as in zip=category,opened=date: number, category or date (default:"
                            + " found out from the cells).")
    private String kinds;

    void putInto(Settings settings) {
        columns.putInto(settings);
        settings.put("--kinds", "kinds", kinds);
    }
}
