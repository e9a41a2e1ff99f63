package dev.backdraft.label;

import dev.backdraft.data.DataException;
import dev.backdraft.data.DataSummary;
import dev.backdraft.data.Example;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.loss.Loss;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Class weights that let all classes count the same: W / (K · W<sub>k</sub>) for class k, with K classes and the sum W of all row
 * weights. scikit-learn's {@code class_weight="balanced"} is the same for rows of weight 1.
 */
public final class BalancedWeights {
    /** What stands for these weights in JSON and on the command line. */
    public static final String NAME = "balanced";

    private BalancedWeights() {}

    /**
     * The weights of classes 0, 1, …; 1 for a class without rows.
     *
     * @param known names of the classes in their order, of which the data may have only some; empty when classes have
     *     no names; null when the data tells
     * @throws DataException when the labels are not classes, or too many
     */
    public static List<Double> of(DataSummary data, Loss loss, int outputs, List<String> known) {
        boolean oneClass = data.labels().count() == 1 && loss.target().choosesClass(outputs);
        if (!oneClass) {
            throw new DataException("balanced class weights need a label that is one of several classes");
        }
        List<String> names = known != null ? known : LabelRules.classNames(data.labels(), loss, outputs);
        Preprocessing preprocessing = new Preprocessing(List.of(), null, names, null, null);
        int classes = loss.target().classCount(outputs);
        List<Double> sums = new ArrayList<>(Collections.nCopies(classes, 0.0));
        double total = 0;
        for (Map.Entry<String, Double> label : data.labelWeights().entrySet()) {
            int index = index(label.getKey(), preprocessing, classes);
            sums.set(index, sums.get(index) + label.getValue());
            total += label.getValue();
        }
        if (total == 0) {
            throw new DataException(
                    "balanced class weights: there are more than %d different labels, too many for classes",
                    DataSummary.MOST_COUNTED);
        }
        List<Double> weights = new ArrayList<>();
        for (double sum : sums) {
            weights.add(sum == 0 ? 1 : total / (classes * sum));
        }
        return weights;
    }

    private static int index(String label, Preprocessing preprocessing, int classes) {
        double number;
        try {
            number = Double.parseDouble(label);
        } catch (NumberFormatException e) {
            number = Double.NaN; // a text, which is the name of a class
        }
        float index = preprocessing.resolve(Example.dense(new float[0], number).withLabelText(label, number));
        if (!(index >= 0 && index < classes && index == Math.rint(index))) {
            throw new DataException("balanced class weights: label %s is not one of the %d classes", label, classes);
        }
        return (int) index;
    }
}
