package dev.backdraft.model;

import dev.backdraft.data.Preprocessing;
import dev.backdraft.data.Standardizer;
import dev.backdraft.layer.Dense;
import dev.backdraft.layer.Layer;
import dev.backdraft.loss.Losses;
import dev.backdraft.model.ModelHeader.Tensor;
import dev.backdraft.network.Network;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Models in files: the safetensors layout, which many tools read. Eight bytes, the length of the header, little-endian; the
 * JSON header; the tensors, raw and little-endian.
 *
 * <p>{@code layers.<i>.weight} has shape [in, out], row-major: our W [out × in], column-major, as it lies. All parameters lie
 * first and in flat order. Structure, names and provenance are strings under {@code __metadata__}. The same model gives the same
 * bytes. No class name is ever read from a file, and everything is checked before memory is taken for it.
 */
public final class ModelFile {
    private static final String FORMAT = "backdraft-model";
    private static final String VERSION = "1";
    private static final String PROVENANCE = "provenance.";
    private static final int CHUNK = 1 << 16;

    private ModelFile() {}

    /** Writes a file: beside it first, then in its place at once. A file that is there stays as it is when this fails. */
    public static void write(Model model, Path path) throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        Path temporary = Files.createTempFile(directory, "." + path.getFileName(), ".tmp");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary), CHUNK)) {
                write(model, out);
            }
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Writes to a stream, which stays open. */
    public static void write(Model model, OutputStream out) throws IOException {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("format", FORMAT);
        metadata.put("formatVersion", VERSION);
        metadata.put("network", ModelHeader.toJson(model.network()));
        metadata.put("loss", model.loss().name());
        Preprocessing preprocessing = model.preprocessing();
        metadata.put("featureNames", ModelHeader.toJson(preprocessing.featureNames()));
        metadata.put("classNames", ModelHeader.toJson(preprocessing.classNames()));
        if (preprocessing.labelName() != null) {
            metadata.put("labelName", preprocessing.labelName());
        }
        model.provenance().forEach((key, value) -> metadata.put(PROVENANCE + key, value));
        boolean features = preprocessing.features() != null;
        byte[] header =
                new ModelHeader(metadata, tensors(model.network(), features, preprocessing.label() != null)).toBytes();
        int padded = (header.length + 7) / 8 * 8;
        if (padded > ModelHeader.LARGEST) {
            throw new IOException("the header would have " + padded + " bytes, more than " + ModelHeader.LARGEST);
        }
        byte[] spaces = new byte[padded - header.length];
        Arrays.fill(spaces, (byte) ' ');
        byte[] length = new byte[8];
        little(length).putLong(padded);
        out.write(length);
        out.write(header);
        out.write(spaces);
        writeFloats(model.sharedParameters(), out);
        writeDoubles(preprocessing.features(), out);
        writeDoubles(preprocessing.label(), out);
        out.flush();
    }

    /** Reads a file. */
    public static Model read(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new ModelFileException(path.toString(), "is a directory: name the model file in it");
        }
        try (InputStream in = Files.newInputStream(path)) {
            return read(in, path.toString());
        }
    }

    /**
     * Reads a stream to its end; it stays open.
     *
     * @param name of the file, for messages
     * @throws ModelFileException when the content is no model that this version reads
     */
    public static Model read(InputStream stream, String name) throws IOException {
        InputStream in = new BufferedInputStream(stream, CHUNK);
        byte[] lengthBytes = in.readNBytes(8);
        long length = lengthBytes.length < 8
                ? -1
                : little(lengthBytes).getLong();
        if (length < 2 || length > ModelHeader.LARGEST) {
            throw new ModelFileException(name, "not a Backdraft model file");
        }
        byte[] header = readFully(in, length, name);
        if (header[0] != '{') {
            throw new ModelFileException(name, "not a Backdraft model file");
        }
        try {
            return read(ModelHeader.parse(header), in, name);
        } catch (ModelFileException e) {
            throw e;
        } catch (IOException e) {
            throw new ModelFileException(name, "not a usable model file: " + e.getMessage());
        } catch (IllegalArgumentException | ArithmeticException | NullPointerException e) {
            throw new ModelFileException(name, "not a usable model file: " + e.getMessage());
        }
    }

    private static Model read(ModelHeader header, InputStream in, String name) throws IOException {
        Map<String, String> metadata = header.metadata();
        if (!FORMAT.equals(metadata.get("format"))) {
            throw new ModelFileException(name, "not a Backdraft model file: its format is not '" + FORMAT + "'");
        }
        if (!VERSION.equals(metadata.get("formatVersion"))) {
            throw new ModelFileException(
                    name, "has format version " + metadata.get("formatVersion") + ", this Backdraft reads " + VERSION);
        }
        Network network = ModelHeader.fromJson(required(metadata, "network"), Network.class);
        boolean features = header.tensors().containsKey("preprocessing.features.mean");
        boolean label = header.tensors().containsKey("preprocessing.label.mean");
        Map<String, Tensor> expected = tensors(network, features, label);
        if (!expected.equals(header.tensors())) {
            throw new ModelFileException(name, "its tensors do not fit its network");
        }
        float[] parameters = readFloats(in, network.parameterCount(), name);
        Preprocessing preprocessing = new Preprocessing(
                strings(metadata, "featureNames"),
                metadata.get("labelName"),
                strings(metadata, "classNames"),
                features ? readStandardizer(in, network.inputSize(), name) : null,
                label ? readStandardizer(in, 1, name) : null);
        if (in.read() >= 0) {
            throw new ModelFileException(name, "has bytes behind its end: the file was changed");
        }
        Map<String, String> provenance = new TreeMap<>();
        metadata.forEach((key, value) -> {
            if (key.startsWith(PROVENANCE)) {
                provenance.put(key.substring(PROVENANCE.length()), value);
            }
        });
        return new Model(network, Losses.named(required(metadata, "loss")), preprocessing, parameters, provenance);
    }

    /** The tensors of a model, in the order of their bytes: what is written, and what a file must have. */
    private static Map<String, Tensor> tensors(Network network, boolean features, boolean label) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        long at = 0;
        for (int i = 0; i < network.layers().size(); i++) {
            Layer layer = network.layers().get(i);
            if (layer instanceof Dense dense) {
                at = put(tensors, "layers." + i + ".weight", Tensor.FLOAT, at, dense.inputSize(), dense.outputSize());
                at = put(tensors, "layers." + i + ".bias", Tensor.FLOAT, at, dense.outputSize());
            }
        }
        if (features) {
            at = put(tensors, "preprocessing.features.mean", Tensor.DOUBLE, at, network.inputSize());
            at = put(tensors, "preprocessing.features.deviation", Tensor.DOUBLE, at, network.inputSize());
        }
        if (label) {
            at = put(tensors, "preprocessing.label.mean", Tensor.DOUBLE, at, 1);
            put(tensors, "preprocessing.label.deviation", Tensor.DOUBLE, at, 1);
        }
        return tensors;
    }

    private static long put(Map<String, Tensor> tensors, String name, String type, long at, long... shape) {
        long bytes = type.equals(Tensor.FLOAT) ? Float.BYTES : Double.BYTES;
        for (long length : shape) {
            bytes *= length;
        }
        List<Long> lengths = Arrays.stream(shape).boxed().toList();
        tensors.put(name, new Tensor(type, lengths, List.of(at, at + bytes)));
        return at + bytes;
    }

    private static void writeFloats(float[] values, OutputStream out) throws IOException {
        byte[] chunk = new byte[CHUNK];
        FloatBuffer floats = little(chunk).asFloatBuffer();
        for (int from = 0; from < values.length; from += CHUNK / 4) {
            int count = Math.min(CHUNK / 4, values.length - from);
            floats.clear().put(values, from, count);
            out.write(chunk, 0, 4 * count);
        }
    }

    private static void writeDoubles(Standardizer standardizer, OutputStream out) throws IOException {
        if (standardizer != null) {
            byte[] bytes = new byte[16 * standardizer.columns()];
            little(bytes).asDoubleBuffer().put(standardizer.mean()).put(standardizer.deviation());
            out.write(bytes);
        }
    }

    private static Standardizer readStandardizer(InputStream in, int columns, String name) throws IOException {
        double[] mean = new double[columns];
        double[] deviation = new double[columns];
        little(readFully(in, 16L * columns, name))
                .asDoubleBuffer()
                .get(mean)
                .get(deviation);
        return new Standardizer(mean, deviation);
    }

    private static float[] readFloats(InputStream in, int count, String name) throws IOException {
        float[] values = new float[Math.min(count, CHUNK)];
        for (int from = 0; from < count; from += CHUNK) {
            int length = Math.min(CHUNK, count - from);
            byte[] bytes = readFully(in, 4L * length, name);
            if (from + length > values.length) {
                values = Arrays.copyOf(values, (int) Math.min(count, 2L * values.length));
            }
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(values, from, length);
        }
        return values;
    }

    /** Reads so many bytes; memory grows with what is there, not with what a header claims. */
    private static byte[] readFully(InputStream in, long count, String name) throws IOException {
        byte[] bytes = in.readNBytes(Math.toIntExact(count));
        if (bytes.length < count) {
            throw new ModelFileException(name, "is truncated: " + (count - bytes.length) + " bytes are missing");
        }
        return bytes;
    }

    private static String required(Map<String, String> metadata, String key) throws IOException {
        String value = metadata.get(key);
        if (value == null) {
            throw new IOException("its header has no '" + key + "'");
        }
        return value;
    }

    private static List<String> strings(Map<String, String> metadata, String key) throws IOException {
        return Arrays.asList(ModelHeader.fromJson(required(metadata, key), String[].class));
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
