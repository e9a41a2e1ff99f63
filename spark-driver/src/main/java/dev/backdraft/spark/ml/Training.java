package dev.backdraft.spark.ml;

import dev.backdraft.column.ColumnInput;
import dev.backdraft.column.ColumnScan;
import dev.backdraft.column.ColumnSettings;
import dev.backdraft.data.DataException;
import dev.backdraft.data.DataSummary;
import dev.backdraft.data.LabelColumns;
import dev.backdraft.data.LabelScale;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.data.RowEncoder;
import dev.backdraft.label.Outputs;
import dev.backdraft.loss.DistributionLoss;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkJson;
import dev.backdraft.spark.data.Cancellation;
import dev.backdraft.spark.data.DataFrameRows;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.data.ListColumns;
import dev.backdraft.spark.engine.Aggregation;
import dev.backdraft.spark.engine.JobLabels;
import dev.backdraft.spark.engine.SparkTraining;
import dev.backdraft.spark.internal.HadoopSettings;
import dev.backdraft.spark.score.SavedModel;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.EarlyStopping;
import dev.backdraft.train.InitialModel;
import dev.backdraft.train.Setting;
import dev.backdraft.train.TrainingDraft;
import dev.backdraft.train.TrainingJson;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * One fit: from the parameters of an estimator and a data set to a model. The same for both estimators but for the labels. Rows
 * that the user does not keep in memory are kept while this is open, as a fit looks at them several times, and a source that is
 * not deterministic would give others each time.
 */
final class Training implements AutoCloseable {
    private final NeuralNetworkParams params;
    private final Dataset<Row> all; // rows, and only the columns that count
    private StructType schema; // of these; knows how long the lists of a table are
    private final boolean kept; // in memory by this fit
    private final JobLabels labels;
    private final InitialModel initial; // null: weights are drawn
    private RowEncoder table; // that the features are encoded by; null: they are numbers as they are
    private List<ColumnInput> inputs = List.of(); // of the network, where there is a table
    private boolean reproduces; // the features, which are the labels
    private int reproducedWidth; // their number; 0 when it is not known yet, or there are labels

    /** What a fit comes to. */
    record Outcome(Model model, NeuralNetworkTrainingSummary summary) {}

    Training(NeuralNetworkParams params, Dataset<?> data) {
        this(params, data, data.storageLevel());
    }

    /** @param storage of the rows that the user gave, where these have been derived from them */
    Training(NeuralNetworkParams params, Dataset<?> data, StorageLevel storage) {
        this.params = params;
        initial = initial(params, data.sparkSession());
        all = Columns.select(data, params);
        schema = all.schema();
        labels = new JobLabels(all.sparkSession().sparkContext());
        kept = storage.equals(StorageLevel.NONE()) && all.storageLevel().equals(StorageLevel.NONE());
        if (kept) {
            all.persist(StorageLevel.MEMORY_AND_DISK());
        }
    }

    /** The model to start from; null without any. */
    private static InitialModel initial(NeuralNetworkParams params, SparkSession spark) {
        if (!NetworkShape.startsFromModel(params)) {
            return null;
        }
        try {
            return SavedModel.readInitial(params.getInitialModel(), HadoopSettings.of(spark));
        } catch (IOException e) {
            throw new IllegalArgumentException("initialModel: " + e.getMessage(), e);
        }
    }

    /** The model to start from; null without any. */
    InitialModel initial() {
        return initial;
    }

    @Override
    public void close() {
        if (kept) {
            Cancellation.shield(all::unpersist);
        }
    }

    /**
     * Trains a classifier.
     *
     * @param thresholds of its classes, or null
     */
    Outcome classifier(double[] thresholds) {
        return counting(() -> trainClassifier(thresholds));
    }

