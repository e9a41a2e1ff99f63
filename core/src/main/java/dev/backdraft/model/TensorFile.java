package dev.backdraft.model;

import dev.backdraft.model.SafetensorsHeader.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Vectors of numbers and texts by name, in the layout of safetensors: what a checkpoint is made of. Written whole or not at all,
 * read strictly. Mutable, not thread-safe.
 */
public final class TensorFile {
    private final SortedMap<String, String> texts = new TreeMap<>();
    private final Map<String, Object> vectors = new LinkedHashMap<>(); // float[] or double[]
    private final String name;
    private boolean verified;

    /** An empty one, to be filled and written. */
    public TensorFile() {
        this("");
    }

    private TensorFile(String name) {
        this.name = name;
    }

    public void put(String key, String text) {
        texts.put(key, text);
    }

    /** Keeps the array itself. */
    public void put(String key, float[] values) {
        vectors.put(key, values);
    }

    /** Keeps the array itself. */
    public void put(String key, double[] values) {
        vectors.put(key, values);
    }

    public boolean has(String key) {
        return texts.containsKey(key) || vectors.containsKey(key);
    }

    /** Whether it was read from a file with checksums, as all but the earliest versions write. */
    public boolean isVerified() {
        return verified;
    }

    /**
     * The text of this name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public String text(String key) {
        String text = texts.get(key);
        if (text == null) {
            throw new IllegalArgumentException(name + " has no '" + key + "'");
        }
        return text;
    }

    /**
     * The whole number of this name.
     *
     * @param most inclusive
     * @throws IllegalArgumentException when there is none from 0 to this
     */
    public long count(String key, long most) {
        String text = text(key);
        try {
            long count = Long.parseLong(text);
            if (count >= 0 && count <= most) {
                return count;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(refused(key, text, most), e);
        }
        throw new IllegalArgumentException(refused(key, text, most));
    }

    private static String refused(String key, String text, long most) {
        return "'" + key + "' is '" + text + "', not a whole number from 0 to " + most;
    }

    /**
     * The vector of this name; the array itself. All of it is finite.
     *
     * @throws IllegalArgumentException when there is none of this length
     */
    public float[] floats(String key, int length) {
        if (vectors.get(key) instanceof float[] values && values.length == length) {
            return values;
        }
        throw new IllegalArgumentException(name + " has no '" + key + "' of " + length + " float32 numbers");
    }

    /**
     * The vector of this name; the array itself.
     *
     * @throws IllegalArgumentException when there is none of this length
     */
    public double[] doubles(String key, int length) {
        if (vectors.get(key) instanceof double[] values && values.length == length) {
            return values;
        }
        throw new IllegalArgumentException(name + " has no '" + key + "' of " + length + " float64 numbers");
    }

    /** Writes a file whole or not at all; one that is there is replaced. */
    public void write(Path path) throws IOException {
        AtomicFile.write(path, this::write);
    }

    /**
     * Writes to a stream, which stays open.
     *
     * @throws ModelFileException when a float32 is not finite: nothing could be done with the file; nothing is written
     */
    public void write(OutputStream out) throws IOException {
        try {
            checkFinite();
        } catch (IllegalArgumentException e) {
            throw new ModelFileException("checkpoint", "cannot be written: " + e.getMessage(), e);
        }
        Map<String, Entry> tensors = new LinkedHashMap<>();
        long at = 0;
        for (var entry : vectors.entrySet()) {
            boolean floats = entry.getValue() instanceof float[];
            long length = floats ? ((float[]) entry.getValue()).length : ((double[]) entry.getValue()).length;
            long end = at + length * (floats ? Float.BYTES : Double.BYTES);
            tensors.put(entry.getKey(), new Entry(floats ? Entry.FLOAT : Entry.DOUBLE, List.of(length), at, end));
            at = end;
        }
        SafetensorsWriter.write(new SafetensorsHeader(texts, tensors), this::writeNumbers, out);
    }

    private void writeNumbers(SafetensorsWriter out) throws IOException {
        for (Object values : vectors.values()) {
            if (values instanceof float[] floats) {
                out.write(floats);
            } else {
                out.write((double[]) values);
            }
        }
    }

    /**
     * Reads a stream to its end; it stays open.
     *
     * @param nameForMessages of the file
     * @throws ModelFileException when it cannot be read, is truncated, damaged or not a checkpoint
     */
    public static TensorFile read(InputStream stream, String nameForMessages) throws IOException {
        SafetensorsReader reader = new SafetensorsReader(stream, FileKind.CHECKPOINT, nameForMessages);
        try {
            TensorFile file = new TensorFile(nameForMessages);
            Checksums.verifyHeader(reader.header());
            file.verified = Checksums.areIn(reader.header());
            file.texts.putAll(reader.header().metadata());
            file.texts.keySet().removeAll(List.of(Checksums.TENSORS, Checksums.HEADER));
            Map<String, Entry> tensors = reader.header().tensors();
            reader.begin(tensors.values().stream().mapToLong(Entry::end).max().orElse(0));
            long at = 0;
            for (var entry : tensors.entrySet()) {
                at = file.readTensor(entry.getKey(), entry.getValue(), at, reader);
            }
            reader.end();
            file.checkFinite();
            return file;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw ModelFileException.damaged(nameForMessages, e.getMessage(), e);
        }
    }

    /** Refuses a float32 that is not finite. Figures, in double, may be NaN where there are none. */
    private void checkFinite() {
        vectors.forEach((key, values) -> {
            if (values instanceof float[] floats) {
                for (int i = 0; i < floats.length; i++) {
                    if (!Float.isFinite(floats[i])) {
                        throw new IllegalArgumentException(
                                "entry " + i + " of '" + key + "' is " + floats[i] + ", not a finite number");
                    }
                }
            }
        });
    }

    private long readTensor(String key, Entry tensor, long at, SafetensorsReader numbers) throws IOException {
        boolean floats = tensor.type().equals(Entry.FLOAT);
        int bytes = floats ? Float.BYTES : Double.BYTES;
        if ((!floats && !tensor.type().equals(Entry.DOUBLE))
                || tensor.shape().size() != 1
                || tensor.shape().get(0) < 0
                || tensor.begin() != at
                || tensor.end() != at + Math.multiplyExact(tensor.shape().get(0), (long) bytes)) {
            throw new IllegalArgumentException("tensor '" + key + "' is " + tensor.description());
        }
        int count = Math.toIntExact(tensor.shape().get(0));
        if (floats) {
            put(key, numbers.floats(count)); // looked at when all of the file is known not to be damaged
        } else {
            put(key, numbers.doubles(count));
        }
        return tensor.end();
    }
}
