package dev.backdraft.train;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.DataException;
import dev.backdraft.data.DataScan;
import dev.backdraft.data.Example;
import dev.backdraft.data.InvalidValue;
import dev.backdraft.data.LabelColumns;
import dev.backdraft.data.LabelScale;
import dev.backdraft.data.LabelSummary;
import dev.backdraft.data.Majority;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.data.RowEncoder;
import dev.backdraft.data.SkippedRows;
import dev.backdraft.data.Standardizer;
import dev.backdraft.evaluate.Measures;
import dev.backdraft.json.ValueText;
import dev.backdraft.label.LabelRules;
import dev.backdraft.label.OutputScale;
import dev.backdraft.layer.Codes;
import dev.backdraft.linalg.Blas;
import dev.backdraft.loss.Loss;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.Metrics;
import dev.backdraft.metric.PredictionKind;
import dev.backdraft.model.Model;
import dev.backdraft.model.Provenance;
import dev.backdraft.network.Network;
import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Everything about a training that is settled once its data has been scanned: loss, preprocessing, configuration. Local and
 * distributed training make the same fit from the same scan.
 *
 * @param fingerprint of the rows that count, with their weights, validation rows that were drawn from them included
 * @param rows to train on
 * @param source the {@linkplain dev.backdraft.data.RowsFingerprint fingerprint} of all rows of the data that count,
 *     those left out for a test included, without weights; null when it is not known
 * @param codes the columns that hold codes of categories
 * @param majority the most frequent label of the rows that are kept back for validation; null when it is not known
 * @param initial the model whose weights the training starts from; null when they are drawn by the seed
 */
