package dev.backdraft.model;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Headers written by hand that lie, each in one way. All are otherwise those of {@link TestModels#line}, without
 * checksums.
 */
class HostileHeaderTest {
    private static final String LINE =
            new String(TestModels.header(TestModels.withoutChecksums(TestModels.line())), UTF_8).strip();
    private static final byte[] DATA = TestModels.data(TestModels.bytes(TestModels.line()));
    private static final String WEIGHT =
            "\"layers.0.weight\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]}";

    /** What is replaced by what, and what the message must say. */
    private record Lie(String from, String to, String says) {
        @Override
        public String toString() {
            return from + " -> " + (to.length() < 80 ? to : to.substring(0, 80) + "…");
        }
    }

    private static Lie lie(String from, String to, String says) {
        return new Lie(from, to, says);
    }

    /** In the JSON text of the network, whose quotes are escaped. */
    private static Lie inNetwork(String from, String to, String says) {
        return new Lie(from.replace("\"", "\\\""), to.replace("\"", "\\\""), says);
    }

    static Stream<Lie> layouts() {
        return Stream.of(
                // types
                lie(WEIGHT, WEIGHT.replace("F32", "F16"), "tensor 'layers.0.weight' is F16 [2, 1]"),
                lie(WEIGHT, WEIGHT.replace("F32", "X99"), "is X99 [2, 1]"),
                lie(WEIGHT, WEIGHT.replace("\"F32\"", "32"), "found a whole number instead of a text"),
                lie(WEIGHT, WEIGHT.replace("F32", "F64"), "is F64 [2, 1] at bytes 0 to 8, but its network needs F32"),
                // shapes
                lie(WEIGHT, WEIGHT.replace("[2,1]", "[1,2]"), "is F32 [1, 2] at bytes 0 to 8"),
                lie(WEIGHT, WEIGHT.replace("[2,1]", "[2]"), "is F32 [2]"),
                lie(WEIGHT, WEIGHT.replace("[2,1]", "[]"), "is F32 []"),
                lie(WEIGHT, WEIGHT.replace("[2,1]", "[2,1,1]"), "is F32 [2, 1, 1]"),
                lie(WEIGHT, WEIGHT.replace("[2,1]", "[0,1]"), "is F32 [0, 1]"),
                lie(WEIGHT, WEIGHT.replace("[2,1]", "[-2,-1]"), "is F32 [-2, -1]"),
                lie(WEIGHT, WEIGHT.replace("[2,1]", "[4294967296,4294967296]"), "is F32 [4294967296, 4294967296]"),
                lie(WEIGHT, WEIGHT.replace("[2,1]", "[2,1e0]"), "found a fraction instead of a whole number"),
                lie(WEIGHT, WEIGHT.replace("[2,1]", "[2,null]"), "found null instead of a whole number"),
                lie(WEIGHT, WEIGHT.replace("[2,1]", "[[2],1]"), "found a list instead of a whole number"),
                lie(WEIGHT, WEIGHT.replace("[2,1]", "\"2x1\""), "found a text instead of a list"),
                lie(
                        WEIGHT,
                        WEIGHT.replace("[2,1]", "[" + "1,".repeat(100_000) + "1]"),
                        "a list of a tensor has more than 64 numbers"),
                // places
                lie("[8,12]", "[4,8]", "'layers.0.bias' is F32 [1] at bytes 4 to 8"), // overlaps
                lie("[8,12]", "[0,4]", "at bytes 0 to 4"), // lies on another
                lie("[8,12]", "[8,16]", "at bytes 8 to 16"), // longer than its shape
                lie("[8,12]", "[12,8]", "at bytes 12 to 8"), // backwards
                lie("[8,12]", "[-4,0]", "at bytes -4 to 0"),
                lie("[8,12]", "[8,9223372036854775807]", "at bytes 8 to 9223372036854775807"),
                lie("[8,12]", "[8,9223372036854775808]", "out of range of long"),
                lie("[8,12]", "[8,99999999999999999999999999]", "too long"),
                lie("[52,60]", "[60,68]", "at bytes 60 to 68"), // a hole
                lie("[52,60]", "[52,61]", "at bytes 52 to 61"),
                lie("[8,12]", "[8]", "tensor 'layers.0.bias' needs"),
                lie("[8,12]", "[8,12,12]", "tensor 'layers.0.bias' needs"),
                // missing, twice, too many
                lie(WEIGHT + ",", "", "tensor 'layers.0.weight' is missing"),
                lie(WEIGHT, WEIGHT + "," + WEIGHT, "Duplicate field 'layers.0.weight'"),
                lie(WEIGHT, WEIGHT + "," + WEIGHT.replace(".0.", ".7."), "its network has no tensor 'layers.7.weight'"),
                lie(WEIGHT, WEIGHT.replace("}", ",\"dtype\":\"F32\"}"), "Duplicate field 'dtype'"),
                lie(
                        WEIGHT,
                        WEIGHT.replace("}", ",\"strides\":[1]}"),
                        "unknown field 'strides' of tensor 'layers.0.weight'"),
                lie(WEIGHT, "\"layers.0.weight\":{}", "tensor 'layers.0.weight' needs a dtype"),
                lie(WEIGHT, "\"layers.0.weight\":null", "found null instead of an object"),
                lie(",\"preprocessing.label.deviation\"", ",\"preprocessing.label.scale\"", "deviation' is missing"));
    }

    private static final String DENSE = "{\"type\":\"dense\",\"inputSize\":2,\"outputSize\":1,\"bias\":true,"
            + "\"initializer\":\"glorot-uniform\",\"biasInitializer\":\"zeros\"}";

    /** In the JSON of the layer. */
    private static Lie inLayer(String from, String to, String says) {
        return inNetwork(DENSE, DENSE.replace(from, to), says);
    }

    static Stream<Lie> networks() {
        String newer = "; a newer Backdraft may know it, or a class of your own that is missing on the class path";
        String form = "not in the form that Backdraft writes: ";
        return Stream.of(
                // names
                inLayer("\"dense\"", "\"conv\"", "layer number 0: unknown layer or activation 'conv'" + newer),
                inLayer("\"dense\"", "\"dev.backdraft.layer.Dense\"", "activation 'dev.backdraft.layer.Dense'" + newer),
                inLayer("\"dense\"", "\"java.lang.Runtime\"", "unknown layer or activation 'java.lang.Runtime'"),
                inLayer("\"dense\"", "\"Dense\"", "unknown layer or activation 'Dense'"),
                inLayer("\"type\":\"dense\"", "\"@class\":\"java.io.File\"", "instead of a name or an object with a"),
                inLayer("\"type\":\"dense\"", "\"type\":7", "instead of a name or an object with a"),
                inLayer("\"type\":\"dense\"", "\"type\":\"dense\",\"type\":\"dense\"", "Duplicate field 'type'"),
                inLayer("\"glorot-uniform\"", "\"no-such\"", "layer number 0: unknown initializer 'no-such'" + newer),
                inLayer("\"glorot-uniform\"", "\"GLOROT_UNIFORM\"", "unknown initializer 'GLOROT_UNIFORM'"),
                inLayer("\"glorot-uniform\"", "\"java.io.File\"", "unknown initializer 'java.io.File'"),
                inLayer("\"glorot-uniform\"", "\"\"", "unknown initializer ''"),
                inLayer("\"glorot-uniform\"", "0", "initializer: found 0 instead of a name"),
                inLayer("\"glorot-uniform\"", "null", "initializer: found null instead of a name"),
                inNetwork(
                        DENSE,
                        "{\"type\":\"activation\",\"function\":\"no-such\",\"size\":2}",
                        "unknown activation 'no-such'" + newer),
                // keys
                inLayer("\"bias\":", "\"biased\":", "dense: unknown key 'biased' (did you mean 'bias'?)"),
                inLayer("\"bias\":", "\"name\":\"x\",\"bias\":", form + "layers[0].name is \"x\""),
                inLayer("\"bias\":", "\"inputs\":[\"input\"],\"bias\":", form + "layers[0].inputs is [\"input\"]"),
                inNetwork("\"layers\"", "\"name\":\"x\",\"layers\"", "unknown key 'name'"),
                inLayer(",\"initializer\":\"glorot-uniform\"", "", "dense: its initializer is missing"),
                inLayer("\"inputSize\":2,", "", "dense: its inputSize is missing"),
                inLayer("\"outputSize\":1,", "", "dense: its outputSize is missing"),
                inNetwork(DENSE, "{\"type\":\"activation\",\"function\":\"relu\"}", "its size is missing"),
                // values
                inLayer("\"inputSize\":2", "\"inputSize\":\"2\"", "inputSize is \"2\", but must be a whole number"),
                inLayer("\"inputSize\":2", "\"inputSize\":2.0", "inputSize is 2.0, but must be a whole number"),
                inLayer("\"inputSize\":2", "\"inputSize\":null", "inputSize is null, but must be a whole number"),
                inLayer("\"inputSize\":2", "\"inputSize\":true", "inputSize is true, but must be a whole number"),
                inLayer("\"inputSize\":2", "\"inputSize\":3000000000", "is 3000000000, but must be from -2147483648"),
                inLayer("\"inputSize\":2", "\"inputSize\":0", "layer sizes must be positive: 0 -> 1"),
                inLayer("\"inputSize\":2", "\"inputSize\":-2", "layer sizes must be positive: -2 -> 1"),
                inLayer("\"inputSize\":2", "\"inputSize\":2147483647", "at most 2,147,483,647"),
                inLayer("\"inputSize\":2", "\"inputSize\":3", "has 2 values, but its layers take 3"),
                inLayer("\"bias\":true", "\"bias\":\"true\"", "bias is \"true\", but must be true or false"),
                inLayer("\"bias\":true", "\"bias\":1", "bias is 1, but must be true or false"),
                inLayer("\"bias\":true", "\"bias\":false", "but its network needs F64 [2] at bytes 8 to 24"),
                inNetwork(
                        "{\"inputSize\":2",
                        "{\"inputSize\":\"2\"",
                        "its inputSize is \"2\", but must be a whole number"),
                inNetwork("{\"inputSize\":2", "{\"inputSize\":2.0", "its inputSize is 2.0, but must be a whole number"),
                inNetwork(
                        "{\"inputSize\":2", "{\"inputSize\":null", "its inputSize is null, but must be a whole number"),
                inNetwork("{\"inputSize\":2", "{\"inputSize\":0", "layer sizes must be positive: 0"),
                inNetwork("{\"inputSize\":2", "{\"inputSize\":3", "has 3 values, but its layers take 2"),
                inNetwork(
                        "{\"inputSize\":2,\"layers\":[" + DENSE,
                        "{\"inputSize\":2147483646,\"layers\":[" + DENSE.replace(":2,", ":2147483646,"),
                        "[2147483646, 1] at bytes 0 to 8589934584"),
                // what people may write, but files do not
                inNetwork(DENSE, "\"relu\"", form + "layers[0] is \"relu\" instead of {"),
                inNetwork(DENSE, "\"dense:outputSize=1\"", "dense: its inputSize is missing"),
                inNetwork(
                        DENSE, "\"dense:inputSize=2,outputSize=1,initializer=glorot-uniform\"", form + "layers[0] is"),
                inNetwork(DENSE, "{\"type\":\"relu\"}", form + "layers[0].type is \"relu\" instead of \"activation\""),
                inNetwork(DENSE, "{\"type\":\"residual\",\"layers\":[" + DENSE + "]}", "takes 2 values but gives 1"),
                inLayer("\"glorot-uniform\"", "{\"type\":\"glorot-uniform\"}", form + "layers[0].initializer is {"),
                // structure
                inNetwork(DENSE, "null," + DENSE, "found null instead of a name"),
                inNetwork(DENSE, "[\"dense\",{}]", "layer number 0: layer: found [\"dense\",{}] instead of a name"),
                inNetwork(DENSE, "[" + DENSE + "]", "layer number 0: layer: found [{"),
                inNetwork(DENSE, "", "a network is an object with a list of"),
                inNetwork("[" + DENSE + "]", DENSE, "a network is an object with a list of"),
                inNetwork(DENSE + "]}", DENSE + "]} {}", "more text after the end"),
                inNetwork(DENSE + "]}", DENSE + "]", "the text is incomplete"),
                inNetwork(
                        DENSE,
                        "{\"type\":\"activation\",\"function\":\"relu\",\"size\":3}," + DENSE,
                        "layer 0 gives 3 values but layer 1 takes 2"),
                inNetwork(
                        "{\"inputSize\":2,\"layers\":[" + DENSE,
                        "{\"layers\":[{\"type\":\"activation\",\"function\":\"relu\",\"size\":2147483647}",
                        "its network has no parameters"),
                lie("\"network\":\"{", "\"network\":\"" + "[".repeat(1000) + "{", "nested too deep"),
                lie("\"network\":\"{", "\"network\":\"null\",\"n\":\"{", "a network is an object with a list of"),
                lie("\"network\":\"{", "\"network\":\"\",\"n\":\"{", "network"));
    }

    static Stream<Lie> metadata() {
        return Stream.of(
                lie("\"squared-error\"", "\"zero-one\"", "unknown loss 'zero-one'; a newer Backdraft may know it"),
                lie("\"loss\"", "\"lost\"", "its header has no 'loss'"),
                lie("\"network\"", "\"netwerk\"", "its header has no 'network'"),
                lie("\"featureNames\"", "\"f\"", "its header has no 'featureNames'"),
                lie("\"classNames\"", "\"c\"", "its header has no 'classNames'"),
                lie(
                        "\"labelName\"",
                        "\"labelScale\":\"linear\",\"labelName\"",
                        "its labelScale: is 'linear', not log or log1p"),
                lie("\"labelName\"", "\"labelScale\":\"LOG\",\"labelName\"", "is 'LOG', not log or log1p"),
                lie("squared-error", "normal\",\"labelScale\":\"log", "the label scale log is not for normal"),
                lie("\"labelName\"", "\"threshold\":\"0.5\",\"labelName\"", "the model has 0"),
                lie(
                        "\"labelName\"",
                        "\"threshold\":\"1.0\",\"labelName\"",
                        "its threshold: is '1.0', not a number above 0"),
                lie(
                        "\"labelName\"",
                        "\"threshold\":\"NaN\",\"labelName\"",
                        "its threshold: is 'NaN', not a number above 0"),
                lie(
                        "\"labelName\"",
                        "\"threshold\":\"0.50\",\"labelName\"",
                        "its threshold: is '0.50', not a number above 0"),
                lie("\"labelName\"", "\"threshold\":\"half\",\"labelName\"", "its threshold: is 'half', not a number"),
                lie("\"labelName\"", "\"calibration\":\"[[0.5],[0.5]]\",\"labelName\"", "chooses one of two classes"),
                lie("\"labelName\"", "\"calibration\":\"[[0.5],[2]]\",\"labelName\"", "its calibration: point 0 of a"),
                lie("\"labelName\"", "\"calibration\":\"[[0.5]]\",\"labelName\"", "its calibration: is not a list of"),
                lie(
                        "\"labelName\"",
                        "\"calibration\":\"[[0.5],[{}]]\",\"labelName\"",
                        "its calibration: found {} where"),
                lie("\"labelName\"", "\"label\"", "unknown entry 'label' in its header"),
                lie("\"provenance.seed\"", "\"provenanceseed\"", "unknown entry 'provenanceseed'"),
                lie("\"labelName\":\"y\"", "\"labelName\":null", "found null instead of a text"),
                lie("\"labelName\":\"y\"", "\"labelName\":7", "found a whole number instead of a text"),
                lie("\"labelName\":\"y\"", "\"labelName\":{\"a\":\"b\"}", "found an object instead of a text"),
                lie("\"labelName\":\"y\"", "\"labelName\":\"y\",\"labelName\":\"z\"", "Duplicate field 'labelName'"),
                lie("\"labelName\":\"y\"", "\"labelName\":\"\\ud834\"", "holds half of a character"),
                lie("\"labelName\":\"y\"", "\"labelName\":\"a\nb\"", "Illegal unquoted character"),
                lie("[\\\"a\\\",\\\"b\\\"]", "[\\\"a\\\"]", "1 feature names for 2 inputs"),
                lie("[\\\"a\\\",\\\"b\\\"]", "[\\\"a\\\",2]", "found a whole number instead of a text"),
                lie("[\\\"a\\\",\\\"b\\\"]", "[\\\"a\\\",null]", "found null instead of a text"),
                lie("[\\\"a\\\",\\\"b\\\"]", "{}", "found an object instead of a list"),
                lie("[\\\"a\\\",\\\"b\\\"]", "[\\\"a\\\",\\\"b\\\"] []", "found a list instead of the end"),
                lie("[\\\"a\\\",\\\"b\\\"]", "[\\\"a\\\",\\\"b\\\"", "the text is incomplete"),
                centered("[]", "its centeredFeatures: is not a list of columns"),
                centered("{}", "its centeredFeatures: is not a list of columns"),
                centered("0", "its centeredFeatures: is not a list of columns"),
                centered("[2]", "found 2 where a column from 0 to 1 is due"),
                centered("[-1]", "found -1 where a column from 0 to 1 is due"),
                centered("[1,0]", "found 0 where a column from 2 to 1 is due"),
                centered("[1,1]", "found 1 where a column from 2 to 1 is due"),
                centered("[0.0]", "found 0.0 where a column from 0 to 1 is due"),
                centered("[null]", "found null where a column from 0 to 1 is due"),
                centered("[4294967296]", "found 4294967296 where a column from 0 to 1 is due"),
                centered("[0", "the text is incomplete"),
                lie("\"classNames\":", "\"centeredLabels\":\"[1]\",\"classNames\":", "a column from 0 to 0 is due"),
                lie("\"classNames\":\"[]\"", "\"classNames\":\"[\\\"u\\\"]\"", "1 class names for 0 classes"),
                lie("\"squared-error\"", "\"sigmoid-cross-entropy\"", "scaled labels for"));
    }

    private static Lie centered(String columns, String says) {
        return lie("\"classNames\":", "\"centeredFeatures\":\"" + columns + "\",\"classNames\":", says);
    }

    static Stream<Lie> json() {
        return Stream.of(
                lie(LINE, "{}", "a safetensors file of another program"),
                lie(LINE, "{\"__metadata__\":[]}", "found a list instead of an object"),
                lie(LINE, "{" + "\"a\":{".repeat(100), "unknown field 'a' of tensor 'a'"),
                lie(LINE, "{\"a\":" + "[".repeat(100_000), "found a list instead of an object"),
                lie(LINE, LINE + "x", "Unrecognized token 'x'"),
                lie(LINE, LINE + "{}", "found an object instead of the end"),
                lie(LINE, LINE + "\0\0\0", "Illegal character"),
                lie(LINE, LINE.substring(0, LINE.length() - 1), "the text is incomplete"),
                lie(LINE, LINE.replace('"', '\''), "Unexpected character"),
                lie(LINE, LINE.replace("{\"__m", "{/* */\"__m"), "this is not JSON"),
                lie(LINE, LINE.replace("[8,12]", "[08,12]"), "Invalid numeric value"),
                lie(LINE, LINE.replace("[8,12]", "[NaN,12]"), "NaN"),
                lie(LINE, LINE.replace("[8,12]", "[8,12,]"), "Unexpected character"));
    }

    @ParameterizedTest
    @MethodSource({"layouts", "networks", "metadata", "json"})
    void aLieIsRefusedForWhatItIs(Lie lie) {
        assertThat(LINE).contains(lie.from());
        byte[] header = LINE.replace(lie.from(), lie.to()).getBytes(UTF_8);
        assertThatThrownBy(() -> TestModels.read(TestModels.file(header, DATA)))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith("m.backdraft: ")
                .hasMessageContaining(lie.says());
    }

    @Test
    void theTrueHeaderIsReadAlsoWhenAnotherProgramLaysItOutAnew() throws Exception {
        String spaced = LINE.replace(",\"", " ,\t\"").replace(":{", " :\n{") + "   ";
        assertThat(TestModels.read(TestModels.file(spaced.getBytes(UTF_8), DATA))
                        .network())
                .isEqualTo(TestModels.line().network());
    }

    @Test
    void aHeaderIsUtf8() {
        byte[] utf16 = LINE.getBytes(UTF_16LE);
        assertThatThrownBy(() -> TestModels.read(TestModels.file(utf16, DATA))).isInstanceOf(ModelFileException.class);
        for (int[] malformed :
                new int[][] {{0xff}, {0xc0, 0x80}, {0xed, 0xa0, 0x80}, {0xf5, 0x80, 0x80, 0x80}, {0xe2, 0x82}}) {
            byte[] header = LINE.replace("\"y\"", "\"" + "?".repeat(malformed.length) + "\"")
                    .getBytes(UTF_8);
            int at = new String(header, UTF_8).indexOf('?');
            for (int i = 0; i < malformed.length; i++) {
                header[at + i] = (byte) malformed[i];
            }
            assertThatThrownBy(() -> TestModels.read(TestModels.file(header, DATA)))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("its text is not UTF-8");
        }
    }

    @Test
    void aHeaderThatClaimsToBeLongerThanAnyIsRefused() {
        byte[] file = TestModels.bytes(TestModels.line());
        for (long length : new long[] {-1, 0, 1, (16 << 20) + 1, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE}) {
            ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
            assertThatThrownBy(() -> TestModels.read(file))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("not a Backdraft model file");
        }
    }
}