    private Outcome trainClassifier(double[] thresholds) {
        FeatureColumns features = features();
        if (initial != null) {
            return trainClassifierFurther(thresholds, features);
        }
        Network given = NetworkShape.isGiven(params) ? NetworkShape.given(params, features.count()) : null;
        int said = given == null ? NetworkShape.classesOfLayers(params) : NetworkShape.classes(given.outputSize());
        ClassLabels found = look(
                "counting classes",
                () -> ClassLabels.of(all, params.getLabelCol(), Columns.name(params, params.weightCol()), said));
        int classes = found.count();
        FitChecks.checkClasses(params, thresholds, classes);
        Loss wanted = TrainingJson.loss(params.getLoss());
        Network network =
                given != null ? given : network(features, classes, Outputs.ofClasses(classes, wanted), wanted);
        int outputs = network == null ? Outputs.ofClasses(classes, wanted) : network.outputSize();
        Loss loss = wanted != null ? wanted : outputs == 1 ? new SigmoidCrossEntropy() : new SoftmaxCrossEntropy();
        if (!loss.target().choosesClass(outputs) || loss.target().classCount(outputs) != classes) {
            throw new DataException(
                    "%s with %d output%s cannot tell the %d classes of column '%s' apart: it needs another loss or network",
                    loss.name(), outputs, outputs == 1 ? "" : "s", classes, params.getLabelCol());
        }
        return train(draft(network, outputs, loss), features, classes, found.names());
    }

    private Outcome trainClassifierFurther(double[] thresholds, FeatureColumns features) {
        Model model = initial.model();
        checkKind(model.choosesClass(), "tells classes apart");
        ClassLabels found =
                ClassLabels.of(all, params.getLabelCol(), Columns.name(params, params.weightCol()), model.classCount());
        List<String> names = model.preprocessing().classNames();
        boolean sameNames =
                found.names().isEmpty() || names.isEmpty() || found.names().equals(names);
        if (found.count() != model.classCount() || !sameNames) {
            throw new DataException(
                    "column '%s' has %s, but initialModel has %s: give rows with the classes of the model, or fit a"
                            + " new one",
                    params.getLabelCol(), classes(found.count(), found.names()), classes(model.classCount(), names));
        }
        FitChecks.checkClasses(params, thresholds, found.count());
        return train(draftFurther(), features, found.count(), found.names().isEmpty() ? names : found.names());
    }

    private static String classes(int count, List<String> names) {
        return count + " classes" + (names.isEmpty() ? "" : " (" + LabelColumns.shortened(names) + ")");
    }

    /** Refuses a model that is for another kind of labels. */
    private void checkKind(boolean right, String wanted) {
        if (!right) {
            throw new IllegalArgumentException("initialModel: the model was trained with "
                    + initial.model().loss().name() + ", but this estimator needs one that " + wanted
                    + ": choose another model or another estimator");
        }
    }

    /** The settings of the parameters for the model to start from. */
    private TrainingDraft draftFurther() {
        TrainingDraft draft = TrainingSettings.draft(params);
        Loss loss = TrainingJson.loss(params.getLoss());
        Preprocessing known = initial.model().preprocessing().withClassNames(List.of()); // labels are indices
        Preprocessing unnamed = known.columns() == null ? known.withNames(List.of(), known.labelName()) : known;
        return (loss == null ? draft : draft.with(Setting.LOSS.key(), TrainingJson.write(loss)))
                .withInitial(initial.withPreprocessing(unnamed));
    }

    /** Trains a regression. */
    Outcome regressor() {
        return counting(this::trainRegressor);
    }

    private Outcome trainRegressor() {
        Loss wanted = TrainingJson.loss(params.getLoss());
        Loss loss = wanted == null ? new SquaredError() : wanted;
        if (loss.target().classifies()) {
            throw new IllegalArgumentException(
                    "loss: " + loss.name() + " is for classes: NeuralNetworkClassifier trains with it");
        }
        FeatureColumns features = features();
        if (initial != null) {
            checkKind(!initial.model().loss().target().classifies(), "predicts numbers");
            return train(draftFurther(), features, 0, List.of());
        }
        Network network;
        int outputs = 0; // those of the network
        if (NetworkShape.isGiven(params)) {
            network = NetworkShape.given(params, features.count());
        } else {
            int labels = outputs();
            outputs = labels == 1 && loss instanceof DistributionLoss one ? one.outputs() : labels;
            network = network(features, outputs, outputs, wanted);
        }
        return train(draft(network, outputs, loss), features, 0, List.of());
    }

