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

    @Option(
            names = "--encoding",
            paramLabel = "KEY=VALUE[,…]",
            description =
                    "How columns become inputs, as in scaling=standard,minFrequency=10. Of numbers: scaling (robust, standard,"
                            + " quantile-normal, quantile-uniform), clip, missing (median, mean, constant), constant. Of categories:"
                            + " minFrequency, maxCategories, oneHotLimit (default: scaling=robust,clip=3,missing=median,"
                            + "minFrequency=2,maxCategories=10000,oneHotLimit=8).")
    private String encoding;

    void putInto(Settings settings) {
        columns.putInto(settings);
        settings.put("--kinds", "kinds", kinds);
        settings.putEncoding(encoding);
    }
}
