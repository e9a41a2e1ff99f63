package dev.backdraft.model;

import dev.backdraft.activation.Identity;
import dev.backdraft.activation.Relu;
import dev.backdraft.activation.Sigmoid;
import dev.backdraft.activation.Tanh;
import dev.backdraft.data.LabelScale;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.data.Standardizer;
import dev.backdraft.layer.Codes;
import dev.backdraft.layer.EnsembleAverage;
import dev.backdraft.layer.PeriodicForm;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Models of every kind, small, and their bytes. */
final class TestModels {
    private TestModels() {}

    /** One unit, everything scaled: y = 10 + 4 (2 a' − b' + 0.5) with a' = (a − 1)/2, b' = (b − 2)/4. */
    static Model line() {
        return new Model(
                Network.perceptron(new Tanh(), 2, 1),
                new SquaredError(),
                new Preprocessing(
                        List.of("a", "b"),
                        "y",
                        List.of(),
                        new Standardizer(new double[] {1, 2}, new double[] {2, 4}),
                        new Standardizer(new double[] {10}, new double[] {4})),
                new float[] {2, -1, 0.5f},
                Map.of("seed", "7"));
    }

    static Model binary() {
        Network network = Network.perceptron(new Sigmoid(), 3, 4, 1);
        Preprocessing preprocessing = new Preprocessing(List.of(), null, List.of("no", "yes"), null, null);
        return new Model(network, new SigmoidCrossEntropy(), preprocessing, network.initialParameters(1), Map.of());
    }

    static Model classes() {
        Network network = Network.perceptron(new Relu(), 5, 7, 3, 4);
        Preprocessing preprocessing = new Preprocessing(
                List.of("plain", "with \"quotes\" and \\", "line\nbreak\u0000", "größe 𝄞", ""),
                "Spezies, ü",
                List.of("a", "b", "a,b", "[]"),
                new Standardizer(new double[] {0, 1e-300, -5, Math.PI, 0.1}, new double[] {1, 2, 3, 0.5, 7}),
                null);
        Map<String, String> provenance = Map.of("seed", "-3", "", "an empty key", "weiß\t\"", "{}", "format", "x");
        return new Model(network, new SoftmaxCrossEntropy(), preprocessing, network.initialParameters(2), provenance);
    }

    /** More parameters than one read takes, in a network with every activation. */
    static Model wide() {
        Network network = new Network(Stream.of(
                        Network.perceptron(new Relu(), 200, 150, 130),
                        Network.perceptron(new Identity(), 130, 3, 2),
                        Network.perceptron(new Sigmoid(), 2, 2, 2))
                .flatMap(part -> part.layers().stream())
                .toList());
        float[] parameters = network.initialParameters(3);
        return new Model(network, new SquaredError(), Preprocessing.none(), parameters, Map.of());
    }

    /** A column of codes between two of numbers, and every layer for tables. */
    static Model table() {
        NetworkBuilder builder = Network.builder(3).select(0, 2).scaling();
        int numbers = builder.last();
        builder.periodicEmbedding(PeriodicForm.PLR, 2, 3, 0.5);
        int waves = builder.last();
        builder.from(numbers).piecewiseLinearEmbedding(List.of(List.of(-1.0, 0.5, 1.0), List.of(0.0, 0.1)), 2);
        int pieces = builder.last();
        Network network = builder.from(Network.INPUT)
                .embedding(new Codes(1, 4, 3))
                .from(waves, pieces, builder.last())
                .dense(4)
                .prelu()
                .dense(4)
                .parametricActivation(new Relu())
                .dense(2)
                .build();
        Standardizer features = new Standardizer(new double[] {1, 0, 2}, new double[] {2, 1, 4});
        return new Model(
                network,
                new SoftmaxCrossEntropy(),
                new Preprocessing(List.of("a", "b", "c"), "y", List.of("no", "yes"), features, null),
                network.initialParameters(5),
                Map.of());
    }

    /** Members that share their weights. */
    static Model ensemble() {
        Network network = Network.builder(3)
                .repeat(4)
                .batchEnsemble(4, 5, true)
                .activation(new Relu())
                .batchEnsemble(4, 3, false)
                .ensembleMean(4, EnsembleAverage.SOFTMAX)
                .build();
        Preprocessing preprocessing = new Preprocessing(List.of(), null, List.of("a", "b", "c"), null, null);
        return new Model(network, new SoftmaxCrossEntropy(), preprocessing, network.initialParameters(6), Map.of());
    }

    /** Predicts yes above a probability of its own. */
    static Model decided() {
        return binary().withThreshold(0.31)
                .withCalibration(new CalibrationCurve(List.of(0.25, 0.5, 0.75), List.of(0.1, 0.2, 1.0)));
    }

    /**
     * Learns the logarithm of 1 + the label: y = exp(10 + 4 (2 a' − b' + 0.5)) − 1, with a' and b' as in {@link #line}.
     */
    static Model amounts() {
        Model line = line();
        Preprocessing of = line.preprocessing();
        return line.withPreprocessing(new Preprocessing(
                of.featureNames(), "y", List.of(), of.features(), of.label(), null, LabelScale.LOG1P));
    }

    static List<Model> all() {
        return List.of(line(), amounts(), binary(), decided(), classes(), wide(), table(), ensemble());
    }

    static float[] row(Model model, long seed) {
        SplitMix random = SplitMix.at(seed, 0, 0, 0);
        float[] row = new float[model.network().inputSize()];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) random.nextGaussian();
        }
        for (int column : model.network().codeColumns()) {
            row[column] = random.nextInt(4);
        }
        return row;
    }

    static byte[] bytes(Model model) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ModelFile.write(model, out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file of a model as the first format version had it. */
    static byte[] withoutChecksums(Model model) {
        byte[] file = bytes(model);
        String header = new String(header(file), StandardCharsets.UTF_8)
                .replace("\"formatVersion\":\"2\"", "\"formatVersion\":\"1\"")
                .replaceAll(",\"sha256\\.(header|tensors)\":\"[0-9a-f]{64}\"", "")
                .strip();
        return file(padded(header), data(file));
    }

    /** In UTF-8, with spaces up to a multiple of eight bytes. */
    static byte[] padded(String header) {
        int length = header.getBytes(StandardCharsets.UTF_8).length;
        return (header + " ".repeat((8 - length % 8) % 8)).getBytes(StandardCharsets.UTF_8);
    }

    static Model read(byte[] bytes) throws IOException {
        return ModelFile.read(new ByteArrayInputStream(bytes), "m.backdraft");
    }

    static int headerLength(byte[] file) {
        return Math.toIntExact(
                ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong());
    }

    static byte[] header(byte[] file) {
        return Arrays.copyOfRange(file, 8, 8 + headerLength(file));
    }

    static byte[] data(byte[] file) {
        return Arrays.copyOfRange(file, 8 + headerLength(file), file.length);
    }

    /** A file of this header and data, with the right length in front. */
    static byte[] file(byte[] header, byte[] data) {
        return ByteBuffer.allocate(8 + header.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .put(data)
                .array();
    }

    static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }
}
