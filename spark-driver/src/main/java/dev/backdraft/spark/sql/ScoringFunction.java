package dev.backdraft.spark.sql;

import dev.backdraft.data.Cells;
import dev.backdraft.model.Model;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** The functions by what they return. Both take a model, by path or name, and the features of a row. */
enum ScoringFunction {
    PREDICT(
            "backdraft_predict",
            "every output of the model: values in the units of the labels, or probabilities of the classes (with one sigmoid"
                    + " output that of class 1)") {
        @Override
        DataType type() {
            return DataTypes.createArrayType(DataTypes.DoubleType, false);
        }

        @Override
        Object of(Model model, double[] features) {
            return model.predict(features);
        }

        @Override
        Object of(Model model, Cells row) {
            return model.predict(row);
        }
    },
    PREDICT_CLASS("backdraft_predict_class", "the predicted class, as the label is written in the training data") {
        @Override
        DataType type() {
            return DataTypes.StringType;
        }

        @Override
        Object of(Model model, double[] features) {
            return model.className(model.predictClass(features));
        }

        @Override
        Object of(Model model, Cells row) {
            return model.className(model.predictClass(row));
        }
    };

    private final String text;
    private final String returns;

    ScoringFunction(String text, String returns) {
        this.text = text;
        this.returns = returns;
    }

    /** The name in SQL. */
    String text() {
        return text;
    }

    /** What it returns. */
    abstract DataType type();

    /** For {@code DESCRIBE FUNCTION}. */
    String usage() {
        return "_FUNC_(model, features) - Returns " + returns
                + ". The model is the path of a model file, a run's directory or a saved model, or a registered name;"
                + " features are a vector, an array of numbers, or several values as in _FUNC_(model, a, b), not"
                + " scaled; of a model of a table also a struct with its columns. NULL for NULL features; a NULL among"
                + " the features is a gap in a table, else an error.";
    }

    /** What it says of the features of one row; as Spark takes it from a function. */
    abstract Object of(Model model, double[] features);

    /** The same, of a row of a table. */
    abstract Object of(Model model, Cells row);
}
