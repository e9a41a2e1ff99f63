package dev.backdraft.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.data.Standardizer;
import dev.backdraft.json.JsonText;
import dev.backdraft.model.ModelFileException;
import dev.backdraft.model.TensorFile;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkJson;
import dev.backdraft.schedule.Schedule;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A {@link TrainingState} in a file, in the layout of a model file. It belongs to one network, configuration and data set,
 * whose names are in it: a training that differs in more than its number of epochs is refused, and in that too where the
 * schedule of the learning rate, of dropout or of weight decay {@linkplain Schedule#dependsOnTotal looks at it}.
 */
public final class Checkpoint {
    private static final String FORMAT = "backdraft-checkpoint";
    private static final String VERSION = "2";
    private static final String VERSION_WITHOUT_CHECKSUMS = "1";
    private static final String EPOCHS = "epochs"; // that were asked for
    private static final String INITIAL_MODEL = "initialModel"; // the hash of its file; none if weights were drawn

    private Checkpoint() {}

    /** Writes a file whole or not at all; an older one is replaced. */
    public static void write(TrainingState state, Fit fit, Path path) throws IOException {
        file(state, fit).write(path);
    }

    /** Writes to a stream, which stays open. */
    public static void write(TrainingState state, Fit fit, OutputStream out) throws IOException {
        file(state, fit).write(out);
    }

    private static TensorFile file(TrainingState state, Fit fit) {
        TensorFile file = new TensorFile();
        file.put("format", FORMAT);
        file.put("formatVersion", VERSION);
        describe(fit, file);
        file.put(EPOCHS, Integer.toString(fit.config().epochs()));
        state.save(file);
        return file;
    }

    private static void describe(Fit fit, TensorFile file) {
        Network network = fit.network();
        file.put("network", NetworkJson.write(network).toString());
        file.put("loss", TrainingJson.write(fit.loss()).toString());
        file.put("config", TrainingJson.write(fit.config().withEpochs(1)).toString());
        boolean standardized = fit.preprocessing().features() != null;
        String rows = fit.rows() + " of " + fit.fingerprint() + (standardized ? ", standardized" : "")
                + centered("features", fit.preprocessing().features())
                + centered("labels", fit.preprocessing().label());
        file.put("trainingRows", rows);
        if (fit.initial() != null) {
            file.put(INITIAL_MODEL, fit.initial().sha256());
        }
    }

    /** What the fingerprint of floats does not tell: the columns that are centered in double, and a hash of their means. */
    private static String centered(String what, Standardizer standardizer) {
        if (standardizer == null || !standardizer.centersAny()) {
            return "";
        }
        int[] columns = standardizer.centered();
        double[] offsets =
                Arrays.stream(columns).mapToDouble(standardizer::offset).toArray();
        return String.format(
                Locale.ROOT, ", %d %s centered in double (%08x)", columns.length, what, Arrays.hashCode(offsets));
    }

    /**
     * The keys of settings that a training may change on purpose when it continues: what is done from now on, not what
     * the finished epochs have come to.
     */
    public static List<String> changeable() {
        return Stream.of(
                        Setting.EPOCHS,
                        Setting.LEARNING_RATE,
                        Setting.SCHEDULE,
                        Setting.SCHEDULE_UNIT,
                        Setting.BATCH_GROWTH,
                        Setting.ON_DIVERGENCE)
                .map(Setting::key)
                .toList();
    }

    /** Reads a file. */
    public static TrainingState read(Fit fit, Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return read(fit, in, path.toString());
        }
    }

    /**
     * Reads a stream to its end; it stays open.
     *
     * @param name of the file, for messages
     * @throws ModelFileException when it is no checkpoint of this fit
     */
    public static TrainingState read(Fit fit, InputStream in, String name) throws IOException {
        return read(fit, in, name, Set.of());
    }

    /**
     * Reads a stream to its end, for a training that changes some of its settings on purpose. Another learning rate
     * makes the training forget that rollbacks have halved the old one. The state remembers the {@linkplain
     * TrainingState#changes changes}.
     *
     * @param name of the file, for messages
     * @param changed keys of {@link #changeable} settings that may differ
     * @throws ModelFileException when it is no checkpoint of this fit
     */
    public static TrainingState read(Fit fit, InputStream in, String name, Set<String> changed) throws IOException {
        return read(fit, TensorFile.read(in, name), name, changed);
    }

    /**
     * The state that a file holds, which has been read.
     *
     * @param name of the file, for messages
     * @param changed keys of {@link #changeable} settings that may differ
     * @throws ModelFileException when it is no checkpoint of this fit
     */
    public static TrainingState read(Fit fit, TensorFile file, String name, Set<String> changed)
            throws ModelFileException {
        if (!changeable().containsAll(changed)) {
            throw new IllegalArgumentException("only " + changeable() + " may change, not " + changed);
        }
        try {
            check(file, "format", FORMAT, "it is not a checkpoint");
            check(
                    file,
                    "formatVersion",
                    file.isVerified() ? VERSION : VERSION_WITHOUT_CHECKSUMS,
                    "its checksums are missing, or a different version of Backdraft wrote it");
            TensorFile wanted = new TensorFile();
            describe(fit, wanted);
            checkNetwork(file.text("network"), wanted.text("network"));
            check(file, "loss", wanted.text("loss"), "its loss is different");
            Map<String, String> changes = changes(file.text("config"), wanted.text("config"), changed);
            check(file, "trainingRows", wanted.text("trainingRows"), "its training rows are different");
            checkInitial(initialModel(file), initialModel(wanted));
            if (changed.contains(Setting.EPOCHS.key())) {
                noteEpochs(file, fit.config(), changes);
            } else {
                checkEpochs(file, fit.config());
            }
            TrainingState state = TrainingState.restore(fit.network(), fit.config(), file);
            if (!changes.isEmpty()) {
                state.changed(changes, fit.config().learningRate());
            }
            return state;
        } catch (IllegalArgumentException e) {
            throw ModelFileException.unusable(
                    name, e.getMessage() + "; continue with what it was made by, or train from scratch", e);
        }
    }

    private static String initialModel(TensorFile file) {
        return file.has(INITIAL_MODEL) ? file.text(INITIAL_MODEL) : null;
    }

    /** Null for weights that were drawn. */
    private static void checkInitial(String found, String wanted) {
        if (!Objects.equals(found, wanted)) {
            throw new IllegalArgumentException("it started from " + initialText(found) + ", but this training from "
                    + initialText(wanted) + " (SHA-256 of the model file)");
        }
    }

    private static String initialText(String sha256) {
        return sha256 == null ? "weights drawn by the seed" : "the model " + sha256;
    }

    /** A file of an earlier version does not say how many epochs were asked for. */
    private static void checkEpochs(TensorFile file, TrainingConfig config) {
        List<Schedule> ofTotal = config.schedulesOfTotal();
        if (!file.has(EPOCHS) || ofTotal.isEmpty()) {
            return;
        }
        long asked = file.count(EPOCHS, Integer.MAX_VALUE);
        if (asked != config.epochs()) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "its schedule, %s, sets %s by the total number of epochs, which was %d and is"
                            + " now %d, so the finished epochs would have had others: continue with %d epochs, or"
                            + " train %d from scratch (a schedule such as constant or exponential allows more epochs later)",
                    ofTotal.get(0).name(),
                    config.schedule().dependsOnTotal() ? "the learning rates" : "dropout or weight decay",
                    asked,
                    config.epochs(),
                    asked,
                    config.epochs()));
        }
    }

    /** An earlier version may have had other names for the same network. */
    private static void checkNetwork(String found, String wanted) {
        if (!found.equals(wanted)
                && !NetworkJson.write(NetworkJson.readWritten(JsonText.read(found)))
                        .toString()
                        .equals(wanted)) {
            throw new IllegalArgumentException("its network is different: " + found + " instead of " + wanted);
        }
    }

    /** A file of an earlier version does not say how many epochs were asked for. */
    private static void noteEpochs(TensorFile file, TrainingConfig config, Map<String, String> changes) {
        String asked = file.has(EPOCHS) ? file.text(EPOCHS) : "?";
        String now = Integer.toString(config.epochs());
        if (!asked.equals(now)) {
            changes.put(Setting.EPOCHS.key(), asked + " to " + now);
        }
    }

    /**
     * Finds the settings that were changed on purpose.
     *
     * @return what each was and is, by its key
     * @throws IllegalArgumentException naming the others that differ, as all of them are many
     */
    private static Map<String, String> changes(String found, String wanted, Set<String> changed) {
        Map<String, String> changes = new TreeMap<>();
        ObjectNode foundKeys = TrainingJson.present(JsonText.read(found));
        List<String> differences = new ArrayList<>();
        JsonText.read(wanted).properties().forEach(setting -> {
            JsonNode other = foundKeys.path(setting.getKey());
            if (!other.equals(setting.getValue()) && changed.contains(setting.getKey())) {
                changes.put(setting.getKey(), plain(other) + " to " + plain(setting.getValue()));
            } else if (!other.equals(setting.getValue())) {
                differences.add(setting.getKey() + " " + other + " instead of " + setting.getValue());
            }
        });
        if (!differences.isEmpty()) {
            throw new IllegalArgumentException("its configuration is different: " + String.join(", ", differences));
        }
        return changes;
    }

    private static String plain(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.toString();
    }

    private static void check(TensorFile file, String key, String wanted, String otherwise) {
        String found = file.text(key);
        if (!found.equals(wanted)) {
            throw new IllegalArgumentException(otherwise + ": " + found + " instead of " + wanted);
        }
    }
}
