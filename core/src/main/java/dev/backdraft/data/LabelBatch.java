package dev.backdraft.data;

import dev.backdraft.linalg.Matrix;
import java.util.List;

/**
 * The labels of a batch of rows, as a loss and as metrics take them.
 *
 * @param label in their own unit, less the {@linkplain LabelScaling#offset offset} of columns that are centered in
 *     double [labels × n]
 * @param target scaled, as the network learned them [labels × n]; the same matrix as label where nothing is scaled
 * @param weights of the n rows; null when all are 1
 */
public record LabelBatch(Matrix label, Matrix target, float[] weights) {
    /**
     * The labels of rows.
     *
     * @param rows at least one, with as many labels each, {@linkplain Preprocessing#resolve resolved}; read
     */
    public static LabelBatch of(List<Example> rows, Preprocessing preprocessing) {
        int labels = rows.get(0).labelCount();
        Matrix label = Matrix.zeros(labels, rows.size());
        float[] weights = new float[rows.size()];
        for (int n = 0; n < weights.length; n++) {
            rows.get(n).copyLabelsTo(label.values(), n * labels, labels);
            weights[n] = rows.get(n).weight();
        }
        LabelScaling scaling = preprocessing.labelScaling();
        if (scaling.isNone()) {
            return new LabelBatch(label, label, weights);
        }
        Matrix target = new Matrix(label.values().clone(), 0, labels, weights.length);
        for (int n = 0; n < weights.length; n++) {
            preprocessing.scaleLabels(target.values(), n * labels, labels);
        }
        scaling.unscale(label);
        return new LabelBatch(label, target, weights);
    }

    /**
     * The labels of rows whose targets are scaled already.
     *
     * @param target not copied; read
     * @param weights not copied; null when all are 1
     * @param scaling that targets have
     */
    public static LabelBatch ofTargets(Matrix target, float[] weights, LabelScaling scaling) {
        if (scaling.isNone()) {
            return new LabelBatch(target, target, weights);
        }
        Matrix label = Matrix.zeros(target.rows(), target.columns());
        System.arraycopy(target.values(), target.offset(), label.values(), 0, target.size());
        scaling.invert(label);
        return new LabelBatch(label, target, weights);
    }
}
