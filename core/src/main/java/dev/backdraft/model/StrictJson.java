package dev.backdraft.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * JSON of an untrusted file: bounded, no duplicate key, nothing after the end. Whatever is wrong is an {@link
 * IllegalArgumentException} that says it in words.
 */
final class StrictJson {
    /** Bytes, and so also characters, of the longest text that is read. */
    static final int LONGEST_TEXT = 16 << 20;

    private static final int LONGEST_NAME = 1 << 16; // of keys; names of features are texts
    private static final int MOST_TOKENS = 1_000_000; // bounds the memory for a tree

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxDocumentLength(LONGEST_TEXT)
                            .maxStringLength(LONGEST_TEXT)
                            .maxNameLength(LONGEST_NAME)
                            .maxNumberLength(24) // as long as doubles get
                            .maxNestingDepth(8)
                            .maxTokenCount(MOST_TOKENS)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES) // names from files stay out of
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // tables that outlive the call
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private StrictJson() {}

    /** The value as JSON. */
    static String write(Object value) throws IOException {
        return JSON.writeValueAsString(value);
    }

    /** Writes UTF-8. */
    static JsonGenerator generator(OutputStream out) throws IOException {
        return JSON.getFactory().createGenerator(out);
    }

    /** A parser of UTF-8, whatever other encoding the bytes may look like. */
    static JsonParser parser(byte[] utf8) throws IOException {
        var decoder = StandardCharsets.UTF_8.newDecoder(); // reports what is malformed
        return JSON.getFactory().createParser(new InputStreamReader(new ByteArrayInputStream(utf8), decoder));
    }

    /** The tree of a text. */
    static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw refusal(e);
        }
    }

    /** The strings of a JSON array of nothing else. */
    static List<String> readStrings(String text) {
        List<String> strings = new ArrayList<>();
        try (JsonParser json = JSON.getFactory().createParser(text)) {
            expect(json, JsonToken.START_ARRAY);
            while (json.nextToken() != JsonToken.END_ARRAY) {
                strings.add(text(json));
            }
            expect(json, null);
            return strings;
        } catch (IOException e) {
            throw refusal(e);
        }
    }

    /** Takes the next token, which must be this one; null for the end. */
    static void expect(JsonParser json, JsonToken expected) throws IOException {
        json.nextToken();
        expectCurrent(json, expected);
    }

    static void expectCurrent(JsonParser json, JsonToken expected) {
        if (json.currentToken() != expected) {
            throw new IllegalArgumentException(
                    "found " + JsonFault.name(json.currentToken()) + " instead of " + JsonFault.name(expected));
        }
    }

    /** The text that the current token must be. */
    static String text(JsonParser json) throws IOException {
        expectCurrent(json, JsonToken.VALUE_STRING);
        return unicode(json.getText());
    }

    /** The text itself, in which no surrogate stands alone: an escape in JSON can say so, other readers stumble over it. */
    static String unicode(String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("'" + text + "' holds half of a character");
        }
        return text;
    }

    static IllegalArgumentException refusal(IOException e) {
        return new IllegalArgumentException(JsonFault.inWords(e), e);
    }
}
