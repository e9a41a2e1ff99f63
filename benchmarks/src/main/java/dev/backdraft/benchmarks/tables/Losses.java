package dev.backdraft.benchmarks.tables;

import dev.backdraft.data.Example;
import java.util.List;

/** Adds up how far answers are from labels. Mutable, not thread-safe. */
final class Losses {
    private static final double LEAST = 1e-12; // of a probability, so that its logarithm is finite

    private final Table table;
    private double losses; // squares of errors, of numbers
    private double further; // right answers, or absolute errors
    private int rows;

    private Losses(Table table) {
        this.table = table;
    }

    /** Gives the probabilities of the classes of a test row, or the one number that is predicted. */
    @FunctionalInterface
    interface Answers {
        double[] of(int row);
    }

    /** Compares the answers for all test rows with their labels. */
    static Losses of(Table table, Answers answers) {
        Losses sums = new Losses(table);
        List<Example> rows = table.test().rows();
        for (int n = 0; n < rows.size(); n++) {
            sums.add(answers.of(n), rows.get(n));
        }
        return sums;
    }

    private void add(double[] answer, Example row) {
        rows++;
        if (!table.classifies()) {
            double error = answer[0] - row.label();
            losses += error * error;
            further += Math.abs(error);
            return;
        }
        int label = table.classNames().indexOf(row.labelText());
        losses -= Math.log(Math.max(LEAST, answer[label]));
        boolean best = true;
        for (double share : answer) {
            best &= share <= answer[label];
        }
        further += best ? 1 : 0;
    }

    /** Mean log-loss of classes, or root of the mean squared error. */
    double loss() {
        return table.classifies() ? losses / rows : Math.sqrt(losses / rows);
    }

    /** Accuracy of classes, or mean absolute error. */
    double further() {
        return further / rows;
    }
}
