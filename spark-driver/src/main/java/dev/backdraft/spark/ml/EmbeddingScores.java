package dev.backdraft.spark.ml;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.model.Model;
import dev.backdraft.model.Predictor;
import java.util.Arrays;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;

/**
 * What a model says of a row, and after it the outputs of a hidden layer.
 *
 * @param layer its number, or {@link Model#LAST_HIDDEN}
 * @param size number of its outputs
 */
record EmbeddingScores(RowScores others, int layer, int size) implements RowScores {
    /** The scores with the outputs of the hidden layer, if a column for them is set. */
    static RowScores after(RowScores others, NeuralNetworkParams params, Model model) {
        return params.getEmbeddingCol().isEmpty()
                ? others
                : new EmbeddingScores(
                        others, params.getEmbeddingLayer(), model.embeddingSize(params.getEmbeddingLayer()));
    }

    /**
     * The schema with the column of the hidden layer, if one is set.
     *
     * @throws IllegalArgumentException when the network has no such layer
     */
    static StructType append(StructType schema, NeuralNetworkParams params, Model model) {
        String name = params.getEmbeddingCol();
        if (name.isEmpty()) {
            return schema;
        }
        int size;
        try {
            size = model.embeddingSize(params.getEmbeddingLayer());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("embeddingCol '" + name + "': " + e.getMessage(), e);
        }
        return Columns.append(schema, name, SQLDataTypes.VectorType(), new AttributeGroup(name, size).toMetadata());
    }

    /** The schema of a fit with the column of the hidden layer, if one is set. */
    static StructType append(StructType schema, NeuralNetworkParams params) {
        return Columns.append(schema, params.getEmbeddingCol(), SQLDataTypes.VectorType(), Metadata.empty());
    }

    @Override
    public int count() {
        return others.count() + 1;
    }

    @Override
    public void put(Predictor predictor, int column, Object[] values, int from) {
        values[from + others.count()] = vector(predictor.embedding(layer), column);
        others.put(predictor, column, values, from);
    }

    private static Vector vector(Matrix embedding, int column) {
        double[] values = new double[embedding.rows()];
        for (int i = 0; i < values.length; i++) {
            values[i] = embedding.get(i, column);
        }
        return Vectors.dense(values);
    }

    @Override
    public void putInvalid(Object[] values, int from) {
        others.putInvalid(values, from);
        double[] unknown = new double[size];
        Arrays.fill(unknown, Double.NaN);
        values[from + others.count()] = Vectors.dense(unknown);
    }
}