    /** Trains a network that answers a question of yes or no for each of the label's numbers. */
    Outcome multiLabel() {
        return counting(this::trainMultiLabel);
    }

    private Outcome trainMultiLabel() {
        Loss wanted = TrainingJson.loss(params.getLoss());
        Loss loss = wanted == null ? new SigmoidCrossEntropy() : wanted;
        if (!loss.target().asksQuestions()) {
            throw new IllegalArgumentException("loss: " + loss.name()
                    + " is not for labels that are each yes or no: choose sigmoid-cross-entropy, sigmoid-focal,"
                    + " binary-cross-entropy, hinge or squared-hinge, or another estimator");
        }
        FeatureColumns features = features();
        if (initial != null) {
            Model model = initial.model();
            checkKind(
                    model.loss().target().asksQuestions() && !model.choosesClass(),
                    "answers several questions of yes or no");
            return train(draftFurther(), features, 0, List.of());
        }
        int labels = outputs();
        Network network = NetworkShape.isGiven(params)
                ? NetworkShape.given(params, features.count())
                : network(features, labels, labels, wanted);
        return train(draft(network, labels, loss), features, 0, List.of());
    }

    /**
     * Trains a network that reproduces its features.
     *
     * @param codeSize as {@link TrainingDraft#asAutoencoder} takes it
     */
    Outcome autoencoder(int codeSize) {
        reproduces = true;
        return counting(() -> trainAutoencoder(codeSize));
    }

    private Outcome trainAutoencoder(int codeSize) {
        Loss wanted = TrainingJson.loss(params.getLoss());
        TrainingDraft open = TrainingSettings.draft(params);
        if (wanted != null) {
            open = open.with(Setting.LOSS.key(), TrainingJson.write(wanted));
        }
        open = open.asAutoencoder(codeSize); // refuses what is not for one
        FeatureColumns features = features();
        reproducedWidth = features.count();
        if (initial != null) {
            return train(draftFurther().asAutoencoder(codeSize), features, 0, List.of());
        }
        Network network = null; // the draft makes it
        if (NetworkShape.isGiven(params)) {
            network = NetworkShape.given(params, features.count());
        } else if (params.isSet(params.layers())) {
            network = NetworkShape.ofLayers(params, features.count(), features.count(), features.count(), null);
        }
        TrainingDraft draft = network == null
                ? NetworkShape.open(open, params)
                : open.with(Setting.NETWORK.key(), NetworkJson.write(network));
        return train(draft.withInputs(inputs), features, 0, List.of());
    }

    /** The numbers in a row's label. */
    private int outputs() {
        StructField label = Columns.field(all.schema(), params.getLabelCol());
        return FitChecks.isNumber(label.dataType()) ? 1 : look("looking at labels", () -> ListColumns.size(all, label));
    }

    private FeatureColumns features() {
        if (initial != null) {
            return featuresOfInitial();
        }
        boolean isTable =
                Columns.isTable(all.schema(), params) || look("looking for gaps", () -> Columns.hasGaps(all, params));
        if (isTable) {
            schema = look("looking at features", () -> ListColumns.sized(all, Columns.features(schema, params)));
            learnColumns();
        }
        return table == null
                ? look("looking at features", () -> FeatureColumns.of(all, Columns.features(params)))
                : new FeatureColumns(table.width(), table.columns());
    }

