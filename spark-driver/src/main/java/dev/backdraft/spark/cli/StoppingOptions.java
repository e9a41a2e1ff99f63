package dev.backdraft.spark.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** What is measured after each epoch, when that ends the training, and which weights become the model. */
final class StoppingOptions {
    @Option(
            names = "--validation",
            paramLabel = "FILE|SHARE|none",
            description = "Validation rows, measured after each epoch: a file like --data, whose columns are found by"
                    + " name, or a share of the rows, as in 0.2 or 20%%. A hash of its features decides about each row, so"
                    + " their number is about this share (default: ${bundle:default.validationFraction}).")
    private String validation;

    @Option(
            names = "--validation-labels",
            paramLabel = "FILE",
            description = "File of the labels that belong to IDX images of --validation.")
    private String validationLabels;

    @Option(
            names = "--test",
            paramLabel = "FILE|SHARE|none",
            description =
                    "Rows that the training never sees: a file like --data, or a share of its rows, as in 0.2 or 20%%, of"
                            + " which the number is about this share. The model is evaluated on them at the end (default: none).")
    private String test;

    @Option(names = "--test-labels", paramLabel = "FILE", description = "The labels that go with IDX images of --test.")
    private String testLabels;

    @Option(
            names = "--metrics",
            paramLabel = "NAME,…",
            split = ",",
            hideParamSyntax = true,
            completionCandidates = Names.Metrics.class,
            description = "${bundle:setting.metrics}: ${COMPLETION-CANDIDATES}.")
    private List<String> metrics;

    @Option(
            names = "--early-stopping",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "KEY=VALUE,…",
            description = "${bundle:setting.earlyStopping}: ${bundle:keys.earlyStopping}; none: never.")
    private String earlyStopping;

    @Option(
            names = "--average",
            paramLabel = "ema|swa[:KEY=VALUE,…]",
            description = "${bundle:setting.averaging}: ${bundle:keys.averaging}, as in ema:decay=0.99.")
    private String average;

    @Option(
            names = "--calibration",
            paramLabel = "temperature|isotonic|none",
            description = "${bundle:setting.calibration}.")
    private String calibration;

    @Option(
            names = "--threshold",
            paramLabel = "NUMBER|f1|precision=P|cost=C|none",
            description = "${bundle:setting.threshold}.")
    private String threshold;

    void putInto(Settings settings) {
        settings.putValidation(validation);
        settings.put("--validation-labels", "validationLabels", validationLabels);
        settings.putTest(test);
        settings.put("--test-labels", "testLabels", testLabels);
        settings.put("--metrics", "metrics", metrics);
        settings.put("--early-stopping", "earlyStopping", earlyStopping);
        settings.put("--average", "averaging", averaging());
        settings.put("--calibration", "calibration", calibration);
        settings.put("--threshold", "threshold", threshold);
    }

    private String averaging() {
        if (average == null || average.equals(Settings.NONE)) {
            return average;
        }
        int colon = average.indexOf(':');
        return "kind=" + (colon < 0 ? average : average.substring(0, colon) + "," + average.substring(colon + 1));
    }
}
