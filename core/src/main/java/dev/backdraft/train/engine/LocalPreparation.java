package dev.backdraft.train.engine;

import dev.backdraft.column.ColumnScan;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Block;
import dev.backdraft.data.Blocks;
import dev.backdraft.data.CenteringScan;
import dev.backdraft.data.DataException;
import dev.backdraft.data.DataScan;
import dev.backdraft.data.DataSummary;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.data.SkippedRows;
import dev.backdraft.data.Standardizer;
import dev.backdraft.model.Model;
import dev.backdraft.train.Fit;
import dev.backdraft.train.InsufficientMemoryException;
import dev.backdraft.train.Objective;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.plan.RowBudget;
import dev.backdraft.train.plan.StepPlan;
import dev.backdraft.train.plan.TrainingMemory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Reads the rows of a training in this JVM: scans them, checks them, settles the {@link Fit}, and cuts them into
 * blocks.
 */
public final class LocalPreparation {
    private LocalPreparation() {}

    /**
     * Checks and scans rows in memory, for as many threads as there are processors.
     *
     * @param rows training rows with labels; read
     * @param validation rows to measure on; empty for none, or when the request keeps a share of {@code rows} back;
     *     read
     * @return closed by the caller
     * @throws DataException when the data does not fit the request
     * @throws IllegalArgumentException when there are validation rows, and the request keeps a share back, too
     * @throws dev.backdraft.train.InsufficientMemoryException when parameters, workers or rows do not fit into the heap
     */
    public static PreparedTraining prepare(TrainingRequest request, List<Example> rows, List<Example> validation) {
        if (!validation.isEmpty() && request.validationFraction() > 0) {
            throw new IllegalArgumentException(
                    "validation rows are given, and a share of the rows is to be kept back: choose one");
        }
        DataScan scan = request.newScan();
        for (int i = 0; i < rows.size(); i++) {
            int number = i;
            scan.add(rows.get(i), () -> "row " + number);
        }
        CenteringScan centering = scan.centering();
        if (centering != null) {
            rows.forEach(centering::add);
            scan.center(centering);
        }
        List<Example> counted = rows.stream().filter(row -> row.weight() > 0).toList();
        Fit fit = Fit.of(request, scan, List.of(), null);
        int threads = Runtime.getRuntime().availableProcessors();
        PreparedTraining prepared = prepare(request, fit, counted, held(request, fit, validation), threads);
        return request.refits() ? prepared.withRefit(() -> prepare(request.ofRefit(), rows, List.of())) : prepared;
    }

    private static List<Example> held(TrainingRequest request, Fit fit, List<Example> validation) {
        List<Example> held = new ArrayList<>();
        DataScan check = request.withStandardize(false).newScan();
        for (int i = 0; i < validation.size(); i++) {
            int number = i;
            Example row = validation.get(i);
            check.add(row, () -> "validation row " + number);
            if (row.weight() > 0) {
                held.add(fit.resolve(row, () -> "validation row " + number));
            }
        }
        if (held.isEmpty() && !validation.isEmpty()) {
            throw new DataException("no rows to measure on: none of the validation rows counts");
        }
        return held;
    }

    /**
     * Summarizes the rows of a source.
     *
     * @throws DataException when a row cannot be used
     */
    public static DataSummary summarize(ExampleSource source) throws IOException {
        DataSummary summary = new DataSummary();
        for (int part = 0; part < source.parts(); part++) {
            try (ExampleReader reader = source.open(part)) {
                for (Example row = read(reader); row != null; row = read(reader)) {
                    summary.add(row, reader::where);
                }
                summary.addSkipped(reader.skipped());
            }
        }
        return summary;
    }

    /**
     * Scans the columns of raw rows.
     *
     * @param scan of no rows
     * @return the same scan
     * @throws DataException when a row cannot be used
     */
    public static ColumnScan scan(ExampleSource raw, ColumnScan scan) throws IOException {
        for (int part = 0; part < raw.parts(); part++) {
            try (ExampleReader reader = raw.open(part)) {
                for (Example row = read(reader); row != null; row = read(reader)) {
                    scan.add(row, reader::where);
                }
            }
        }
        return scan;
    }

