package dev.backdraft.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * JSON of an untrusted file: bounded, no duplicate key, nothing after the end. Whatever is wrong is an {@link
 * IllegalArgumentException} that says it in words.
 */
final class StrictJson {
    /** Bytes, and so also characters, of the longest text that is read. */
    static final int LONGEST_TEXT = 16 << 20;

    private static final int LONGEST_NAME = 1 << 16; // of keys, and of texts in a network or a loss
    private static final int MOST_NAMES = 1000; // of an object that describes a network, a layer or a loss
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

    /**
     * A parser of UTF-8, whatever other encoding the bytes may look like. All is decoded at once, as a parser copies a
     * long text several times when it is given one buffer after the other.
     */
    static JsonParser parser(byte[] utf8) throws IOException {
        var decoder = StandardCharsets.UTF_8.newDecoder(); // reports what is malformed
        CharBuffer text = decoder.decode(ByteBuffer.wrap(utf8));
        return JSON.getFactory().createParser(text.array(), 0, text.length());
    }

    /** The tree of a text. */
    static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw refusal(e);
        }
    }

    /**
     * The tree of a text that should be an object, and is looked through before all of it is in memory.
     *
     * @param mostObjects that it may have, at any depth
     */
    static JsonNode read(String text, int mostObjects) {
        try (JsonParser json = JSON.getFactory().createParser(text)) {
            int objects = 0;
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                objects += token == JsonToken.START_OBJECT ? 1 : 0;
                if (token == JsonToken.VALUE_STRING) { // a name, or a word
                    checkCount(json.getTextLength(), LONGEST_NAME, "characters in a text");
                }
                checkCount(objects, mostObjects, "objects");
                JsonStreamContext within = json.getParsingContext();
                if (within.inObject() || (within.inArray() && within.getParent().inRoot())) {
                    checkCount(within.getCurrentIndex() + 1, MOST_NAMES, "entries in one place");
                }
            }
        } catch (IOException e) {
            throw refusal(e);
        }
        return read(text);
    }

    private static void checkCount(int count, int most, String what) {
        if (count > most) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "it has more than %,d %s", most, what));
        }
    }

    /** Whether a text, which must be a list, has more values than this; looks no further. */
    static boolean hasMore(String text, int values) {
        try (JsonParser json = JSON.getFactory().createParser(text)) {
            expect(json, JsonToken.START_ARRAY);
            int count = 0;
            while (count <= values && json.nextToken() != JsonToken.END_ARRAY) {
                json.skipChildren();
                count++;
            }
            return count > values;
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
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!isPair(text, i)) {
                    throw new IllegalArgumentException("'" + text + "' holds half of a character");
                }
                i++;
            }
        }
        return text;
    }

    private static boolean isPair(String text, int at) {
        return at + 1 < text.length() && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1));
    }

    static IllegalArgumentException refusal(IOException e) {
        return new IllegalArgumentException(JsonFault.inWords(e), e);
    }
}