    /** The features that the model to start from takes, in its order. */
    private FeatureColumns featuresOfInitial() {
        Model model = initial.model();
        RowEncoder known = model.preprocessing().columns();
        if (known == null) {
            FeatureColumns found = look("looking at features", () -> FeatureColumns.of(all, Columns.features(params)));
            if (found.count() != model.network().inputSize()) {
                throw new DataException(
                        "the rows have %d features, but initialModel takes %d",
                        found.count(), model.network().inputSize());
            }
            initial.checkFeatures(found.names());
            return found;
        }
        if (params.getFeaturesCols().length == 0) {
            throw new DataException(
                    "initialModel takes the columns %s: name them in featuresCols",
                    LabelColumns.shortened(known.columns()));
        }
        schema = ListColumns.sized(schema, Columns.features(schema, params), known.columns());
        initial.checkFeatures(Columns.ofTraining(schema, params, true).featureNames());
        table = known;
        return new FeatureColumns(known.width(), known.columns());
    }

    /** Encodes the rows from now on, unless they are numbers that should stay as they are. */
    private void learnColumns() {
        ExampleRdd raw = onScale(Columns.ofTraining(schema, params, true).of(trainingRows()));
        ColumnSettings settings = Columns.table(params);
        ColumnScan scan =
                look("looking at columns", () -> raw.scanColumns(reproduces ? settings.withFlags() : settings));
        var columns = scan.learn();
        TrainingDraft draft = NetworkShape.open(TrainingSettings.draft(params), params);
        if (settings.isSet()
                || !Columns.hasNumbers(all.schema(), params)
                || draft.encodes(columns.inputs(), scan.rows())) {
            table = columns;
            inputs = scan.inputs(columns, TrainingDraft.BINS);
        }
    }

    /** The network of these outputs; null when it is chosen for a table. */
    private Network network(FeatureColumns features, int wanted, int outputs, Loss loss) {
        boolean preset = params.getPreset().equals(NetworkShape.AUTO)
                ? table != null
                : !params.getPreset().equals(NetworkShape.NONE) || table != null;
        return !preset || params.isSet(params.layers())
                ? NetworkShape.ofLayers(params, features.count(), wanted, outputs, loss)
                : null;
    }

    /** @param network null when it is to be chosen */
    private TrainingDraft draft(Network network, int outputs, Loss loss) {
        TrainingDraft draft = TrainingSettings.draft(params);
        return network != null
                ? draft.with(network, loss)
                : NetworkShape.open(draft, params)
                        .with(Setting.LOSS.key(), TrainingJson.write(loss))
                        .withInputs(inputs)
                        .withOutputs(outputs);
    }

    /** Finds something out by jobs, which are the fit's too. */
    private <T> T look(String description, Supplier<T> jobs) {
        labels.set(description);
        try {
            return jobs.get();
        } catch (Exception e) { // Spark throws checked ones that it does not declare
            labels.throwIfCancelled(e);
            throw e;
        } finally {
            labels.restore();
        }
    }

    /** @param classes that labels are; 0 for a regression */
    private Outcome train(TrainingDraft draft, FeatureColumns features, int classes, List<String> classNames) {
        JavaSparkContext spark =
                JavaSparkContext.fromSparkContext(all.sparkSession().sparkContext());
        Aggregation aggregation = Aggregation.valueOf(params.getAggregation().toUpperCase(Locale.ROOT));
        SparkTraining training = new SparkTraining(spark, aggregation, labels);
        DataFrameRows columns = Columns.ofTraining(schema, params, table != null)
                .withWidth(features.count())
                .withClasses(classes);
        String indicator = Columns.name(params, params.validationIndicatorCol());
        ExampleRdd rows = labelled(numbers(columns.of(trainingRows())));
        ExampleRdd held = indicator == null ? null : labelled(numbers(columns.of(validation(indicator))));
        try (FitCheckpoints checkpoints = FitCheckpoints.of(params, all.sparkSession())) {
            TrainingDraft.Resolved resolved = resolve(draft, features.count(), rows, held != null);
            History history = new History(params.getTol(), resolved.chosen());
            List<TrainingListener> listeners = new ArrayList<>(List.of(history));
            listeners.addAll(checkpoints.listeners());
            Model model = training.train(resolved.request(), rows, held, checkpoints.start(), listeners);
            checkpoints.finished();
            return new Outcome(named(model, features, classNames), history.summary());
        } catch (Exception e) { // Spark throws checked ones that it does not declare
            throw causeOf(e);
        }
    }

