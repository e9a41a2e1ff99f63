package dev.backdraft.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.column.Columns;
import dev.backdraft.column.ColumnsJson;
import dev.backdraft.data.LabelScale;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.data.Standardizer;
import dev.backdraft.json.RecordJson;
import dev.backdraft.json.UnknownNameException;
import dev.backdraft.json.ValueText;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.Losses;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * All of a model but its numbers: what the entries of the file's header mean.
 *
 * @param names the preprocessing without its numbers
 * @param layout which numbers follow, and where
 * @param centeredFeatures columns that are centered in double, ascending
 * @param centeredLabels labels that are centered in double, ascending
 * @param threshold of the decision for class 1; NaN for none
 * @param calibration of the probabilities of class 1; null for none
 */
record ModelHeader(
        Network network,
        Loss loss,
        Preprocessing names,
        TensorLayout layout,
        List<Integer> centeredFeatures,
        List<Integer> centeredLabels,
        double threshold,
        CalibrationCurve calibration,
        SortedMap<String, String> provenance) {
    private static final String FORMAT = "format";
    private static final String FORMAT_NAME = "backdraft-model";
    private static final String VERSION = "formatVersion";
    private static final String VERSION_WRITTEN = "2";
    private static final String VERSION_WITHOUT_CHECKSUMS = "1";
    private static final RecordJson LOSSES = new RecordJson(List.of(Losses.CATALOG));
    private static final int FEW_LAYERS = 1000;
    private static final int LAYERS_FOR_TENSOR = 16;
    private static final int OBJECTS_OF_LAYER = 32; // in JSON; an embedding has one for each of thousands of columns
    private static final int MOST_OBJECTS_OF_LOSS = 100;
    private static final String CENTERED_FEATURES = "centeredFeatures";
    private static final String CENTERED_LABELS = "centeredLabels";
    private static final String COLUMNS = "columns";
    private static final String LABEL_SCALE = "labelScale";
    private static final String CALIBRATION = "calibration";
    private static final String THRESHOLD = "threshold";
    private static final String PROVENANCE = "provenance.";

    ModelHeader {
        // Only then does the size of the input, and so of all scratch, show in the size of the file.
        if (network.parameterCount() == 0) {
            throw new IllegalArgumentException("its network has no parameters");
        }
    }

    static ModelHeader of(Model model) {
        Preprocessing all = model.preprocessing();
        return new ModelHeader(
                model.network(),
                model.loss(),
                new Preprocessing(
                        all.featureNames(),
                        all.labelName(),
                        all.classNames(),
                        null,
                        null,
                        all.columns(),
                        all.labelScale()),
                new TensorLayout(model.network(), all.features() != null, all.label() != null),
                centered(all.features()),
                centered(all.label()),
                model.hasThreshold() ? model.threshold() : Double.NaN,
                model.calibration(),
                model.provenance());
    }

    private static List<Integer> centered(Standardizer standardizer) {
        return standardizer == null
                ? List.of()
                : Arrays.stream(standardizer.centered()).boxed().toList();
    }

    SafetensorsHeader toFile() throws IOException {
        SortedMap<String, String> metadata = new TreeMap<>();
        metadata.put(FORMAT, FORMAT_NAME);
        metadata.put(VERSION, VERSION_WRITTEN);
        metadata.put("network", NetworkJson.write(network).toString());
        metadata.put("loss", write(loss));
        metadata.put("featureNames", StrictJson.write(names.featureNames()));
        metadata.put("classNames", StrictJson.write(names.classNames()));
        if (names.labelName() != null) {
            metadata.put("labelName", names.labelName());
        }
        if (names.columns() != null && !(names.columns() instanceof Columns)) {
            throw new IllegalArgumentException("only columns that a scan has learned can be written");
        }
        if (names.columns() instanceof Columns columns) {
            metadata.put(COLUMNS, ColumnsJson.write(columns).toString());
        }
        if (names.labelScale() != LabelScale.LINEAR) {
            metadata.put(LABEL_SCALE, ValueText.text(names.labelScale()));
        }
        if (!centeredFeatures.isEmpty()) {
            metadata.put(CENTERED_FEATURES, StrictJson.write(centeredFeatures));
        }
        if (!centeredLabels.isEmpty()) {
            metadata.put(CENTERED_LABELS, StrictJson.write(centeredLabels));
        }
        if (!Double.isNaN(threshold)) {
            metadata.put(THRESHOLD, Double.toString(threshold));
        }
        if (calibration != null) {
            metadata.put(CALIBRATION, StrictJson.write(List.of(calibration.score(), calibration.probability())));
        }
        provenance.forEach((key, value) -> metadata.put(PROVENANCE + key, value));
        return new SafetensorsHeader(metadata, layout.tensors());
    }

    /**
     * Checks that a header is of this format and version, before anything else is asked of it.
     *
     * @param file its name, for messages
     */
    static void checkFormat(SafetensorsHeader header, String file) throws ModelFileException {
        String format = header.metadata().get(FORMAT);
        String version = header.metadata().get(VERSION);
        if (!FORMAT_NAME.equals(format)) {
            throw FileKind.MODEL.foreign(
                    file, "a safetensors file of another program, whose format is not '" + FORMAT_NAME + "'");
        }
        if (!VERSION_WRITTEN.equals(version) && !VERSION_WITHOUT_CHECKSUMS.equals(version)) {
            if (version != null && version.matches("[1-9][0-9]{0,8}")) {
                throw new ModelFileException(
                        file,
                        "written by a newer Backdraft: format version " + version + ", this one reads up to "
                                + VERSION_WRITTEN + "; use the newer one",
                        null);
            }
            throw ModelFileException.damaged(
                    file, "its format version is " + version + ", this Backdraft reads up to " + VERSION_WRITTEN, null);
        }
        if (VERSION_WRITTEN.equals(version) && !Checksums.areIn(header)) {
            throw ModelFileException.damaged(file, "its header has no '" + Checksums.HEADER + "'", null);
        }
    }

    /**
     * What the header of a file says.
     *
     * @throws IllegalArgumentException saying what is wrong: anything missing, unknown or not in its place
     */
    static ModelHeader of(SafetensorsHeader file) {
        Map<String, String> metadata = new TreeMap<>(file.metadata());
        metadata.remove(FORMAT);
        if (VERSION_WRITTEN.equals(metadata.remove(VERSION))) {
            metadata.remove(Checksums.TENSORS);
            metadata.remove(Checksums.HEADER);
        }
        SortedMap<String, String> provenance = new TreeMap<>();
        file.metadata().forEach((key, value) -> {
            if (key.startsWith(PROVENANCE)) {
                provenance.put(key.substring(PROVENANCE.length()), value);
                metadata.remove(key);
            }
        });
        Network network = take(
                metadata, "network", text -> readNetwork(text, file.tensors().size()));
        List<String> features = take(metadata, "featureNames", StrictJson::readStrings);
        ModelHeader header = new ModelHeader(
                network,
                take(metadata, "loss", ModelHeader::readLoss),
                new Preprocessing(
                        features,
                        metadata.remove("labelName"),
                        take(metadata, "classNames", StrictJson::readStrings),
                        null,
                        null,
                        metadata.containsKey(COLUMNS)
                                ? take(metadata, COLUMNS, text -> readColumns(text, features))
                                : null,
                        metadata.containsKey(LABEL_SCALE)
                                ? take(metadata, LABEL_SCALE, ModelHeader::readLabelScale)
                                : LabelScale.LINEAR),
                TensorLayout.of(network, file.tensors().keySet()),
                takeColumns(metadata, CENTERED_FEATURES, network.inputSize()),
                takeColumns(metadata, CENTERED_LABELS, network.outputSize()),
                metadata.containsKey(THRESHOLD) ? take(metadata, THRESHOLD, ModelHeader::readThreshold) : Double.NaN,
                metadata.containsKey(CALIBRATION) ? take(metadata, CALIBRATION, ModelHeader::readCurve) : null,
                provenance);
        for (String key : metadata.keySet()) {
            throw new IllegalArgumentException("unknown entry '" + key + "' in its header");
        }
        header.layout.check(file.tensors());
        checkScaled(CENTERED_FEATURES, header.centeredFeatures, header.layout.scalesFeatures());
        checkScaled(CENTERED_LABELS, header.centeredLabels, header.layout.scalesLabel());
        return header;
    }

    /** Not the linear one, which a file does not name, so that a model has one file only. */
    private static LabelScale readLabelScale(String text) {
        List<String> names = new ArrayList<>();
        for (LabelScale scale : LabelScale.values()) {
            if (scale != LabelScale.LINEAR) {
                names.add(ValueText.text(scale));
                if (names.get(names.size() - 1).equals(text)) {
                    return scale;
                }
            }
        }
        throw new IllegalArgumentException("is '" + text + "', not " + String.join(" or ", names));
    }

    /** A number above 0 and below 1, written as Java writes it, so that a model has one file only. */
    private static double readThreshold(String text) {
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("is '" + text + "', not a number", e);
        }
        if (!(value > 0 && value < 1) || !Double.toString(value).equals(text)) {
            throw new IllegalArgumentException("is '" + text + "', not a number above 0 and below 1");
        }
        return value;
    }

    /** A list of the scores and one of the probabilities. */
    private static CalibrationCurve readCurve(String text) {
        JsonNode json = StrictJson.read(text);
        if (!json.isArray()
                || json.size() != 2
                || !json.get(0).isArray()
                || !json.get(1).isArray()) {
            throw new IllegalArgumentException("is not a list of scores and a list of probabilities");
        }
        return new CalibrationCurve(numbers(json.get(0)), numbers(json.get(1)));
    }

    private static List<Double> numbers(JsonNode array) {
        List<Double> numbers = new ArrayList<>();
        for (JsonNode entry : array) {
            if (!entry.isNumber()) {
                throw new IllegalArgumentException("found " + entry + " where a number is due");
            }
            numbers.add(entry.doubleValue());
        }
        return numbers;
    }

    /** Layers without tensors, such as activations, follow layers that have some. */
    private static Network readNetwork(String text, int tensors) {
        int most = FEW_LAYERS + LAYERS_FOR_TENSOR * tensors;
        JsonNode json = StrictJson.read(text, OBJECTS_OF_LAYER * most);
        int layers = json.path("layers").size();
        if (layers > most) {
            throw new IllegalArgumentException(
                    "it has " + layers + " layers, but the file has " + tensors + " tensors");
        }
        return NetworkJson.readWritten(json);
    }

    private static Columns readColumns(String text, List<String> features) {
        if (StrictJson.hasMore(text, features.size())) {
            throw new IllegalArgumentException("there are more than the " + features.size() + " names of features");
        }
        JsonNode json = StrictJson.read(text);
        if (json.size() != features.size()) {
            throw new IllegalArgumentException(
                    "there are " + json.size() + ", but " + features.size() + " names of features");
        }
        return ColumnsJson.read(json);
    }

    private static void checkScaled(String key, List<Integer> columns, boolean scaled) {
        if (!columns.isEmpty() && !scaled) {
            throw new IllegalArgumentException("its header has '" + key + "' but no means to subtract");
        }
    }

    /** Columns that are centered in double; none when the header does not have the key. */
    private static List<Integer> takeColumns(Map<String, String> metadata, String key, int columns) {
        return metadata.containsKey(key) ? take(metadata, key, text -> readColumns(text, columns)) : List.of();
    }

    private static List<Integer> readColumns(String text, int columns) {
        JsonNode array = StrictJson.read(text);
        List<Integer> read = new ArrayList<>();
        if (!array.isArray() || array.isEmpty()) {
            throw new IllegalArgumentException("is not a list of columns");
        }
        for (JsonNode entry : array) {
            int least = read.isEmpty() ? 0 : read.get(read.size() - 1) + 1;
            if (!entry.isInt() || entry.intValue() < least || entry.intValue() >= columns) {
                throw new IllegalArgumentException(
                        "found " + entry + " where a column from " + least + " to " + (columns - 1) + " is due");
            }
            read.add(entry.intValue());
        }
        return read;
    }

    /** Its name, or JSON when its settings are not the usual ones. */
    private static String write(Loss loss) {
        return loss.equals(Losses.named(loss.name()))
                ? loss.name()
                : LOSSES.write(loss).toString();
    }

    private static Loss readLoss(String text) {
        return text.startsWith("{")
                ? LOSSES.read(StrictJson.read(text, MOST_OBJECTS_OF_LOSS), Losses.CATALOG)
                : Losses.named(text);
    }

    private static <T> T take(Map<String, String> metadata, String key, Function<String, T> reader) {
        String value = metadata.remove(key);
        if (value == null) {
            throw new IllegalArgumentException("its header has no '" + key + "'");
        }
        try {
            return reader.apply(value);
        } catch (UnknownNameException e) {
            throw new IllegalArgumentException("its " + key + ": " + e.inFile(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("its " + key + ": " + e.getMessage(), e);
        }
    }

    /** The model, with the numbers that follow in the file, to its end. */
    Model read(SafetensorsReader in) throws IOException {
        float[] parameters = in.floats(network.length());
        Scaling features = layout.scalesFeatures() ? Scaling.read(in, network.inputSize()) : null;
        Scaling label = layout.scalesLabel() ? Scaling.read(in, network.outputSize()) : null;
        in.end(); // only numbers that are not damaged are looked at
        Preprocessing preprocessing = new Preprocessing(
                names.featureNames(),
                names.labelName(),
                names.classNames(),
                features == null ? null : features.standardizer(centeredFeatures),
                label == null ? null : label.standardizer(centeredLabels),
                names.columns(),
                names.labelScale());
        Model model = Model.keeping(parameters, network, loss, preprocessing, provenance);
        model = calibration == null ? model : model.withCalibration(calibration);
        return Double.isNaN(threshold) ? model : model.withThreshold(threshold);
    }

    /** The numbers of a standardizer as they are in the file. */
    private record Scaling(double[] mean, double[] deviation) {
        static Scaling read(SafetensorsReader in, int columns) throws IOException {
            return new Scaling(in.doubles(columns), in.doubles(columns));
        }

        Standardizer standardizer(List<Integer> centered) {
            return new Standardizer(
                    mean,
                    deviation,
                    centered.stream().mapToInt(Integer::intValue).toArray());
        }
    }
}
