package dev.backdraft.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The JSON header of a model file: strings under {@code __metadata__}, then one entry a tensor, in the order of their bytes.
 * Reading is strict: nothing unknown, no key twice, no deep nesting.
 */
record ModelHeader(Map<String, String> metadata, Map<String, Tensor> tensors) {
    static final int LARGEST = 16 << 20;

    private static final String METADATA = "__metadata__";
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(8)
                            .maxStringLength(LARGEST)
                            .maxNameLength(1000)
                            .maxNumberLength(30)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /** Where a tensor lies: bytes [begin, end) behind the header, row-major. */
    record Tensor(
            @JsonProperty("dtype") String type,
            @JsonProperty("shape") List<Long> shape,
            @JsonProperty("data_offsets") List<Long> offsets) {
        static final String FLOAT = "F32";
        static final String DOUBLE = "F64";

        /** Number of entries, or −1 when the shape is no shape. */
        long size() {
            long size = 1;
            for (Long length : shape) {
                if (length == null || length < 1 || size > Long.MAX_VALUE / 16 / length) {
                    return -1;
                }
                size *= length;
            }
            return size;
        }
    }

    byte[] toBytes() throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(METADATA, new TreeMap<>(metadata));
        all.putAll(tensors);
        return JSON.writer()
                .without(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .writeValueAsBytes(all);
    }

    /** Parses a header; an exception's message says what is wrong, without the file's name. */
    static ModelHeader parse(byte[] bytes) throws IOException {
        try {
            Map<String, JsonNode> all = JSON.readValue(bytes, new TypeReference<LinkedHashMap<String, JsonNode>>() {});
            Map<String, String> metadata = new TreeMap<>();
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (var entry : all.entrySet()) {
                if (entry.getKey().equals(METADATA)) {
                    metadata.putAll(JSON.convertValue(entry.getValue(), new TypeReference<Map<String, String>>() {}));
                } else {
                    tensors.put(entry.getKey(), JSON.treeToValue(entry.getValue(), Tensor.class));
                }
            }
            return new ModelHeader(metadata, tensors);
        } catch (JsonProcessingException e) {
            throw new IOException("its header is not as expected: " + reason(e), e);
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new IOException("its header is not as expected", e);
        }
    }

    static String toJson(Object value) throws IOException {
        return JSON.writeValueAsString(value);
    }

    static <T> T fromJson(String json, Class<T> type) throws IOException {
        try {
            T value = JSON.readValue(json, type);
            if (value == null) {
                throw new IOException("an entry of its header is empty");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new IOException("its header is not as expected: " + reason(e), e);
        }
    }

    private static String reason(JsonProcessingException e) {
        return e instanceof ValueInstantiationException && e.getCause() != null
                ? e.getCause().getMessage() // of the check in a record's constructor
                : e.getOriginalMessage();
    }
}
