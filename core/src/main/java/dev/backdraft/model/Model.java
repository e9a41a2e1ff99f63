package dev.backdraft.model;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.loss.Loss;
import dev.backdraft.network.Network;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A trained network with all that is needed to use it: preprocessing, loss, provenance. Immutable, safe for many threads. */
public final class Model {
    private final Network network;
    private final Loss loss;
    private final Preprocessing preprocessing;
    private final float[] parameters;
    private final SortedMap<String, String> provenance;

    /**
     * Puts a model together.
     *
     * @param parameters all finite, as many as the network has; copied
     * @param provenance where it comes from: seed, data fingerprint, versions …; copied
     */
    public Model(
            Network network,
            Loss loss,
            Preprocessing preprocessing,
            float[] parameters,
            Map<String, String> provenance) {
        if (parameters.length != network.parameterCount()) {
            throw new IllegalArgumentException(
                    "the network has " + network.parameterCount() + " parameters, not " + parameters.length);
        }
        for (int i = 0; i < parameters.length; i++) {
            if (!Float.isFinite(parameters[i])) {
                throw new IllegalArgumentException("parameter " + i + " is " + parameters[i]);
            }
        }
        check(network, loss, preprocessing);
        this.network = network;
        this.loss = loss;
        this.preprocessing = preprocessing;
        this.parameters = parameters.clone();
        this.provenance = Collections.unmodifiableSortedMap(new TreeMap<>(provenance));
    }

    private static void check(Network network, Loss loss, Preprocessing preprocessing) {
        int inputs = network.inputSize();
        if (!preprocessing.featureNames().isEmpty()
                && preprocessing.featureNames().size() != inputs) {
            throw new IllegalArgumentException(
                    preprocessing.featureNames().size() + " feature names for " + inputs + " inputs");
        }
        if (preprocessing.features() != null && preprocessing.features().columns() != inputs) {
            throw new IllegalArgumentException(
                    preprocessing.features().columns() + " scaled features for " + inputs + " inputs");
        }
        if (preprocessing.label() != null && (preprocessing.label().columns() != 1 || network.outputSize() != 1)) {
            throw new IllegalArgumentException("a scaled label needs one output");
        }
        int names = preprocessing.classNames().size();
        if (names > 0 && names != loss.classCount(network.outputSize())) {
            throw new IllegalArgumentException(
                    names + " class names for " + loss.classCount(network.outputSize()) + " classes");
        }
    }

    public Network network() {
        return network;
    }

    public Loss loss() {
        return loss;
    }

    public Preprocessing preprocessing() {
        return preprocessing;
    }

    /** A copy of the flat vector of parameters. */
    public float[] parameters() {
        return parameters.clone();
    }

    /** The vector itself, for this package: never changed. */
    float[] sharedParameters() {
        return parameters;
    }

    /** Where the model comes from: configuration, seed, data fingerprint, versions, metrics. */
    public SortedMap<String, String> provenance() {
        return provenance;
    }

    /** Number of classes, 0 for a regression. */
    public int classCount() {
        return loss.classCount(network.outputSize());
    }

    /** What a class is called: its label in the training data. */
    public String className(int index) {
        return preprocessing.classNames().isEmpty()
                ? Integer.toString(index)
                : preprocessing.classNames().get(index);
    }

    /** SHA-256 of the parameters as little-endian float32 in flat order, in hexadecimal: equal for equal bits. */
    public String weightsSha256() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            ByteBuffer bytes = ByteBuffer.allocate(4 * 4096).order(ByteOrder.LITTLE_ENDIAN);
            for (int from = 0; from < parameters.length; from += 4096) {
                int count = Math.min(4096, parameters.length - from);
                bytes.clear();
                bytes.asFloatBuffer().put(parameters, from, count);
                digest.update(bytes.array(), 0, 4 * count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A new predictor for batches of up to {@code maxRows} rows; one for each thread. */
    public Predictor predictor(int maxRows) {
        return new Predictor(this, maxRows);
    }

    /**
     * Predicts one row: the probabilities of the classes (of class 1, with one sigmoid output), or the predicted value in the
     * label's own units.
     *
     * @param features as the training data had them, not scaled; read
     * @return a new array [outputs]
     * @throws DataException when their number is not the network's
     */
    public float[] predict(float[] features) {
        Predictor predictor = predictor(1);
        predictor.load(features);
        float[] prediction = new float[network.outputSize()];
        System.arraycopy(predictor.predict().values(), 0, prediction, 0, prediction.length);
        return prediction;
    }
}
