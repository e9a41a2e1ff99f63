package dev.backdraft.spark.ml;

import dev.backdraft.data.DataException;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * Trains a neural network that reproduces its features through a narrow hidden layer, the code. The code describes a
 * row by few numbers, and the error of the reconstruction identifies unusual rows. There is no label.
 *
 * <pre>{@code
 * AutoencoderModel model = new Autoencoder()
 *         .setFeaturesCols("age", "city", "income")
 *         .setHiddenLayers(32)
 *         .setCodeSize(4)
 *         .fit(rows);
 * Dataset<Row> scored = model.transform(rows); // adds prediction, reconstructionError and embedding
 * }</pre>
 *
 * <p>The loss is the squared error of the inputs of the network, unless {@code loss} names another regression loss:
 * standardized features, or the encoded columns of a table. {@code hiddenLayers} come before the code and, in reverse,
 * after it; the code and the outputs have no activation. Without hidden layers and with an {@code l2} of 0, the code
 * spans the same space as the first principal components.
 *
 * <p>The same rows, parameters and seed give the same model, bit for bit, however the rows are partitioned. {@code
 * explainParams()} lists the parameters. Not thread-safe, like every stage whose parameters can be set.
 */
public final class Autoencoder extends Predictor<Vector, Autoencoder, AutoencoderModel>
        implements AutoencoderParams, NeuralNetworkSetters<Autoencoder>, DefaultParamsWritable {
    private static final long serialVersionUID = 1;

    private final String uid;
    private final ParamSet own;
    private final IntParam codeSize;
    private final Param<String> reconstructionErrorCol;

    /** An estimator with the default of every parameter. */
    public Autoencoder() {
        this(Identifiable.randomUID("autoencoder"));
    }

    /** An estimator with this uid and the default of every parameter. */
    public Autoencoder(String uid) {
        this(ConstructionUid.stash(uid), null);
    }

    @SuppressWarnings("unused") // the second argument tells the constructors apart
    private Autoencoder(String uid, Void afterStash) {
        this.uid = uid;
        own = new ParamSet(this);
        ParamFactory make = new ParamFactory(this);
        codeSize = AutoencoderColumns.codeSize(make);
        reconstructionErrorCol = AutoencoderColumns.reconstructionErrorCol(make);
        AutoencoderColumns.setDefaults(make, this);
    }

    @Override
    public String uid() {
        return ConstructionUid.of(uid);
    }

    @Override
    public ParamSet own() {
        return own;
    }

    @Override
    public IntParam codeSize() {
        return codeSize;
    }

    @Override
    public Param<String> reconstructionErrorCol() {
        return reconstructionErrorCol;
    }

    public Autoencoder setCodeSize(int value) {
        set(codeSize(), value);
        return this;
    }

    public Autoencoder setReconstructionErrorCol(String value) {
        set(reconstructionErrorCol(), value);
        return this;
    }

    /**
     * Trains a model like {@link #train}, and copies the parameters to it. Spark's own {@code fit} takes a column of
     * labels.
     */
    @Override
    public AutoencoderModel fit(Dataset<?> data) {
        transformSchema(data.schema(), true);
        return copyValues(train(data).setParent(this), ParamMap.empty());
    }

    /**
     * Trains a model.
     *
     * @throws DataException when the data does not fit; nothing has been trained then
     */
    @Override
    public AutoencoderModel train(Dataset<?> data) {
        try (Training training = new Training(this, data)) {
            Training.Outcome outcome = training.autoencoder(getCodeSize());
            return new AutoencoderModel(uid(), new ModelHandle(outcome.model()), Option.apply(outcome.summary()));
        }
    }

    /**
     * Returns the schema that the model's {@code transform} will return for rows of this schema. Runs no job.
     *
     * @throws IllegalArgumentException when a column is missing or of the wrong type, or parameters contradict each
     *     other
     */
    @Override
    public StructType transformSchema(StructType schema) {
        AutoencoderColumns.check(schema, this);
        return AutoencoderColumns.append(schema, this);
    }

    /**
     * Returns the size of the model in bytes. A Spark Connect server uses it to refuse a model that is too large before
     * it is trained.
     *
     * @throws UnsupportedOperationException when neither {@code layers} nor {@code network} determines it; the server
     *     then checks after the fit
     */
    @SuppressWarnings("MissingOverride") // Spark 4.0 does not have it
    public long estimateModelSize(Dataset<?> data) {
        return NetworkShape.bytes(this);
    }

    @Override
    public Autoencoder copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    @Override
    public MLWriter write() {
        return ModelStore.estimatorWriter(this);
    }

    /** Returns a reader of saved estimators. */
    public static MLReader<Autoencoder> read() {
        return ModelStore.estimatorReader(Autoencoder.class, Autoencoder::new);
    }

    /** Reads a saved estimator. */
    public static Autoencoder load(String path) {
        return read().load(path);
    }
}
