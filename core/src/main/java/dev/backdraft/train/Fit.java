package dev.backdraft.train;

import dev.backdraft.data.DataException;
import dev.backdraft.data.DataScan;
import dev.backdraft.data.Example;
import dev.backdraft.data.LabelSummary;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.linalg.Blas;
import dev.backdraft.loss.Loss;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Everything about a training that is settled once its data has been scanned: loss, preprocessing, configuration. Local and
 * distributed training make the same fit from the same scan.
 */
public record Fit(
        Network network, Loss loss, Preprocessing preprocessing, TrainingConfig config, String fingerprint, long rows)
        implements Serializable {
    /**
     * Settles a fit.
     *
     * @param featureNames empty when the source has none
     * @param labelName or null
     */
    public static Fit of(TrainingRequest request, DataScan scan, List<String> featureNames, String labelName) {
        LabelSummary labels = scan.labels();
        if (scan.trainingRows() == 0) {
            throw new DataException("no rows to train on (%d rows for validation)", scan.validationRows());
        }
        Network network = request.network();
        Loss loss = request.loss() != null ? request.loss() : LabelRules.chooseLoss(labels, network.outputSize());
        List<String> classNames = LabelRules.classNames(labels, loss, network.outputSize());
        checkClassWeights(request.config(), loss, network.outputSize());
        Preprocessing preprocessing = new Preprocessing(
                featureNames,
                labelName,
                classNames,
                scan.featureStandardizer(),
                loss.allowsScaledLabel() ? scan.labelStandardizer() : null);
        return new Fit(network, loss, preprocessing, request.config(), scan.fingerprint(), scan.trainingRows());
    }

    /** The row with its label resolved and checked, ready for a {@link dev.backdraft.data.Block}. */
    public Example resolve(Example row, Supplier<String> where) {
        return row.withLabel(LabelRules.resolve(row, preprocessing, loss, network.outputSize(), where));
    }

    /** A training row with the weight of its class. */
    public Example weighed(Example resolved) {
        List<Double> weights = config.classWeights();
        return weights.isEmpty()
                ? resolved
                : resolved.withWeight((float) (resolved.weight() * weights.get((int) resolved.label())));
    }

    private static void checkClassWeights(TrainingConfig config, Loss loss, int outputs) {
        int count = config.classWeights().size();
        if (count > 0 && count != loss.classCount(outputs)) {
            throw new DataException(
                    "%d class weights for %d classes: give one for each class", count, loss.classCount(outputs));
        }
    }

    /** The trained model with its provenance. Nothing in it depends on the machine, but the BLAS backend and versions. */
    public Model model(float[] parameters, EpochResult last) {
        Map<String, String> provenance = new TreeMap<>();
        provenance.put("seed", Long.toString(config.seed()));
        provenance.put("epochs", Integer.toString(config.epochs()));
        provenance.put("batchSize", config.batchSize() >= rows ? "full" : Integer.toString(config.batchSize()));
        provenance.put("lanes", Integer.toString(config.lanes()));
        provenance.put("config", TrainingJson.write(config).toString());
        provenance.put("trainingRows", Long.toString(rows));
        provenance.put("dataFingerprint", fingerprint);
        provenance.put("blas", Blas.backend());
        provenance.put("java", System.getProperty("java.version"));
        if (last != null) {
            put(provenance, "loss", last.loss());
            put(provenance, "accuracy", last.accuracy());
            put(provenance, "validationLoss", last.validationLoss());
            put(provenance, "validationAccuracy", last.validationAccuracy());
        }
        return new Model(network, loss, preprocessing, parameters, provenance);
    }

    private static void put(Map<String, String> provenance, String key, double value) {
        if (!Double.isNaN(value)) {
            provenance.put(key, String.format(Locale.ROOT, "%.6g", value));
        }
    }
}
