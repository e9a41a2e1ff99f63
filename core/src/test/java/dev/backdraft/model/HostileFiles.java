package dev.backdraft.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Files whose headers want time or memory out of proportion to what a network needs. */
final class HostileFiles {
    private static final String FORMAT =
            "{\"__metadata__\":{\"format\":\"backdraft-model\",\"formatVersion\":\"1\",\"loss\":\"squared-error\",";
    private static final String NAMES = "\"featureNames\":\"[]\",\"classNames\":\"[]\",";
    private static final String DENSE =
            network("{\"type\":\"dense\",\"inputSize\":1,\"outputSize\":1,\"initializer\":\"he-normal\"}");
    private static final String END =
            "},\"layers.0.weight\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]},"
                    + "\"layers.0.bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}";
    private static final int MEGABYTE = 1 << 20;

    private HostileFiles() {}

    /** Takes a file. */
    interface Taker {
        /** @param fault what is wrong with the file */
        void take(String fault, byte[] file) throws IOException;
    }

    /** Gives one file after the other, as all together are large. */
    static void forEach(Taker files) throws IOException {
        addHeaders(files);
        addTexts(files);
        addNetworks(files);
        addColumns(files);
    }

    private static void addHeaders(Taker files) throws IOException {
        for (int count : new int[] {5_000, 400_000}) {
            put(
                    files,
                    count + " entries",
                    FORMAT + NAMES + DENSE + "," + list(count, i -> "\"k" + i + "\":\"\"") + END);
            put(
                    files,
                    count + " entries of provenance",
                    FORMAT + NAMES + DENSE + "," + list(count, i -> "\"provenance." + i + "\":\"\"") + END);
        }
        for (int count : new int[] {20_000, 150_000}) {
            put(
                    files,
                    count + " tensors",
                    "{" + list(count, i -> "\"" + i + "\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}")
                            + "}");
        }
        put(files, "60,000 tensors of one hash", "{" + list(60_000, i -> oneHash(i) + ":{\"dtype\":\"F32\"}") + "}");
        put(
                files,
                "60,000 whole tensors of one hash",
                "{" + list(60_000, i -> oneHash(i) + ":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}")
                        + "}");
        put(files, "60,000 entries of one hash", FORMAT + list(60_000, i -> oneHash(i) + ":\"\"") + "}}");
        put(files, "a name of 15 MB", "{\"" + "a".repeat(15 * MEGABYTE) + "\":{}}");
        put(files, "a tensor type of 15 MB", "{\"a\":{\"dtype\":\"" + "a".repeat(15 * MEGABYTE) + "\"}}");
        put(files, "a shape of 800,000", "{\"a\":{\"dtype\":\"F32\",\"shape\":[" + list(800_000, i -> "1") + "]}}");
        put(files, "offsets of 800,000", "{\"a\":{\"data_offsets\":[" + list(800_000, i -> "1") + "]}}");
        put(files, "15 MB of spaces", "{" + " ".repeat(15 * MEGABYTE) + "}");
        put(files, "15 MB of spaces after its end", FORMAT + NAMES + DENSE + END + " ".repeat(15 * MEGABYTE));
        put(files, "15 MB of opening brackets", "{\"a\":" + "[".repeat(15 * MEGABYTE));
        put(files, "15 MB of objects", "{" + "\"a\":{".repeat(3 * MEGABYTE));
        put(files, "15 MB of metadata twice", "{" + "\"__metadata__\":{},".repeat(700_000));
        put(files, "a number of 15 MB", "{\"a\":{\"shape\":[" + "1".repeat(15 * MEGABYTE) + "]}}");
        put(files, "an exponent", "{\"a\":{\"shape\":[1e999999999]}}");
    }

    private static void addTexts(Taker files) throws IOException {
        for (String key :
                new String[] {"network", "featureNames", "classNames", "columns", "loss", "labelName", "other"}) {
            String start = FORMAT.replace(
                            "\"loss\":\"squared-error\",", key.equals("loss") ? "" : "\"loss\":\"squared-error\",")
                    + (key.endsWith("Names") ? "" : NAMES)
                    + (key.equals("network") ? "" : DENSE + ",")
                    + "\"" + key + "\":\"";
            put(files, key + " of 15 MB of letters", start + "a".repeat(15 * MEGABYTE) + "\"" + END);
            put(files, key + " of 15 MB of brackets", start + "[".repeat(15 * MEGABYTE) + "\"" + END);
            put(
                    files,
                    key + " of a list of 490,000 texts",
                    start + "[" + list(490_000, i -> text(Integer.toString(i))) + "]\"" + END);
            put(
                    files,
                    key + " of a list of 990,000 numbers",
                    start + "[" + list(990_000, i -> "1234567") + "]\"" + END);
            put(files, key + " of 15 MB of escapes", start + "[" + text("\\\\u0041".repeat(MEGABYTE)) + "]\"" + END);
            put(
                    files,
                    key + " of an object of 60,000 names of one hash",
                    start + "{" + list(60_000, i -> oneHash(i).replace("\"", "\\\"") + ":1") + "}\"" + END);
            put(
                    files,
                    key + " of a list of 200,000 objects",
                    start + "[" + list(200_000, i -> "{" + text("type") + ":" + text("x") + "}") + "]\"" + END);
        }
    }

