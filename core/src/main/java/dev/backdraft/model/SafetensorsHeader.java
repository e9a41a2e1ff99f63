package dev.backdraft.model;

import static com.fasterxml.jackson.core.JsonToken.END_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.END_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NUMBER_INT;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The JSON header of a safetensors file: texts under {@code __metadata__}, then an entry for each tensor. Knows the syntax only;
 * {@link ModelHeader} knows what must be in it.
 *
 * @param tensors by name, in the order of the header
 */
record SafetensorsHeader(SortedMap<String, String> metadata, Map<String, Entry> tensors) {
    /** Bytes of the longest header that is written or read. */
    static final int LARGEST = StrictJson.LONGEST_TEXT;

    private static final int MOST_NUMBERS = 64; // of a shape; ours have one or two

    /** Texts and tensors of the largest header that is read: a table of thousands of columns has thousands. */
    private static final int MOST_ENTRIES = 20_000;

    private static final String METADATA = "__metadata__";

    /** What the header says of a tensor: it is at the bytes [begin, end) after the header, row-major. */
    record Entry(String type, List<Long> shape, long begin, long end) {
        static final String FLOAT = "F32";
        static final String DOUBLE = "F64";

        /** As error messages show it. */
        String description() {
            return type + " " + shape + " at bytes " + begin + " to " + end;
        }
    }

    /**
     * The header in UTF-8, keys of the metadata sorted, padded with spaces to a multiple of 8 bytes.
     *
     * @throws IllegalArgumentException when it is too long to be read again
     */
    byte[] toBytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = StrictJson.generator(bytes)) {
            json.writeStartObject();
            json.writeObjectFieldStart(METADATA);
            for (var entry : metadata.entrySet()) {
                json.writeStringField(entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
            for (var entry : tensors.entrySet()) {
                Entry tensor = entry.getValue();
                json.writeObjectFieldStart(entry.getKey());
                json.writeStringField("dtype", tensor.type());
                writeNumbers(json, "shape", tensor.shape());
                writeNumbers(json, "data_offsets", List.of(tensor.begin(), tensor.end()));
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        while (bytes.size() % 8 != 0) {
            bytes.write(' ');
        }
        if (bytes.size() > LARGEST) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "its names and provenance take %,d bytes, more than %,d", bytes.size(), LARGEST));
        }
        return bytes.toByteArray();
    }

    private static void writeNumbers(JsonGenerator json, String name, List<Long> numbers) throws IOException {
        json.writeArrayFieldStart(name);
        for (long number : numbers) {
            json.writeNumber(number);
        }
        json.writeEndArray();
    }

    /**
     * Parses a header.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    static SafetensorsHeader parse(byte[] bytes) {
        SortedMap<String, String> metadata = new TreeMap<>();
        Map<String, Entry> tensors = new LinkedHashMap<>();
        try (JsonParser json = StrictJson.parser(bytes)) {
            StrictJson.expect(json, START_OBJECT);
            while (json.nextToken() != END_OBJECT) {
                String name = json.currentName();
                StrictJson.expect(json, START_OBJECT);
                if (name.equals(METADATA)) {
                    readTexts(json, metadata);
                } else {
                    checkCount(tensors.size() + 1, "tensors");
                    tensors.put(name, readTensor(json, name));
                }
            }
            StrictJson.expect(json, null);
        } catch (IOException e) {
            throw StrictJson.refusal(e);
        }
        return new SafetensorsHeader(metadata, tensors);
    }

    private static void readTexts(JsonParser json, Map<String, String> texts) throws IOException {
        while (json.nextToken() != END_OBJECT) {
            String key = StrictJson.unicode(json.currentName());
            json.nextToken();
            checkCount(texts.size() + 1, "texts");
            texts.put(key, StrictJson.text(json));
        }
    }

    private static void checkCount(int count, String what) {
        if (count > MOST_ENTRIES) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "it has more than %,d %s", MOST_ENTRIES, what));
        }
    }

    private static Entry readTensor(JsonParser json, String name) throws IOException {
        String type = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        while (json.nextToken() != END_OBJECT) {
            switch (json.currentName()) {
                case "dtype" -> {
                    json.nextToken();
                    type = StrictJson.text(json);
                }
                case "shape" -> shape = readNumbers(json);
                case "data_offsets" -> offsets = readNumbers(json);
                default ->
                    throw new IllegalArgumentException(
                            "unknown field '" + json.currentName() + "' of tensor '" + name + "'");
            }
        }
        if (type == null || shape == null || offsets == null || offsets.size() != 2) {
            throw new IllegalArgumentException(
                    "tensor '" + name + "' needs a dtype, a shape and a begin and end in data_offsets");
        }
        return new Entry(type, shape, offsets.get(0), offsets.get(1));
    }

    private static List<Long> readNumbers(JsonParser json) throws IOException {
        List<Long> numbers = new ArrayList<>();
        StrictJson.expect(json, START_ARRAY);
        while (json.nextToken() != END_ARRAY) {
            StrictJson.expectCurrent(json, VALUE_NUMBER_INT);
            if (numbers.size() == MOST_NUMBERS) {
                throw new IllegalArgumentException("a list of a tensor has more than " + MOST_NUMBERS + " numbers");
            }
            numbers.add(json.getLongValue());
        }
        return numbers;
    }
}