    /** Trains; of rows that cannot be used, the message tells how many there are. */
    private Outcome counting(Supplier<Outcome> training) {
        try {
            return training.get();
        } catch (DataException e) {
            throw counted(e);
        }
    }

    /**
     * The mistake of a row that may be skipped, with the number of all such rows, for which the rows are read once
     * more; any other mistake as it is.
     */
    private DataException counted(DataException e) {
        if (!e.isOfFirstRow()) {
            return e;
        }
        try {
            ExampleRdd rows = Columns.ofTraining(schema, params, table != null)
                    .withSkip(true)
                    .of(trainingRows());
            ExampleRdd numbers = table == null ? rows : rows.encoded(table, true);
            return e.among(look("counting rows that cannot be used", labelled(numbers)::summarize)
                    .skipped());
        } catch (DataException another) {
            return e;
        }
    }

    private Dataset<Row> trainingRows() {
        String indicator = Columns.name(params, params.validationIndicatorCol());
        return indicator == null ? all : all.where(functions.not(column(indicator)));
    }

    private ExampleRdd numbers(ExampleRdd rows) {
        ExampleRdd onScale = onScale(rows);
        return table == null
                ? onScale
                : onScale.encoded(table, !params.getHandleInvalid().equals("error"));
    }

    /** Rows with the labels that are to be learned. */
    private ExampleRdd labelled(ExampleRdd rows) {
        return reproducedWidth == 0 ? rows : rows.labelledByFeatures(reproducedWidth);
    }

    private ExampleRdd onScale(ExampleRdd rows) {
        LabelScale scale = initial == null
                ? TrainingSettings.of(params).labelScale()
                : initial.model().preprocessing().labelScale();
        return Columns.onScale(rows, params, scale);
    }

    private Column column(String name) {
        return Columns.column(Columns.field(all.schema(), name).name());
    }

    /** The settings of the parameters; those that are not set are chosen from the data. */
    private TrainingDraft.Resolved resolve(TrainingDraft draft, int features, ExampleRdd rows, boolean ownValidation) {
        DataSummary summary = draft.isComplete(ownValidation) ? null : look("looking at rows", rows::summarize);
        TrainingDraft.Resolved resolved = draft.resolve(summary, features, ownValidation);
        TrainingRequest request = resolved.request();
        EarlyStopping stopping =
                TrainingSettings.stopping(params, request.config().earlyStopping());
        return new TrainingDraft.Resolved(request.withEarlyStopping(stopping), resolved.chosen());
    }

    /** The rows to measure on. Without any, early stopping would watch the training rows. */
    private Dataset<Row> validation(String indicator) {
        Dataset<Row> rows = all.where(column(indicator));
        if (look("looking for validation rows", rows::isEmpty)) {
            throw new DataException(
                    "validationIndicatorCol '%s' is true in no row: rows to measure on must have true, rows to train on"
                            + " false",
                    indicator);
        }
        return rows;
    }

    /** What was wrong, rather than that a job failed. */
    private static RuntimeException causeOf(Exception e) {
        if (e instanceof CancellationException cancelled) {
            return cancelled;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof DataException || cause instanceof DivergedException) {
                return (RuntimeException) cause;
            }
        }
        return e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e.getMessage(), e);
    }

    /** The model with the names that the metadata of the columns holds. */
    private Model named(Model model, FeatureColumns features, List<String> classNames) {
        Preprocessing of = model.preprocessing();
        List<String> names = features.names().isEmpty() && initial != null
                ? initial.model().preprocessing().featureNames()
                : features.names();
        return model.withPreprocessing(of.withNames(names, of.labelName()).withClassNames(classNames));
    }
}