    private static void addNetworks(Taker files) throws IOException {
        String identity = "{\"type\":\"dense\",\"inputSize\":1,\"outputSize\":1,\"initializer\":\"he-normal\"}";
        for (int count : new int[] {2_000, 20_000, 100_000}) {
            put(files, count + " layers", FORMAT + NAMES + network(list(count, i -> identity)) + END);
        }
        String classes = "java.lang.Runtime,javax.script.ScriptEngineManager,".repeat(40);
        for (String type :
                new String[] {"java.lang.Runtime", classes, "dev.backdraft.layer.Dense", "x".repeat(MEGABYTE)}) {
            String name = "class " + type.substring(0, Math.min(20, type.length()));
            String named = "{\"type\":\"" + type + "\",\"inputSize\":1,\"outputSize\":1}";
            put(files, name + " as a layer", FORMAT + NAMES + network(named) + END);
            put(
                    files,
                    name + " as an activation",
                    FORMAT
                            + NAMES
                            + network("{\"type\":\"elementwise\",\"size\":1,\"activation\":\"" + type + "\"}")
                            + END);
            put(
                    files,
                    name + " as an initializer",
                    FORMAT + NAMES + network(identity.replace("he-normal", type)) + END);
            put(files, name + " as a setting", FORMAT + NAMES + network(identity.replace("initializer", type)) + END);
            put(files, name + " as a loss", FORMAT.replace("squared-error", type) + NAMES + DENSE + END);
        }
        for (String size : new String[] {
            "0", "-1", "2147483647", "4294967297", "1e9", "1e999999999", "9".repeat(24), "null", "\"1\""
        }) {
            put(
                    files,
                    "an input of " + size,
                    FORMAT + NAMES + network(identity.replace("inputSize\":1", "inputSize\":" + size)) + END);
        }
        put(files, "sizes whose product overflows", FORMAT + NAMES + network(identity.replace("1", "65536")) + END);
        put(
                files,
                "a layer of 1,000 names",
                FORMAT + NAMES + network("{" + list(1_000, i -> "\"a" + i + "\":1") + "}") + END);
    }

    private static void addColumns(Taker files) throws IOException {
        String start = FORMAT + NAMES + DENSE + ",\"columns\":\"[";
        put(
                files,
                "a column of 490,000 categories",
                start + "{" + text("type") + ":" + text("codes") + "," + text("name") + ":" + text("a") + ","
                        + text("values") + ":[" + list(490_000, i -> text(String.format("%07d", i))) + "]}]\"" + END);
        put(
                files,
                "100,000 columns",
                start
                        + list(
                                100_000,
                                i -> "{" + text("type") + ":" + text("hashed") + "," + text("name") + ":"
                                        + text("a" + i) + "," + text("buckets") + ":16777215}")
                        + "]\"" + END);
        for (String bad : new String[] {"1e999", "-1e999", "null", "\\\"NaN\\\"", "[]", "{}"}) {
            put(
                    files,
                    "a fill of " + bad,
                    start + "{" + text("type") + ":" + text("number") + "," + text("name") + ":" + text("a") + ","
                            + text("fill") + ":" + bad + "}]\"" + END);
            put(
                    files,
                    "a divisor of " + bad,
                    start + "{" + text("type") + ":" + text("number") + "," + text("name") + ":" + text("a") + ","
                            + text("scale") + ":{" + text("divisor") + ":" + bad + "}}]\"" + END);
        }
        put(
                files,
                "buckets of -1",
                start + "{" + text("type") + ":" + text("hashed") + "," + text("buckets") + ":-1}]\"" + END);
    }

    private static String network(String layers) {
        return "\"network\":\"" + ("{\"layers\":[" + layers + "]}").replace("\"", "\\\"") + "\"";
    }

    /** A JSON text within a JSON text. */
    private static String text(String value) {
        return "\\\"" + value + "\\\"";
    }

    private static String list(int count, IntFunction<String> entry) {
        return IntStream.range(0, count).mapToObj(entry).collect(Collectors.joining(","));
    }

    /** A name as long as the others, of one hash: "Aa" and "BB" have the same. */
    private static String oneHash(int number) {
        StringBuilder name = new StringBuilder("\"");
        for (int bit = 0; bit < 16; bit++) {
            name.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return name.append('"').toString();
    }

    private static void put(Taker files, String fault, String header) throws IOException {
        byte[] bytes = header.getBytes(UTF_8);
        if (bytes.length <= SafetensorsHeader.LARGEST) {
            files.take(fault, TestModels.file(bytes, new byte[8]));
        } else {
            throw new IllegalArgumentException(fault + ": " + bytes.length + " bytes");
        }
    }
}
