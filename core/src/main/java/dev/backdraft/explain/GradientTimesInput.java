package dev.backdraft.explain;

import dev.backdraft.data.Example;
import dev.backdraft.data.Standardizer;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.model.Model;
import dev.backdraft.network.Backpropagation;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Importance of features by gradient × input: the gradient of the loss or of an output with respect to each input, times the
 * input.
 *
 * <p>Of row n the attribution of feature i is {@code aₙᵢ = xₙᵢ · ∂fₙ/∂xₙᵢ}, with f the loss of the row or one output (a logit, before
 * softmax or sigmoid), x what the network sees: the standardized feature when the model standardizes, so that a is relative to
 * the feature's mean, and else the feature as it is. Of all rows it is the weighted mean of {@code |aₙᵢ|}, or of aₙᵢ with its sign, and
 * the deviation over the rows. For a linear output the signed attributions of a row sum up to the output less its bias. Shrikumar,
 * Greenside, Shcherbina and Kundaje 2016, "Not just a black box", which has it of outputs.
 *
 * <p>One pass over the rows. It looks at the slope where a row is, so a feature can have importance 0 where an activation is
 * flat; {@link PermutationImportance} does not have this limit.
 *
 * @param output whose gradient it is, from 0; {@link #LOSS} for the loss
 * @param signed whether attributions of opposite signs cancel
 */
public record GradientTimesInput(int output, boolean signed) {
    /** The number of the loss in place of an output: the loss of a row, before any {@code objective} of its mean. */
    public static final int LOSS = -1;

    public GradientTimesInput {
        if (output < LOSS) {
            throw new IllegalArgumentException("outputs are counted from 0, and -1 is the loss: " + output);
        }
    }

    /** Measures the loss, without signs. */
    public GradientTimesInput() {
        this(LOSS, false);
    }

    /**
     * Measures a model on rows in memory.
     *
     * @param rows labeled rows, as in the training data; read
     * @throws dev.backdraft.data.DataException when there are none, or one does not fit the model
     * @throws IllegalArgumentException when the model has no such output
     */
    public Importances of(Model model, List<Example> rows) {
        return of(model, ImportanceRows.of(model, rows, 0, Integer.MAX_VALUE));
    }

    /** Measures a model on rows that have been selected. */
    public Importances of(Model model, ImportanceRows rows) {
        int outputs = model.network().outputSize();
        if (output >= outputs) {
            throw new IllegalArgumentException("output " + output + " of a model with " + outputs + ", counted from 0");
        }
        int features = model.network().inputSize();
        if (model.preprocessing().columns() != null) {
            throw new IllegalArgumentException(
                    "a gradient says nothing about the categories of a table: measure the importance by permutation");
        }
        float[] parameters = model.parameters();
        Backpropagation backpropagation = new Backpropagation(model.network(), model.loss(), RowBatches.MOST_ROWS);
        RowBatches batches = new RowBatches(model, rows.rows());
        Spread[] attributions = new Spread[features];
        for (int i = 0; i < features; i++) {
            attributions[i] = new Spread();
        }
        Spread baseline = new Spread();
        for (int from = 0; batches.load(from); from += batches.count()) {
            scale(model, batches);
            Matrix x = new Matrix(batches.x(), 0, features, batches.count());
            Matrix dx = Matrix.zeros(features, batches.count());
            Matrix dLogits = Matrix.zeros(outputs, batches.count());
            Matrix logits = backpropagation.forward(parameters, x);
            addBaseline(model, batches, logits, dLogits, baseline);
            backpropagation.addOutputGradient(parameters, x, dLogits, null, dx);
            for (int n = 0; n < batches.count(); n++) {
                for (int i = 0; i < features; i++) {
                    double attribution = (double) x.get(i, n) * dx.get(i, n);
                    attributions[i].add(
                            signed ? attribution : Math.abs(attribution),
                            batches.labels().weights()[n]);
                }
            }
        }
        List<FeatureImportance> importances = IntStream.range(0, features)
                .mapToObj(i -> attributions[i].of(model, i))
                .toList();
        String measure = output == LOSS ? "loss" : "output " + output;
        return new Importances(measure, baseline.mean(), rows.rows().size(), importances);
    }

    private static void scale(Model model, RowBatches batches) {
        Standardizer standardizer = model.preprocessing().features();
        for (int n = 0; standardizer != null && n < batches.count(); n++) {
            standardizer.apply(batches.x(), n * standardizer.columns());
        }
    }

    /** Adds the values of the rows to their mean, and overwrites the gradient of each with respect to its logits. */
    private void addBaseline(Model model, RowBatches batches, Matrix logits, Matrix dLogits, Spread baseline) {
        if (output == LOSS) {
            double weight = 0;
            for (int n = 0; n < batches.count(); n++) {
                weight += batches.labels().weights()[n];
            }
            double sum = model.loss()
                    .sum(logits, batches.labels().target(), batches.labels().weights(), dLogits);
            baseline.add(sum / weight, weight);
            model.loss()
                    .sum(logits, batches.labels().target(), null, dLogits); // the gradient of each row, not weighted
            return;
        }
        for (int n = 0; n < batches.count(); n++) {
            baseline.add(logits.get(output, n), batches.labels().weights()[n]);
            dLogits.set(output, n, 1);
        }
    }
}
