package dev.backdraft.train;

import dev.backdraft.data.DataException;
import dev.backdraft.data.LabelColumns;
import dev.backdraft.data.LabelSummary;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.data.RowEncoder;
import dev.backdraft.label.LabelRules;
import dev.backdraft.model.Checksums;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;

/**
 * A trained model whose weights a training starts from. Its network, loss and preprocessing are those of the training,
 * too, so that the weights mean the same: new rows are encoded and scaled as the rows that it was trained on.
 *
 * <p>Only the hash is serialized, not the model: the driver alone needs it. Immutable and thread-safe.
 */
public final class InitialModel implements Serializable {
    private static final long serialVersionUID = 1;

    private final String sha256;
    private final transient Model model; // null in another JVM

    private InitialModel(Model model, String sha256) {
        this.model = model;
        this.sha256 = sha256;
    }

    /** A model in memory. Its hash is that of the file that {@link ModelFile} writes of it. */
    public static InitialModel of(Model model) {
        MessageDigest digest = Checksums.sha256();
        try {
            ModelFile.write(model, new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // nothing is written
        }
        return new InitialModel(model, Checksums.text(digest.digest()));
    }

    /**
     * Reads a model file to its end; the stream stays open.
     *
     * @param nameForMessages name of the file
     * @throws dev.backdraft.model.ModelFileException when it cannot be read, or is not a model that this version can
     *     read
     */
    public static InitialModel read(InputStream stream, String nameForMessages) throws IOException {
        DigestInputStream digested = new DigestInputStream(stream, Checksums.sha256());
        Model model = ModelFile.read(digested, nameForMessages);
        return new InitialModel(
                model, Checksums.text(digested.getMessageDigest().digest()));
    }

    /** The same weights with another preprocessing, under the same hash: with other names, for example. */
    public InitialModel withPreprocessing(Preprocessing preprocessing) {
        return new InitialModel(model().withPreprocessing(preprocessing), sha256);
    }

    /** Whether this JVM has the model: not one that has got this by serialization. */
    boolean isHere() {
        return model != null;
    }

    /** The model itself. */
    public Model model() {
        if (model == null) {
            throw new IllegalStateException("the model to start from stays where the training is controlled");
        }
        return model;
    }

    /** The SHA-256 of the bytes of the model file, as hexadecimal digits. */
    public String sha256() {
        return sha256;
    }

    /** Whether features or labels are scaled; whether {@code standardize} is on. */
    boolean isStandardized() {
        Preprocessing preprocessing = model().preprocessing();
        return preprocessing.features() != null || preprocessing.label() != null;
    }

    /** Whether {@code standardize} decides anything: not about encoded columns where no label can be scaled. */
    boolean mayBeStandardized() {
        return model().preprocessing().columns() == null
                || model().loss().target().isScalable();
    }

    /**
     * The preprocessing of a training on rows, which is that of the model. Where the rows have names of a label or of
     * features and the model has none, they are added.
     *
     * @param featureNames of the rows; empty when they have none
     * @param labelName of the rows, or null
     * @throws DataException when the model does not take these features or labels
     */
    Preprocessing preprocessing(LabelSummary labels, List<String> featureNames, String labelName) {
        Preprocessing known = model().preprocessing();
        checkFeatures(featureNames);
        checkLabelNames(labels, labelName);
        LabelRules.checkKnown(labels, known, model().loss(), model().network().outputSize());
        return known.withNames(
                known.featureNames().isEmpty() ? featureNames : known.featureNames(),
                labelName == null ? known.labelName() : labelName);
    }

    /**
     * Checks that rows have the features of this model, in the same order, where both have names.
     *
     * @throws DataException naming what differs
     */
    public void checkFeatures(List<String> names) {
        List<String> known = model().preprocessing().featureNames();
        if (names.isEmpty() || known.isEmpty() || names.equals(known)) {
            return;
        }
        List<String> missing =
                known.stream().filter(name -> !names.contains(name)).toList();
        List<String> other =
                names.stream().filter(name -> !known.contains(name)).toList();
        if (missing.isEmpty() && other.isEmpty()) {
            throw new DataException(
                    "the features are in the order %s, but the model to start from takes them in the order %s",
                    LabelColumns.shortened(names), LabelColumns.shortened(known));
        }
        throw new DataException(
                "the features are not those of the model to start from%s%s: choose the columns that the model takes:"
                        + " %s",
                missing.isEmpty()
                        ? ""
                        : "; it takes " + LabelColumns.shortened(missing) + ", which the rows do not have",
                other.isEmpty() ? "" : "; it does not take " + LabelColumns.shortened(other),
                LabelColumns.shortened(known));
    }

    /** Checks that rows have been encoded by the columns of this model: by that very object. */
    void checkEncoding(RowEncoder columns) {
        if (columns != model().preprocessing().columns()) {
            throw new DataException(
                    "the rows are encoded by other columns than those of the model to start from: encode"
                            + " them by model.preprocessing().columns()");
        }
    }

    /** The order of several labels is that of the outputs. */
    private void checkLabelNames(LabelSummary labels, String labelName) {
        String known = model().preprocessing().labelName();
        if (labels.count() < 2 || labelName == null || known == null) {
            return;
        }
        List<String> names = LabelColumns.split(labelName);
        List<String> knownNames = LabelColumns.split(known);
        boolean named = names.size() == labels.count() && knownNames.size() == labels.count();
        if (named && !names.equals(knownNames)) {
            throw new DataException(
                    "the labels are %s, but those of the model to start from are %s: name the same labels in the same"
                            + " order",
                    LabelColumns.shortened(names), LabelColumns.shortened(knownNames));
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InitialModel initial && sha256.equals(initial.sha256);
    }

    @Override
    public int hashCode() {
        return Objects.hash(sha256);
    }

    @Override
    public String toString() {
        return "model " + sha256;
    }
}
