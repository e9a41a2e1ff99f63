package dev.backdraft.train;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Blocks;
import dev.backdraft.data.DataScan;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.model.Model;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Training in this JVM, from files to the model: no Spark. */
public final class LocalTraining {
    private LocalTraining() {}

    /**
     * Trains a model.
     *
     * @param validation rows to measure the loss on, or null; not together with a validation fraction
     * @param threads at least 1; does not change the result
     * @throws dev.backdraft.data.DataException when the data does not fit the request; nothing has been trained then
     * @throws DivergedException when the loss stops being finite
     */
    public static Model train(
            TrainingRequest request,
            ExampleSource source,
            ExampleSource validation,
            int threads,
            List<TrainingListener> listeners)
            throws IOException {
        DataScan scan = request.newScan();
        List<Example> rows = new ArrayList<>();
        forEach(source, scan, (row, where) -> rows.add(row));
        Fit fit = Fit.of(request, scan, source.featureNames(), source.labelName());
        List<Example> training = new ArrayList<>();
        List<Example> held = new ArrayList<>();
        for (Example row : rows) { // the scan has found all labels good
            (request.split().isValidation(row) ? held : training).add(fit.resolve(row, () -> "a row"));
        }
        if (validation != null) {
            DataScan check =
                    request.withValidationFraction(0).withStandardize(false).newScan();
            forEach(validation, check, (row, where) -> held.add(fit.resolve(row, where)));
        }
        return train(fit, blocks(fit, training), validationBlocks(fit, held), threads, listeners);
    }

    private static Model train(
            Fit fit, Blocks training, Blocks validation, int threads, List<TrainingListener> listeners) {
        float[] parameters = fit.network().initialParameters(fit.config().seed());
        try (GradientSource source = new LocalGradients(
                fit.network(), fit.loss(), training, validation, fit.config().seed(), threads)) {
            EpochResult last =
                    new TrainingLoop(fit.config(), fit.loss(), training.layout(), source, listeners).run(parameters);
            return fit.model(parameters, last);
        }
    }

    private static Blocks blocks(Fit fit, List<Example> rows) {
        TrainingConfig config = fit.config();
        return Blocks.of(
                rows,
                fit.network().inputSize(),
                fit.preprocessing(),
                config.seed(),
                config.batchSize(),
                config.lanes());
    }

    private static Blocks validationBlocks(Fit fit, List<Example> rows) {
        if (rows.isEmpty()) {
            return null;
        }
        return Blocks.of(
                rows,
                fit.network().inputSize(),
                fit.preprocessing(),
                fit.config().seed(),
                BatchLayout.FULL_BATCH,
                BatchLayout.AUTO_LANES);
    }

    /** Scans all rows and hands on those that count. */
    private static void forEach(ExampleSource source, DataScan scan, BiConsumer<Example, Supplier<String>> action)
            throws IOException {
        for (int part = 0; part < source.parts(); part++) {
            try (ExampleReader reader = source.open(part)) {
                for (Example row = reader.read(); row != null; row = reader.read()) {
                    scan.add(row, reader::where);
                    if (row.weight() > 0) {
                        action.accept(row, reader::where);
                    }
                }
            }
        }
    }
}
