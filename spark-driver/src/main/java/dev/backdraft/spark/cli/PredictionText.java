package dev.backdraft.spark.cli;

import dev.backdraft.data.LabelColumns;
import dev.backdraft.explain.IntegratedGradients;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.DistributionLoss;
import dev.backdraft.model.Model;
import dev.backdraft.model.Predictor;
import dev.backdraft.model.ScoredBatches;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A model's predictions as lines of CSV: the columns that are kept, then those of the model.
 *
 * @param reconstructionError whether there is a column for the error of an autoencoder's reconstruction
 * @param contributions whether there are columns for the contributions of the features
 * @param embedding the layer whose outputs have columns, as {@link Model#embeddingSize} takes it; null for none
 */
record PredictionText(boolean reconstructionError, boolean contributions, Integer embedding) implements Serializable {
    /**
     * The line with the names of all columns.
     *
     * @param kept names of the columns that are kept
     * @throws UsageException when two of them are the same
     */
    String header(Model model, List<String> kept) {
        List<String> all = new ArrayList<>(kept);
        all.addAll(columns(model));
        if (reconstructionError) {
            all.add("reconstruction_error");
        }
        if (contributions) {
            IntegratedGradients.columns(model).forEach(column -> all.add("contribution_" + column));
        }
        for (int i = 0; embedding != null && i < model.embeddingSize(embedding); i++) {
            all.add("embedding_" + i);
        }
        Set<String> seen = new HashSet<>();
        for (String column : all) {
            if (!seen.add(column)) {
                throw new UsageException(
                        "--keep: '" + column
                                + "' is also the name of a column of the predictions: rename the input's column, or leave it out");
            }
        }
        return CsvText.lines(List.of(all));
    }

    private static List<String> columns(Model model) {
        int outputs = model.network().outputSize();
        List<String> columns = new ArrayList<>();
        if (severalAnswers(model) && model.loss() instanceof DistributionLoss distribution) {
            for (int k = 0; k < outputs; k++) {
                columns.add("prediction_" + distribution.outputName(k));
            }
            return columns;
        }
        if (severalAnswers(model)) {
            List<String> labels = model.reconstructs() && model.preprocessing().columns() == null
                    ? model.preprocessing().featureNames()
                    : LabelColumns.split(model.preprocessing().labelName());
            for (int k = 0; k < outputs; k++) {
                columns.add("prediction_" + (labels.size() == outputs ? labels.get(k) : Integer.toString(k)));
            }
            return columns;
        }
        columns.add("prediction");
        for (int k = 0; k < model.classCount(); k++) {
            columns.add("probability_" + model.className(k));
        }
        return columns;
    }

    /** Whether each output is a value, or the probability of a yes, of its own. */
    private static boolean severalAnswers(Model model) {
        return model.network().outputSize() > 1 && !model.choosesClass();
    }

    /** The lines of a batch. */
    String of(Model model, ScoredBatches batch) {
        IntegratedGradients gradients = contributions ? new IntegratedGradients(model) : null;
        List<List<String>> embedded = embedded(batch); // before contributions, which run the network on other rows
        Matrix prediction = batch.predictor().predict();
        List<List<String>> records = new ArrayList<>();
        for (int n = 0; n < prediction.columns(); n++) {
            List<String> record = new ArrayList<>(batch.kept(n));
            addPredictions(record, model, batch.predictor(), prediction, n);
            if (reconstructionError) {
                record.add(Float.toString((float) batch.predictor().reconstructionError(n)));
            }
            if (contributions) {
                int answer = model.choosesClass() ? batch.predictor().predictedClass(n) : 0;
                for (double value : gradients.of(batch.predictor(), n, answer).values()) {
                    record.add(Float.toString((float) value));
                }
            }
            record.addAll(embedded.isEmpty() ? List.of() : embedded.get(n));
            records.add(record);
        }
        return CsvText.lines(records);
    }

    /** The outputs of the layer for each row; empty without one. */
    private List<List<String>> embedded(ScoredBatches batch) {
        List<List<String>> rows = new ArrayList<>();
        if (embedding == null) {
            return rows;
        }
        Matrix values = batch.predictor().embedding(embedding);
        for (int n = 0; n < values.columns(); n++) {
            List<String> row = new ArrayList<>();
            for (int i = 0; i < values.rows(); i++) {
                row.add(Float.toString(values.get(i, n)));
            }
            rows.add(row);
        }
        return rows;
    }

    private static void addPredictions(
            List<String> record, Model model, Predictor predictor, Matrix prediction, int n) {
        if (severalAnswers(model)) {
            for (int k = 0; k < prediction.rows(); k++) {
                record.add(value(model, predictor, k, n));
            }
        } else if (!model.loss().target().classifies()) {
            record.add(value(model, predictor, 0, n));
        } else {
            record.add(model.className(predictor.predictedClass(n)));
            if (prediction.rows() == 1) {
                record.add(Float.toString((float) predictor.probability(0, n)));
            }
            for (int k = 0; k < prediction.rows(); k++) {
                record.add(Float.toString(prediction.get(k, n)));
            }
        }
    }

    /** With as many digits as it has: those of a double only when the label is centered in double. */
    private static String value(Model model, Predictor predictor, int output, int row) {
        boolean exact = model.preprocessing().labelScaling().offset(output) != 0;
        double value = predictor.value(output, row);
        return exact ? Double.toString(value) : Float.toString((float) value);
    }
}
