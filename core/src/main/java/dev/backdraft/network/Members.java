package dev.backdraft.network;

import dev.backdraft.layer.EnsembleLayer;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.Loss;
import java.util.List;

/**
 * The members of an ensemble as rows of a batch: k members with n rows are k·n rows that each answer alone, with the
 * target of their row and 1/k of its weight. So the loss is the mean over the members. Scratch for one thread.
 */
final class Members {
    private final int count;
    private final Loss loss;
    private float[] targets = {};
    private float[] weights = {};

    private Members(int count, Loss loss) {
        this.count = count;
        this.loss = loss;
    }

    /** Those of a network that ends with an {@link EnsembleLayer}, which takes one layer; else null. */
    static Members of(Network network, Loss loss) {
        int last = network.layers().size() - 1;
        boolean chained = network.inputs().get(last).equals(List.of(last - 1)) && last > 0;
        return chained && network.layers().get(last) instanceof EnsembleLayer ensemble
                ? new Members(ensemble.members(), loss)
                : null;
    }

    /**
     * Adds the mean losses of the members, and overwrites dOutputs with the gradient of their sum.
     *
     * @param outputs of the members, [k·outputs × n]; read
     * @param target [labels × n]; read
     * @param rowWeights of the n rows, or null for 1 each; read
     * @param totalWeight Σ of the rows' weights
     * @param dOutputs of the shape of outputs; overwritten, and may be the array of outputs
     */
    void addLoss(Matrix outputs, Matrix target, float[] rowWeights, double totalWeight, Matrix dOutputs, LossSum sum) {
        int rows = outputs.columns();
        int labels = target.rows();
        if (weights.length < count * rows) {
            weights = new float[count * rows];
            targets = new float[labels * count * rows];
        }
        for (int i = 0; i < count * rows; i++) {
            int n = i / count;
            weights[i] = Loss.weight(rowWeights, n) / count;
            System.arraycopy(target.values(), target.offset() + n * labels, targets, i * labels, labels);
        }
        Matrix answers = asRows(outputs);
        Matrix answered = new Matrix(targets, 0, labels, count * rows);
        double correct = loss.correct(answers, answered, weights);
        sum.add(loss.sum(answers, answered, weights, asRows(dOutputs)), totalWeight, correct);
    }

    private Matrix asRows(Matrix outputs) {
        return new Matrix(outputs.values(), outputs.offset(), outputs.rows() / count, outputs.columns() * count);
    }
}