    /**
     * Reads the rows of a training.
     *
     * @param validation rows to measure the loss on, or null; not together with a validation fraction; where both have names of
     *     features, the same in the same order
     * @param threads at least 1; does not change the result
     * @return closed by the caller
     * @throws DataException when the data does not fit the request
     * @throws InsufficientMemoryException when parameters, workers or rows do not fit into the heap
     */
    public static PreparedTraining prepare(
            TrainingRequest request, ExampleSource source, ExampleSource validation, int threads) throws IOException {
        if (validation != null) {
            Fit.checkFeatureNames(source.featureNames(), validation.featureNames());
        }
        DataScan scan = request.newScan();
        List<Example> rows = new ArrayList<>();
        RowBudget budget = new RowBudget(
                TrainingMemory.state(request.network(), request.config()),
                Runtime.getRuntime().maxMemory());
        budget.check();
        boolean exact =
                request.initial() != null && centersFeatures(request.initial().model());
        forEach(source, scan, (row, where) -> {
            Example kept = exact ? row : row.rounded();
            budget.add(kept);
            rows.add(kept);
        });
        CenteringScan centering = scan.centering();
        if (centering != null) {
            scan.center(sum(centering, source, rows, budget));
        }
        Fit fit = Fit.of(request, scan, source.featureNames(), source.labelName(), source.encoder());
        List<Example> held = new ArrayList<>();
        SkippedRows skippedValidation = new SkippedRows();
        if (validation != null) {
            DataScan check =
                    request.withValidationFraction(0).withStandardize(false).newScan();
            forEach(validation, check, (row, where) -> {
                budget.add(row);
                held.add(fit.resolve(row, where));
            });
            if (held.isEmpty()) {
                throw new DataException("no rows to measure on: none of the validation rows counts");
            }
            skippedValidation = check.skipped();
        }
        PreparedTraining prepared = prepare(request, fit, rows, held, threads).withScan(scan, skippedValidation);
        return request.refits()
                ? prepared.withRefit(() -> prepare(request.ofRefit(), source, null, threads))
                : prepared;
    }

    /** Whether a model needs what floats lose of features. */
    private static boolean centersFeatures(Model model) {
        Standardizer features = model.preprocessing().features();
        return features != null && features.centersAny();
    }

    /** Makes the second pass; where it needs what floats have lost of features, rows are read again and replaced. */
    private static CenteringScan sum(
            CenteringScan centering, ExampleSource source, List<Example> rows, RowBudget budget) throws IOException {
        if (centering.needsFeatures()) {
            rows.clear();
            for (int part = 0; part < source.parts(); part++) {
                try (ExampleReader reader = source.open(part)) {
                    for (Example row = read(reader); row != null; row = read(reader)) {
                        if (row.weight() > 0) {
                            budget.replace(row);
                            rows.add(row);
                        }
                    }
                }
            }
            budget.check();
        }
        rows.forEach(centering::add);
        return centering;
    }

    /** Prepares scanned rows; those that the request keeps back join the validation rows. */
    private static PreparedTraining prepare(
            TrainingRequest request, Fit fit, List<Example> rows, List<Example> held, int threads) {
        List<Example> training = new ArrayList<>();
        for (Example row : rows) { // the scan has found all labels good
            Example resolved = fit.resolve(row, () -> "a row");
            if (request.split().isValidation(row)) {
                held.add(resolved);
            } else {
                training.add(fit.weighed(resolved));
            }
        }
        fit.checkMeasures(!held.isEmpty());
        BatchLayout layout = BatchLayout.of(
                training.size(), fit.config().batchSize(), fit.config().lanes());
        Objective objective = fit.objective(layout);
        boolean scaled = fit.preprocessing().features() != null;
        int features = fit.network().inputSize();
        long rowBytes =
                TrainingMemory.blocks(training, features, scaled) + TrainingMemory.blocks(held, features, scaled);
        StepPlan plan = StepPlan.ofThreads(objective, fit.config(), rowBytes, threads);
        plan.check();
        List<Block> blocks = blocks(fit, training);
        GradientSource source =
                new LocalGradients(objective, fit.measures(), blocks, validationBlocks(fit, held), threads);
        return new PreparedTraining(fit, layout, source, plan);
    }

    private static List<Block> blocks(Fit fit, List<Example> rows) {
        return blocks(fit, rows, fit.config().batchSize(), fit.config().lanes());
    }

    /** Null when there are no rows. */
    private static List<Block> validationBlocks(Fit fit, List<Example> rows) {
        return rows.isEmpty() ? null : blocks(fit, rows, BatchLayout.FULL_BATCH, BatchLayout.AUTO_LANES);
    }

    private static List<Block> blocks(Fit fit, List<Example> rows, int batchSize, int lanes) {
        return Blocks.of(
                        rows,
                        fit.network().inputSize(),
                        fit.preprocessing(),
                        fit.config().seed(),
                        batchSize,
                        lanes)
                .blocks();
    }

    /** Scans all rows and hands on those that count. */
    private static void forEach(ExampleSource source, DataScan scan, BiConsumer<Example, Supplier<String>> action)
            throws IOException {
        for (int part = 0; part < source.parts(); part++) {
            try (ExampleReader reader = source.open(part)) {
                for (Example row = read(reader); row != null; row = read(reader)) {
                    scan.add(row, reader::where);
                    if (row.weight() > 0) {
                        action.accept(row, reader::where);
                    }
                }
                scan.addSkipped(reader.skipped());
                scan.addLeftOut(reader.leftOut());
            }
        }
    }

    /**
     * Reads a row.
     *
     * @throws CancellationException when the thread has been interrupted, as {@link LocalGradients} does between steps
     */
    private static Example read(ExampleReader reader) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("reading the rows was interrupted");
        }
        return reader.read();
    }
}
