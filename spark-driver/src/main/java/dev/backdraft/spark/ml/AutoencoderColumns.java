package dev.backdraft.spark.ml;

import dev.backdraft.data.DataException;
import dev.backdraft.model.Model;
import dev.backdraft.train.TrainingDraft;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;

/** What parameters and columns an autoencoder and its models have beside those of all estimators and models. */
final class AutoencoderColumns {
    private AutoencoderColumns() {}

    static IntParam codeSize(ParamFactory make) {
        return make.whole(
                "codeSize",
                "number of units of the code, the narrowest hidden layer; the layers of hiddenLayers come before it"
                        + " and, in reverse, after it. 0: " + TrainingDraft.CODE_SIZE_RULE,
                TrainingDraft.CODE_SIZE_CHOSEN,
                TrainingDraft.CODE_SIZE_CHOSEN);
    }

    static Param<String> reconstructionErrorCol(ParamFactory make) {
        return make.usual(
                make.column(
                        "reconstructionErrorCol",
                        "column for the mean squared error of a row's reconstruction, over the inputs of the network,"
                                + " encoded and scaled; large for unusual rows; empty: none"),
                "reconstructionError");
    }

    /** Sets the defaults that differ from those of other estimators: there is no label, and the code has a column. */
    static void setDefaults(ParamFactory make, AutoencoderParams stage) {
        make.usual(stage.labelCol(), "");
        make.usual(stage.preset(), NetworkShape.NONE);
        make.usual(stage.embeddingCol(), "embedding");
        make.usual(stage.embeddingLayer(), (Object) Model.NARROWEST);
    }

    /**
     * Checks a fit before any job is run.
     *
     * @throws IllegalArgumentException when a column is missing or of the wrong type, or parameters contradict each
     *     other
     */
    static void check(StructType schema, AutoencoderParams params) {
        if (!params.getLabelCol().isEmpty()) {
            throw new DataException(
                    "labelCol is '%s', but an autoencoder has no label: it reproduces its features; clear labelCol",
                    params.getLabelCol());
        }
        if (!params.getPreset().equals(NetworkShape.NONE)) {
            throw new IllegalArgumentException(
                    "preset is " + params.getPreset() + ", but there is none for an autoencoder: clear preset");
        }
        if (!params.getContributionsCol().isEmpty()) {
            throw new IllegalArgumentException("contributionsCol is '" + params.getContributionsCol()
                    + "', but contributions are those to one answer, which an autoencoder does not give: clear"
                    + " contributionsCol");
        }
        NetworkShape.checkAlone(params, params.codeSize());
        FitChecks.check(schema, params);
    }

    /** The schema of a fit with the columns that its model will add. */
    static StructType append(StructType schema, AutoencoderParams params) {
        StructType result =
                Columns.append(schema, params.getPredictionCol(), SQLDataTypes.VectorType(), Metadata.empty());
        result = Columns.append(result, params.getReconstructionErrorCol(), DataTypes.DoubleType, Metadata.empty());
        return EmbeddingScores.append(result, params);
    }

    /** The schema of a model's rows with the columns that it adds. */
    static StructType append(StructType schema, AutoencoderParams params, Model model) {
        String name = params.getPredictionCol();
        StructType result = name.isEmpty()
                ? schema
                : Columns.append(
                        schema,
                        name,
                        SQLDataTypes.VectorType(),
                        new AttributeGroup(name, model.network().outputSize()).toMetadata());
        result = Columns.append(result, params.getReconstructionErrorCol(), DataTypes.DoubleType, Metadata.empty());
        return EmbeddingScores.append(ContributionScores.append(result, params, model), params, model);
    }
}
