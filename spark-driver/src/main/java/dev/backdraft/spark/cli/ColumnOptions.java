package dev.backdraft.spark.cli;

import picocli.CommandLine.Option;

/** Which columns of CSV or Parquet are the features. */
final class ColumnOptions {
    @Option(
            names = "--features",
            paramLabel = "COLUMN[,…]",
            description =
                    "The features' columns in CSV or Parquet, in the order the network sees them (default: all but the"
                            + " label and the weight, or those of the model).")
    private String features;

    @Option(
            names = "--ignore",
            paramLabel = "COLUMN[,…]",
            description = "Columns of CSV or Parquet that are not features, such as a row number.")
    private String ignored;

    ColumnChoice choice() {
        return new ColumnChoice(features, ignored, null);
    }

    void putInto(Settings settings) {
        settings.put("--features", "features", features);
        settings.put("--ignore", "ignore", ignored);
    }
}