public record Fit(
        Network network,
        Loss loss,
        Preprocessing preprocessing,
        TrainingConfig config,
        String fingerprint,
        long rows,
        String source,
        List<Codes> codes,
        Majority majority,
        InitialModel initial)
        implements Serializable {
    /** A fit whose columns of codes are those of the network, and of whose validation rows nothing is known. */
    public Fit(
            Network network,
            Loss loss,
            Preprocessing preprocessing,
            TrainingConfig config,
            String fingerprint,
            long rows,
            String source) {
        this(network, loss, preprocessing, config, fingerprint, rows, source, network.codes(), null, null);
    }

    /**
     * Settles a fit.
     *
     * @param featureNames empty when the source has none
     * @param labelName or null
     */
    public static Fit of(TrainingRequest request, DataScan scan, List<String> featureNames, String labelName) {
        return of(request, scan, featureNames, labelName, null);
    }

    /**
     * Settles a fit.
     *
     * @param featureNames empty when the source has none
     * @param labelName or null
     * @param columns what has turned raw rows into those of the scan; null when they never were raw
     */
    public static Fit of(
            TrainingRequest request, DataScan scan, List<String> featureNames, String labelName, RowEncoder columns) {
        LabelSummary labels = scan.labels();
        if (scan.trainingRows() == 0) {
            if (scan.validationRows() == 0) {
                throw noRows(scan.weightlessRows(), scan.skipped());
            }
            throw DataException.of(
                    DataException.Reason.NO_ROWS,
                    "no rows to train on: the fraction %s selects all %d rows for validation; choose a smaller"
                            + " fraction, or name a file of validation rows (rows with equal features stay together)",
                    request.validationFraction(),
                    scan.validationRows());
        }
        checkShare(request, scan);
        Network network = request.network();
        Loss loss = request.loss() != null ? request.loss() : LabelRules.chooseLoss(labels, network.outputSize());
        InitialModel initial = request.initial();
        if (initial != null && columns != null) {
            initial.checkEncoding(columns);
        }
        Preprocessing preprocessing = initial != null
                ? initial.preprocessing(labels, featureNames, labelName)
                : learned(request, scan, loss, featureNames, labelName, columns);
        checkScale(request.config().labelScale(), scan);
        checkCalibration(request.config(), loss, network);
        checkThreshold(request.config(), loss, network.outputSize());
        checkSuit(request.config(), loss);
        checkClassWeights(request.config(), loss, network.outputSize(), labels);
        return new Fit(
                network,
                loss,
                preprocessing,
                request.config(),
                scan.fingerprint(),
                scan.trainingRows(),
                scan.source().toString(),
                network.codes(),
                scan.validationMajority(),
                initial);
    }

    /** What the rows of a training say about how they are to be encoded and scaled. */
    private static Preprocessing learned(
            TrainingRequest request,
            DataScan scan,
            Loss loss,
            List<String> featureNames,
            String labelName,
            RowEncoder columns) {
        LabelSummary labels = scan.labels();
        Network network = request.network();
        List<String> classNames = LabelRules.classNames(labels, loss, network.outputSize());
        if (labels.count() > 1 && loss.target().isOneOfMany()) {
            List<String> names = LabelColumns.split(labelName);
            classNames = names.size() == labels.count() ? names : classNames;
        }
        return new Preprocessing(
                featureNames,
                labelName,
                classNames,
                columns == null ? featureStandardizer(scan, network) : null,
                loss.target().isScalable() ? OutputScale.of(scan.labelStandardizer(), loss) : null,
                columns,
                request.config().labelScale());
    }

    /**
     * A new vector of the parameters that the training starts from: those of the model to start from, or drawn by the
     * seed.
     */
    public float[] initialParameters() {
        return initial == null
                ? network.initialParameters(config.seed())
                : initial.model().parameters();
    }

    private static void checkScale(LabelScale scale, DataScan scan) {
        LabelSummary.Place first = scan.firstOffScale();
        if (first == null) {
            return;
        }
        boolean log1p = scale == LabelScale.LOG
                && LabelScale.LOG1P.accepts(scan.labels().lowest().label());
        throw DataException.ofValue(
                InvalidValue.OFF_SCALE,
                "%,d of %,d rows %s a label that is not on the label scale %s, which takes labels of %s: the first is %s in %s;"
                        + " correct or leave out such rows, or choose the label scale %s",
                scan.offScale(),
                scan.trainingRows() + scan.validationRows(),
                scan.offScale() == 1 ? "has" : "have",
                ValueText.text(scale),
                scale.accepted(),
                Preprocessing.numberText(first.label()),
                first.where(),
                log1p ? "log1p, which takes all of them" : ValueText.text(LabelScale.LINEAR));
    }

    /** What scales the features, but not the codes of categories; null when nothing does. */
    private static Standardizer featureStandardizer(DataScan scan, Network network) {
        Standardizer standardizer = scan.featureStandardizer();
        return standardizer == null ? null : standardizer.without(network.codeColumns());
    }

    /**
     * Checks that rows to measure on have the features of those to train on, in the same order, where both have names.
     *
     * @throws DataException naming the first feature that differs
     */
    public static void checkFeatureNames(List<String> training, List<String> validation) {
        if (training.isEmpty() || validation.isEmpty() || training.equals(validation)) {
            return;
        }
        if (training.size() != validation.size()) {
            throw new DataException(
                    "the validation rows have %d features, but the training rows have %d",
                    validation.size(), training.size());
        }
        int i = 0;
        while (training.get(i).equals(validation.get(i))) {
            i++;
        }
        throw new DataException(
                "feature %d is '%s' in the validation rows, but '%s' in the training rows: read the same"
                        + " features in the same order",
                i + 1, validation.get(i), training.get(i));
    }

    /** Says that there are no rows, only rows without weight, or only rows that were skipped. */
    static DataException noRows(long weightlessRows, SkippedRows skipped) {
        if (weightlessRows > 0) {
            return DataException.of(
                    DataException.Reason.NO_ROWS,
                    "no rows to train on: all %d rows have weight 0, or a weight that is too small for a float:"
                            + " check the weight column",
                    weightlessRows);
        }
        return DataException.of(
                DataException.Reason.NO_ROWS,
                "no rows to train on: %s",
                skipped.total() > 0 ? skipped : "the file is empty, or has only a header");
    }

    private static void checkShare(TrainingRequest request, DataScan scan) {
        if (request.refits() && request.validationFraction() == 0) {
            throw new DataException(
                    "earlyStopping.refit trains again on the rows that validationFraction keeps back, but none are kept"
                            + " back: choose a validation fraction, or set refit to false");
        }
        if (request.validationFraction() > 0 && scan.validationRows() == 0) {
            throw new DataException(
                    "the fraction %s selects none of %d rows for validation: choose a larger fraction, name a"
                            + " file of validation rows, or train without validation (rows with equal features stay"
                            + " together)",
                    request.validationFraction(), scan.trainingRows());
        }
    }

    /** The row with its label, or its several labels, resolved and checked, ready for a {@link dev.backdraft.data.Block}. */
    public Example resolve(Example row, Supplier<String> where) {
        for (int i = 0; i < codes.size(); i++) {
            checkCode(codes.get(i), row.value(codes.get(i).column()), where);
        }
        return LabelRules.resolve(row, preprocessing, loss, network.outputSize(), where);
    }

    private void checkCode(Codes of, double value, Supplier<String> where) {
        if (!of.accepts(value)) {
            List<String> names = preprocessing.featureNames();
            throw new DataException(
                    "%s: feature %s is %s, but the network takes it as a code, a whole number from 0 to %d: number the"
                            + " categories from 0, or give the embedding more \"values\"",
                    where.get(),
                    names.isEmpty() || preprocessing.columns() != null
                            ? of.column() + 1
                            : "'" + names.get(of.column()) + "'",
                    Preprocessing.numberText(value),
                    of.values() - 1);
        }
    }

    /** What is minimized over training rows that are cut like this. */
    public Objective objective(BatchLayout layout) {
        return new Objective(network, loss, layout, config.seed(), config.dropoutFactor());
    }

    /** What is measured of validation rows: the metrics that are asked for, and the one that early stopping watches. */
    public Measures measures() {
        return new Measures(network, loss, preprocessing.labelScaling(), metrics(config));
    }

    private static List<Metric> metrics(TrainingConfig config) {
        return asked(config)
                .filter(metric -> !EpochResult.ALWAYS_MEASURED.contains(metric))
                .toList();
    }

    private static Stream<Metric> asked(TrainingConfig config) {
        Set<String> names = new LinkedHashSet<>(config.metrics());
        if (config.earlyStopping() != null) {
            names.add(config.earlyStopping().metric());
        }
        if (config.calibration() != Calibration.NONE) {
            names.add(TrainingConfig.CALIBRATION_METRIC);
        }
        if (config.calibration() == Calibration.ISOTONIC) {
            names.add(Threshold.METRIC.label());
        }
        if (Threshold.needsRows(config)) {
            names.add(Threshold.METRIC.label());
        }
        return names.stream().map(Metrics::named);
    }

    /**
     * Checks that there is something to measure.
     *
     * @throws DataException when metrics are asked for, but there are no validation rows
     */
    public void checkMeasures(boolean anyValidationRows) {
        if (config.calibration() != Calibration.NONE && !anyValidationRows) {
            throw new DataException(
                    "calibration needs validation rows, but there are none: choose a validation fraction, name a file of"
                            + " validation rows, or train without calibration");
        }
        if (Threshold.needsRows(config) && !anyValidationRows) {
            throw new DataException(
                    "threshold %s is chosen on validation rows, but there are none: choose a validation fraction, name a file"
                            + " of validation rows, or give the threshold as a number",
                    config.threshold());
        }
        List<Metric> metrics = metrics(config);
        if (!metrics.isEmpty() && !anyValidationRows) {
            throw new DataException(
                    "%s is measured on validation rows, but there are none: choose a validation fraction, or name"
                            + " a file of validation rows",
                    metrics.get(0).label());
        }
    }

    private static void checkCalibration(TrainingConfig config, Loss loss, Network network) {
        if (config.calibration() == Calibration.NONE) {
            return;
        }
        if (!Metrics.named(TrainingConfig.CALIBRATION_METRIC).suits(PredictionKind.of(loss))) {
            throw new DataException(
                    "calibration makes probabilities right, but a network that is trained with %s predicts none: train"
                            + " without calibration, or choose a loss such as softmax-cross-entropy",
                    loss.name());
        }
        if (config.calibration() == Calibration.ISOTONIC && !isTwoClasses(loss, network.outputSize())) {
            throw new DataException(
                    "isotonic calibration is for two classes, but a network that is trained with %s and has %d output%s does"
                            + " not predict two: choose temperature, or train without calibration",
                    loss.name(), network.outputSize(), network.outputSize() == 1 ? "" : "s");
        }
        if (config.calibration() != Calibration.TEMPERATURE) {
            return;
        }
        try {
            Temperature.check(network);
        } catch (IllegalArgumentException e) {
            throw new DataException("%s", e.getMessage());
        }
    }

    private static boolean isTwoClasses(Loss loss, int outputs) {
        return loss.target().choosesClass(outputs) && loss.target().classCount(outputs) == 2;
    }

    private static void checkThreshold(TrainingConfig config, Loss loss, int outputs) {
        if (config.threshold() != null && loss.target().classCount(outputs) != 2) {
            throw new DataException(
                    "threshold decides between two classes, but a network that is trained with %s and has %d output%s does"
                            + " not predict two: train without threshold",
                    loss.name(), outputs, outputs == 1 ? "" : "s");
        }
    }

    private static void checkSuit(TrainingConfig config, Loss loss) {
        asked(config).forEach(metric -> {
            if (!metric.suits(PredictionKind.of(loss))) {
                throw new DataException("%s is not for a network that is trained with %s", metric.label(), loss.name());
            }
        });
    }

    /** A training row with the weight of its class. */
    public Example weighed(Example resolved) {
        List<Double> weights = config.classWeights();
        return weights.isEmpty()
                ? resolved
                : resolved.withWeight((float) (resolved.weight() * weights.get((int) Math.max(0, resolved.label()))));
    }

    private static void checkClassWeights(TrainingConfig config, Loss loss, int outputs, LabelSummary labels) {
        int count = config.classWeights().size();
        if (count > 0 && labels.count() > 1) {
            throw new DataException("class weights need one class a row, but the rows have %d labels", labels.count());
        }
        if (count > 0 && loss.target().classifies() && labels.fraction() != null) {
            throw new DataException(
                    "class weights need one class a row, but label %s in %s is a probability: give the rows weights instead",
                    Preprocessing.numberText(labels.fraction().label()),
                    labels.fraction().where());
        }
        if (count > 0 && count != loss.target().classCount(outputs)) {
            throw new DataException(
                    "%d class weights for %d classes: give one for each class",
                    count, loss.target().classCount(outputs));
        }
    }

    /**
     * Says so when a model is worse than one that gives every row the same answer; null when it is not, or that is not
     * known.
     */
    public String warning(TrainingEnd end) {
        return new ConstantAnswer(this, end).warning();
    }

    /** Whether the model is so much worse than one that gives every row the same answer that it has learned nothing. */
    public boolean isHopeless(TrainingEnd end) {
        return new ConstantAnswer(this, end).isFarBetter();
    }

    /**
     * The trained model with its provenance. Nothing in it depends on the machine, but the BLAS backend and versions.
     *
     * @param parameters kept by the model: not to be changed any more
     * @param end of the training, with the figures of these parameters
     */
    public Model model(float[] parameters, TrainingEnd end) {
        Map<String, String> provenance = new TreeMap<>();
        provenance.put("seed", Long.toString(config.seed()));
        provenance.put("epochs", Integer.toString(end.epochs()));
        provenance.put("batchSize", config.batchSize() >= rows ? "full" : Integer.toString(config.batchSize()));
        provenance.put("lanes", Integer.toString(config.lanes()));
        provenance.put("config", TrainingJson.write(config).toString());
        provenance.put(Provenance.TRAINING_ROWS, Long.toString(rows));
        provenance.put(Provenance.DATA, fingerprint);
        if (source != null && !source.equals(fingerprint)) {
            provenance.put(Provenance.SOURCE, source);
        }
        if (initial != null) {
            provenance.put(Provenance.INITIAL_MODEL, initial.sha256());
        }
        provenance.put("blas", Blas.backend());
        provenance.put("java", System.getProperty("java.version"));
        provenance.put("ended", end.reason());
        if (end.refitRows() > 0) {
            provenance.put("refitRows", Long.toString(end.refitRows()));
        }
        if (!end.changes().isEmpty()) {
            provenance.put("changes", end.changes());
        }
        if (end.skippedUpdates() > 0) {
            provenance.put("skippedUpdates", Long.toString(end.skippedUpdates()));
        }
        if (end.rollbacks() > 0) {
            provenance.put("rollbacks", Integer.toString(end.rollbacks()));
        }
        if (end.temperature() != null) {
            put(provenance, "temperature", end.temperature().value());
            put(provenance, "logLossBeforeCalibration", end.temperature().before());
            put(provenance, "logLossAfterCalibration", end.temperature().after());
        }
        if (end.isotonic() != null) {
            provenance.put(
                    "calibrationPoints",
                    Integer.toString(end.isotonic().curve().score().size()));
            put(provenance, "logLossBeforeCalibration", end.isotonic().before());
            put(provenance, "logLossAfterCalibration", end.isotonic().after());
        }
        Threshold threshold = end.threshold();
        if (threshold != null) {
            provenance.put("thresholdRule", threshold.rule());
            put(provenance, "thresholdPrecision", threshold.precision());
            put(provenance, "thresholdRecall", threshold.recall());
            put(provenance, "thresholdF1", threshold.f1());
        }
        EpochResult figures = end.figures();
        if (figures != null) {
            provenance.put("weightsOfEpoch", Integer.toString(figures.epoch()));
            put(provenance, "loss", figures.loss());
            put(provenance, "accuracy", figures.accuracy());
            put(provenance, "validationLoss", figures.validationLoss());
            put(provenance, "validationAccuracy", figures.validationAccuracy());
        }
        Model model = Model.keeping(parameters, network, loss, preprocessing, provenance);
        if (end.isotonic() != null) {
            model = model.withCalibration(end.isotonic().curve());
        }
        return threshold != null && threshold.isFound() ? model.withThreshold(threshold.value()) : model;
    }

    private static void put(Map<String, String> provenance, String key, double value) {
        if (!Double.isNaN(value)) {
            provenance.put(key, String.format(Locale.ROOT, "%.6g", value));
        }
    }
}
