package dev.backdraft.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.backdraft.json.JsonWords;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;

/** Says what is wrong with JSON in the user's words rather than in Jackson's and Java's. */
final class JsonFault {
    private JsonFault() {}

    static String inWords(IOException e) {
        if (e instanceof CharacterCodingException) {
            return "its text is not UTF-8";
        }
        return e instanceof JsonProcessingException json ? JsonWords.of(json) : e.getMessage();
    }

    /** A token in words; null is the end. */
    static String name(JsonToken token) {
        if (token == null) {
            return "the end";
        }
        return switch (token) {
            case START_OBJECT, END_OBJECT, FIELD_NAME -> "an object";
            case START_ARRAY, END_ARRAY -> "a list";
            case VALUE_STRING -> "a text";
            case VALUE_NUMBER_INT -> "a whole number";
            case VALUE_NUMBER_FLOAT -> "a fraction";
            default -> token.asString();
        };
    }
}
