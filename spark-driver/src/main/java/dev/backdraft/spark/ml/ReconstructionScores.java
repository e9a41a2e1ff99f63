package dev.backdraft.spark.ml;

import dev.backdraft.model.Predictor;

/**
 * What an autoencoder makes of a row: the reconstruction, and after it the error of it, if that is wanted.
 *
 * @param reconstruction a vector, if that is wanted
 */
record ReconstructionScores(ValueScores reconstruction, boolean error) implements RowScores {
    @Override
    public int count() {
        return reconstruction.count() + (error ? 1 : 0);
    }

    @Override
    public void put(Predictor predictor, int column, Object[] values, int from) {
        reconstruction.put(predictor, column, values, from);
        if (error) {
            values[from + reconstruction.count()] = predictor.reconstructionError(column);
        }
    }

    @Override
    public void putInvalid(Object[] values, int from) {
        reconstruction.putInvalid(values, from);
        if (error) {
            values[from + reconstruction.count()] = Double.NaN;
        }
    }
}
