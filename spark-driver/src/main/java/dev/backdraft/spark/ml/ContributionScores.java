package dev.backdraft.spark.ml;

import dev.backdraft.explain.Contributions;
import dev.backdraft.explain.IntegratedGradients;
import dev.backdraft.model.Model;
import dev.backdraft.model.Predictor;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.NumericAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;

/** What a model says of a row, and after it the contributions of the columns. Thread-safe. */
final class ContributionScores implements RowScores {
    private static final long serialVersionUID = 1;

    private final RowScores others;
    private final int columns;
    private final double[] thresholds; // of the classes, or null
    private transient volatile Deque<IntegratedGradients> idle; // of threads that explain rows

    private ContributionScores(RowScores others, int columns, double[] thresholds) {
        this.others = others;
        this.columns = columns;
        this.thresholds = thresholds;
    }

    /**
     * The scores with the contributions, if a column for them is set.
     *
     * @param thresholds that choose the class, or null
     */
    static RowScores after(RowScores others, NeuralNetworkParams params, Model model, double[] thresholds) {
        return params.getContributionsCol().isEmpty()
                ? others
                : new ContributionScores(
                        others, IntegratedGradients.columns(model).size(), thresholds);
    }

    /**
     * The schema with the column of contributions, if one is set.
     *
     * @throws IllegalArgumentException when there are no contributions for such a model
     */
    static StructType append(StructType schema, NeuralNetworkParams params, Model model) {
        String name = params.getContributionsCol();
        if (name.isEmpty()) {
            return schema;
        }
        try {
            IntegratedGradients.check(model);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("contributionsCol '" + name + "': " + e.getMessage(), e);
        }
        return Columns.append(
                schema, name, SQLDataTypes.VectorType(), attributes(name, model).toMetadata());
    }

    private static AttributeGroup attributes(String name, Model model) {
        List<String> names = model.preprocessing().featureNames();
        Attribute[] attributes = names.stream()
                .map(column -> NumericAttribute.defaultAttr().withName(column))
                .toArray(Attribute[]::new);
        return names.isEmpty()
                ? new AttributeGroup(name, IntegratedGradients.columns(model).size())
                : new AttributeGroup(name, attributes);
    }

    /** The schema of a fit with the column of contributions, if one is set. */
    static StructType append(StructType schema, NeuralNetworkParams params) {
        return Columns.append(schema, params.getContributionsCol(), SQLDataTypes.VectorType(), Metadata.empty());
    }

    @Override
    public int count() {
        return others.count() + 1;
    }

    @Override
    public void put(Predictor predictor, int column, Object[] values, int from) {
        others.put(predictor, column, values, from);
        int answer = predictor.model().choosesClass() ? (int) ClassScores.prediction(predictor, column, thresholds) : 0;
        Deque<IntegratedGradients> pool = pool();
        IntegratedGradients taken = pool.poll();
        IntegratedGradients gradients = taken == null ? new IntegratedGradients(predictor.model()) : taken;
        try {
            values[from + others.count()] = vector(gradients.of(predictor, column, answer));
        } finally {
            pool.add(gradients);
        }
    }

    private Deque<IntegratedGradients> pool() {
        Deque<IntegratedGradients> made = idle;
        if (made == null) {
            synchronized (this) {
                if (idle == null) {
                    idle = new ConcurrentLinkedDeque<>();
                }
                made = idle;
            }
        }
        return made;
    }

    private static Vector vector(Contributions contributions) {
        List<Double> values = contributions.values();
        return Vectors.dense(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    @Override
    public void putInvalid(Object[] values, int from) {
        others.putInvalid(values, from);
        double[] unknown = new double[columns];
        Arrays.fill(unknown, Double.NaN);
        values[from + others.count()] = Vectors.dense(unknown);
    }
}
