package dev.backdraft.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The SHA-256 of a file's tensors and of its header, as two entries of the header. They tell of bits that a disk or a
 * network has changed, not of a person who changes the checksums too. That of the header is of all that its other
 * entries say, however they are laid out: of {@link SafetensorsHeader#toBytes} without the entry itself.
 */
public final class Checksums {
    static final String TENSORS = "sha256.tensors";
    static final String HEADER = "sha256.header";

    private Checksums() {}

    /** A new SHA-256. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * The header with both checksums.
     *
     * @param tensors was given the bytes of all tensors; reset
     * @throws IllegalArgumentException when the header is too long to be read again
     */
    static SafetensorsHeader seal(SafetensorsHeader header, MessageDigest tensors) throws IOException {
        SortedMap<String, String> metadata = new TreeMap<>(header.metadata());
        metadata.put(TENSORS, text(tensors.digest()));
        byte[] rest = new SafetensorsHeader(metadata, header.tensors()).toBytes();
        metadata.put(HEADER, text(sha256().digest(rest)));
        return new SafetensorsHeader(metadata, header.tensors());
    }

    /** Whether a header has checksums: those of earlier versions do not. */
    static boolean areIn(SafetensorsHeader header) {
        return header.metadata().containsKey(TENSORS) || header.metadata().containsKey(HEADER);
    }

    /**
     * Compares a header with its checksum; one without checksums passes.
     *
     * @throws IllegalArgumentException when they differ, or one of the two checksums is missing
     */
    static void verifyHeader(SafetensorsHeader header) throws IOException {
        if (areIn(header)) {
            SortedMap<String, String> metadata = new TreeMap<>(header.metadata());
            String expected = metadata.remove(HEADER);
            byte[] rest = new SafetensorsHeader(metadata, header.tensors()).toBytes();
            verify("header", expected, text(sha256().digest(rest)));
        }
    }

    /**
     * Compares the bytes of the tensors with their checksum; a header without checksums passes.
     *
     * @param tensors was given these bytes; reset
     * @throws IllegalArgumentException when they differ, or the checksum is missing
     */
    static void verifyTensors(SafetensorsHeader header, MessageDigest tensors) {
        if (areIn(header)) {
            verify("tensors", header.metadata().get(TENSORS), text(tensors.digest()));
        }
    }

    private static void verify(String what, String expected, String found) {
        if (expected == null || !MessageDigest.isEqual(bytes(expected), bytes(found))) {
            throw new IllegalArgumentException("it is damaged: the SHA-256 of its " + what + " is " + found + ", but "
                    + (expected == null ? "its header has none" : "its header says " + expected));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A digest as hexadecimal digits. */
    public static String text(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }
}
