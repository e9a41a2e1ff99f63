package dev.backdraft.spark.ml;

import dev.backdraft.data.DataException;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.Regressor;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * Trains a neural network that predicts a number, or several numbers if the label is a vector or an array. The number of
 * features follows from the data; features and label are standardized unless {@code standardize} is off, and predictions are in
 * the label's own units.
 *
 * <pre>{@code
 * NeuralNetworkRegressionModel model = new NeuralNetworkRegressor()
 *         .setHiddenLayers(64, 32)
 *         .setMaxIter(50)
 *         .fit(training);
 * Dataset<Row> scored = model.transform(test);
 * }</pre>
 *
 * <p>The same rows, parameters and seed give the same model, bit for bit, however the rows are partitioned. {@code
 * explainParams()} lists the parameters. Not thread-safe, like every stage whose parameters can be set.
 */
public final class NeuralNetworkRegressor
        extends Regressor<Vector, NeuralNetworkRegressor, NeuralNetworkRegressionModel>
        implements NeuralNetworkSetters<NeuralNetworkRegressor>, DefaultParamsWritable {
    private static final long serialVersionUID = 1;

    private final String uid;
    private final ParamSet own;

    /** An estimator with the default of every parameter. */
    public NeuralNetworkRegressor() {
        this(Identifiable.randomUID("neuralNetworkRegressor"));
    }

    /** An estimator with this uid and the default of every parameter. */
    public NeuralNetworkRegressor(String uid) {
        this(ConstructionUid.stash(uid), null);
    }

    @SuppressWarnings("unused") // the second argument tells the constructors apart
    private NeuralNetworkRegressor(String uid, Void afterStash) {
        this.uid = uid;
        own = new ParamSet(this);
    }

    @Override
    public String uid() {
        return ConstructionUid.of(uid);
    }

    @Override
    public ParamSet own() {
        return own;
    }

    /**
     * Trains a model like {@link #train}, and copies the parameters to it. Spark's own {@code fit} would cast the label to one
     * number.
     */
    @Override
    public NeuralNetworkRegressionModel fit(Dataset<?> data) {
        transformSchema(data.schema(), true);
        return copyValues(train(data).setParent(this), ParamMap.empty());
    }

    /**
     * Trains a model.
     *
     * @throws DataException when the data does not fit; nothing has been trained then
     */
    @Override
    public NeuralNetworkRegressionModel train(Dataset<?> data) {
        try (Training training = new Training(this, data)) {
            Training.Outcome outcome = training.regressor();
            return new NeuralNetworkRegressionModel(
                    uid(), new ModelHandle(outcome.model()), Option.apply(outcome.summary()));
        }
    }

    /**
     * Returns the schema that the model's {@code transform} will return for rows of this schema. Runs no job.
     *
     * @throws IllegalArgumentException when a column is missing or of the wrong type, or parameters contradict each other
     */
    @Override
    public StructType transformSchema(StructType schema) {
        FitChecks.check(schema, this);
        DataType label = Columns.type(schema, getLabelCol());
        if (label instanceof StringType) {
            FitChecks.checkNumericLabel(schema, this, "a regression predicts numbers: cast the column to double");
        }
        StructType result = Columns.append(
                schema,
                getPredictionCol(),
                FitChecks.isNumber(label) ? DataTypes.DoubleType : SQLDataTypes.VectorType(),
                Metadata.empty());
        return EmbeddingScores.append(ContributionScores.append(result, this), this);
    }

    /**
     * Returns the size of the model in bytes. A Spark Connect server uses it to refuse a model that is too large before it is
     * trained.
     *
     * @throws UnsupportedOperationException when neither {@code layers} nor {@code network} determines it; the server then
     *     checks after the fit
     */
    @SuppressWarnings("MissingOverride") // Spark 4.0 does not have it
    public long estimateModelSize(Dataset<?> data) {
        return NetworkShape.bytes(this);
    }

    @Override
    public NeuralNetworkRegressor copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    @Override
    public MLWriter write() {
        return ModelStore.estimatorWriter(this);
    }

    /** Returns a reader of saved estimators. */
    public static MLReader<NeuralNetworkRegressor> read() {
        return ModelStore.estimatorReader(NeuralNetworkRegressor.class, NeuralNetworkRegressor::new);
    }

    /** Reads a saved estimator. */
    public static NeuralNetworkRegressor load(String path) {
        return read().load(path);
    }
}
