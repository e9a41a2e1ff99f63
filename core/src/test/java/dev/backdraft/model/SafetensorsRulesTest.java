package dev.backdraft.model;

import static dev.backdraft.model.TestModels.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Reads model files with nothing of Backdraft, by the rules of the safetensors format (github.com/huggingface/safetensors,
 * README, "Format"): whoever follows them can read our files.
 */
class SafetensorsRulesTest {
    /** A tensor of any file: numbers widened to double. */
    private record Plain(String type, List<Integer> shape, long begin, long end, double[] values) {}

    static List<Model> all() {
        return TestModels.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void theHeaderIsAnObjectOfTextsAndTensors(Model model) throws IOException {
        byte[] file = bytes(model);
        byte[] header = TestModels.header(file);
        assertThat(header[0]).isEqualTo((byte) '{');
        assertThat((8 + header.length) % 8).as("the tensors are aligned").isZero();
        JsonNode json = new ObjectMapper().readTree(header);
        for (JsonNode text : json.get("__metadata__")) {
            assertThat(text.isTextual()).isTrue();
        }
        assertThat(json.at("/__metadata__/format").asText()).isEqualTo("backdraft-model");
    }

    @ParameterizedTest
    @MethodSource("all")
    void tensorsCoverTheDataOnceAndExactly(Model model) throws IOException {
        byte[] file = bytes(model);
        long at = 0;
        List<Plain> tensors = tensors(file).values().stream()
                .sorted(Comparator.comparing(Plain::begin))
                .toList();
        for (Plain tensor : tensors) {
            assertThat(tensor.begin()).isEqualTo(at);
            long size = tensor.shape().stream().mapToLong(length -> length).reduce(1, Math::multiplyExact);
            assertThat(tensor.end() - tensor.begin())
                    .isEqualTo(size * (tensor.type().equals("F32") ? 4 : 8));
            at = tensor.end();
        }
        assertThat(at).isEqualTo(TestModels.data(file).length);
    }

    @ParameterizedTest
    @MethodSource("all")
    void theParametersAreOneRunFromTheStartInFlatOrder(Model model) {
        byte[] data = TestModels.data(bytes(model));
        float[] flat = new float[model.parameters().length];
        ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(flat);
        assertThat(flat).isEqualTo(model.parameters());
    }

    /** The network of {@link TestModels#classes} as anybody would compute it: h = relu(x W + b), row-major W [in, out]. */
    @Test
    void aPlainForwardPassOverTheTensorsGivesTheLogits() throws IOException {
        Model model = TestModels.classes();
        Map<String, Plain> tensors = tensors(bytes(model));
        float[] row = {0.3f, -1, 2, 3, 0.25f};
        double[] mean = tensors.get("preprocessing.features.mean").values();
        double[] deviation = tensors.get("preprocessing.features.deviation").values();
        double[] h = new double[row.length];
        for (int i = 0; i < row.length; i++) {
            h[i] = (row[i] - mean[i]) / deviation[i];
        }
        for (int layer : new int[] {0, 2, 4}) {
            h = dense(
                    h, tensors.get("layers." + layer + ".weight"), tensors.get("layers." + layer + ".bias"), layer < 4);
        }

        Predictor predictor = model.predictor(1);
        predictor.load(row, 1);
        for (int k = 0; k < 4; k++) {
            assertThat(predictor.logits().get(k, 0)).isCloseTo((float) h[k], within(1e-4f));
        }
    }

    private static double[] dense(double[] x, Plain weight, Plain bias, boolean relu) {
        int in = weight.shape().get(0);
        int out = weight.shape().get(1);
        assertThat(x).hasSize(in);
        assertThat(bias.shape()).containsExactly(out);
        double[] y = new double[out];
        for (int j = 0; j < out; j++) {
            double sum = bias.values()[j];
            for (int i = 0; i < in; i++) {
                sum += x[i] * weight.values()[i * out + j];
            }
            y[j] = relu ? Math.max(0, sum) : sum;
        }
        return y;
    }

    private static Map<String, Plain> tensors(byte[] file) throws IOException {
        int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        JsonNode json = new ObjectMapper().readTree(new String(file, 8, length, UTF_8));
        Map<String, Plain> tensors = new TreeMap<>();
        for (var entry : json.properties()) {
            JsonNode node = entry.getValue();
            if (!entry.getKey().equals("__metadata__")) {
                List<Integer> shape = new ArrayList<>();
                node.get("shape").forEach(size -> shape.add(size.intValue()));
                long begin = node.at("/data_offsets/0").asLong();
                long end = node.at("/data_offsets/1").asLong();
                String type = node.get("dtype").asText();
                tensors.put(
                        entry.getKey(), new Plain(type, shape, begin, end, values(file, 8 + length, type, begin, end)));
            }
        }
        return tensors;
    }

    private static double[] values(byte[] file, int data, String type, long begin, long end) {
        ByteBuffer bytes =
                ByteBuffer.wrap(file, (int) (data + begin), (int) (end - begin)).order(ByteOrder.LITTLE_ENDIAN);
        double[] values = new double[bytes.remaining() / (type.equals("F32") ? 4 : 8)];
        for (int i = 0; i < values.length; i++) {
            values[i] = type.equals("F32") ? bytes.getFloat() : bytes.getDouble();
        }
        return values;
    }
}
