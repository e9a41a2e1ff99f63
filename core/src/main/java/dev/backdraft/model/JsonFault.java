package dev.backdraft.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.stream.Collectors;

/** Says what is wrong with JSON in the user's words rather than in Jackson's and Java's. */
final class JsonFault {
    private static final String NEWER = "; a newer Backdraft may know it";

    private JsonFault() {}

    static String inWords(IOException e) {
        if (e instanceof CharacterCodingException) {
            return "its text is not UTF-8";
        }
        if (e instanceof JsonMappingException mapping) {
            return fault(mapping) + place(mapping) + (isUnknownName(mapping) ? NEWER : "");
        }
        return e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
    }

    private static String fault(JsonMappingException e) {
        if (e instanceof UnrecognizedPropertyException unknown) {
            return "unknown field '" + unknown.getPropertyName() + "'";
        }
        if (e instanceof InvalidTypeIdException unknown) {
            return unknown.getTypeId() == null ? "no type" : "unknown type '" + unknown.getTypeId() + "'";
        }
        if (e instanceof InvalidFormatException unknown) {
            return "unknown value '" + unknown.getValue() + "'";
        }
        if (e instanceof ValueInstantiationException && e.getCause() != null) {
            return e.getCause().getMessage(); // of the check in a record's constructor
        }
        return e.getOriginalMessage();
    }

    private static boolean isUnknownName(JsonMappingException e) {
        return e instanceof UnrecognizedPropertyException
                || e instanceof InvalidTypeIdException
                || e instanceof InvalidFormatException;
    }

    private static String place(JsonMappingException e) {
        String path = e.getPath().stream()
                .map(step -> step.getFieldName() != null ? "." + step.getFieldName() : "[" + step.getIndex() + "]")
                .collect(Collectors.joining());
        return path.isEmpty() ? "" : " at " + (path.startsWith(".") ? path.substring(1) : path);
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
