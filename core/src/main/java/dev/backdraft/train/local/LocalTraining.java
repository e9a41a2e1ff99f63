package dev.backdraft.train.local;

import dev.backdraft.column.ColumnScan;
import dev.backdraft.column.ColumnSettings;
import dev.backdraft.column.Columns;
import dev.backdraft.column.EncodedSource;
import dev.backdraft.data.DataException;
import dev.backdraft.data.DataSummary;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.data.RowCheck;
import dev.backdraft.data.RowEncoder;
import dev.backdraft.model.Model;
import dev.backdraft.train.Defaults;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.InitialModel;
import dev.backdraft.train.TrainingDraft;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.engine.LocalPreparation;
import dev.backdraft.train.engine.PreparedTraining;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Training in this JVM, from files to the model: no Spark. */
public final class LocalTraining {
    private LocalTraining() {}

    /**
     * Trains a model on rows in memory, by all processors of this machine.
     *
     * @param rows training rows with labels, and validation rows if the request keeps a share of them back; read
     * @throws dev.backdraft.data.DataException when the data does not fit the request; nothing has been trained then
     * @throws DivergedException when the loss stops being finite
     */
    public static Model train(TrainingRequest request, List<Example> rows, TrainingListener... listeners) {
        return train(request, rows, List.of(), TrainingStart.fromScratch(), listeners);
    }

    /**
     * Trains a model on rows in memory, by all processors of this machine.
     *
     * @param rows training rows with labels; read
     * @param validation rows to measure on after each epoch; empty for none, or when the request keeps a share of
     *     {@code rows} back; read
     * @param start from scratch, {@linkplain TrainingStart#from from a model}, or from a checkpoint
     * @throws dev.backdraft.data.DataException when the data does not fit the request or the start; nothing has been
     *     trained then
     * @throws IllegalArgumentException when there are validation rows, and the request keeps a share back, too
     * @throws DivergedException when the loss stops being finite
     */
    public static Model train(
            TrainingRequest request,
            List<Example> rows,
            List<Example> validation,
            TrainingStart start,
            TrainingListener... listeners) {
        try (PreparedTraining training = LocalPreparation.prepare(request, rows, validation)) {
            return training.train(start, List.of(listeners));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // nothing is read or written
        }
    }

    /**
     * Trains a model on rows in memory; {@link Defaults} fills in what the draft leaves open.
     *
     * @param rows training rows with labels, which a {@linkplain TrainingDraft#asAutoencoder draft for an autoencoder}
     *     ignores; read
     * @throws dev.backdraft.data.DataException when the data does not fit the draft; nothing has been trained then
     * @throws DivergedException when the loss stops being finite
     */
    public static Model train(TrainingDraft draft, List<Example> rows, TrainingListener... listeners) {
        List<Example> used = draft.isAutoencoder() ? labelledByFeatures(rows, draft.givenInputs()) : rows;
        DataSummary summary = new DataSummary();
        for (int i = 0; i < used.size(); i++) {
            int number = i;
            summary.add(used.get(i), () -> "row " + number);
        }
        return train(draft.resolve(summary, 0, false).request(), used, listeners);
    }

    /** The rows with their features as labels; all are as wide as the widest one that counts, or this wide. */
    private static List<Example> labelledByFeatures(List<Example> rows, int least) {
        int width = least;
        for (int i = 0; i < rows.size(); i++) {
            int number = i;
            if (RowCheck.counts(rows.get(i), () -> "row " + number)) {
                width = Math.max(width, rows.get(i).width());
            }
        }
        List<Example> labelled = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            try {
                labelled.add(rows.get(i).labelledByFeatures(width));
            } catch (DataException e) {
                throw e.in("row " + i);
            }
        }
        return labelled;
    }

    /**
     * Trains a model on a table as it is: columns are numbers, categories and dates, and may have gaps. The model
     * takes raw rows, too.
     *
     * @param draft whose open settings are chosen from the data
     * @param columns how the cells become numbers; nothing but {@link ColumnSettings#STANDARD} if the draft starts from
     *     a model, whose encoding stays as it is
     * @param raw training rows with the {@linkplain dev.backdraft.data.Cells cells} of a table, whose labels a draft
     *     for an autoencoder ignores, such as those of
     *     {@link dev.backdraft.data.file.CsvSchema#raw} or a {@link dev.backdraft.data.MemorySource}
     * @param threads at least 1; does not change the result
     * @throws dev.backdraft.data.DataException when the data does not fit the draft, or a column cannot be used;
     *     nothing has been trained then
     * @throws DivergedException when the loss stops being finite
     */
    public static Model train(
            TrainingDraft draft,
            ColumnSettings columns,
            ExampleSource raw,
            int threads,
            List<TrainingListener> listeners)
            throws IOException {
        if (draft.initial() != null) {
            RowEncoder known = knownColumns(draft.initial(), columns);
            ExampleSource rows = rows(draft, raw, known);
            TrainingRequest request = draft.resolve(LocalPreparation.summarize(rows), known.width(), false)
                    .request();
            return train(request, rows, null, threads, listeners);
        }
        ColumnSettings settings = draft.isAutoencoder() ? columns.withFlags() : columns;
        ColumnScan scan = LocalPreparation.scan(raw, new ColumnScan(raw.featureNames(), settings));
        Columns learned = scan.learn();
        ExampleSource rows = rows(draft, raw, learned);
        TrainingRequest request = draft.withInputs(scan.inputs(learned, TrainingDraft.BINS))
                .resolve(LocalPreparation.summarize(rows), learned.width(), false)
                .request();
        return train(request, rows, null, threads, listeners);
    }

    /** Raw rows as numbers, with the labels that the draft needs. */
    private static ExampleSource rows(TrainingDraft draft, ExampleSource raw, RowEncoder encoder) {
        ExampleSource encoded = new EncodedSource(raw, encoder);
        return draft.isAutoencoder() ? encoded.labelledByFeatures(encoder.width()) : encoded;
    }

    private static RowEncoder knownColumns(InitialModel initial, ColumnSettings columns) {
        RowEncoder known = initial.model().preprocessing().columns();
        if (known == null) {
            throw new IllegalArgumentException(
                    "the model to start from takes numbers as they are: give it rows of numbers, not the cells of a"
                            + " table");
        }
        if (columns.isSet()) {
            throw new IllegalArgumentException(
                    "the model to start from encodes columns as it has learned to: give ColumnSettings.STANDARD");
        }
        return known;
    }

    /** Trains a model from scratch on the rows of files. */
    public static Model train(
            TrainingRequest request,
            ExampleSource source,
            ExampleSource validation,
            int threads,
            List<TrainingListener> listeners)
            throws IOException {
        return train(request, source, validation, threads, TrainingStart.fromScratch(), listeners);
    }

    /**
     * Trains a model.
     *
     * @param validation rows to measure the loss on, or null; not together with a validation fraction
     * @param threads at least 1; does not change the result
     * @param start from scratch, or from a checkpoint
     * @throws dev.backdraft.data.DataException when the data does not fit the request; nothing has been trained then
     * @throws DivergedException when the loss stops being finite
     */
    public static Model train(
            TrainingRequest request,
            ExampleSource source,
            ExampleSource validation,
            int threads,
            TrainingStart start,
            List<TrainingListener> listeners)
            throws IOException {
        try (PreparedTraining training = LocalPreparation.prepare(request, source, validation, threads)) {
            return training.train(start, listeners);
        }
    }
}
