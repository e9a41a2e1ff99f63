package dev.backdraft.train.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.activation.Activation;
import dev.backdraft.activation.Activations;
import dev.backdraft.activation.Relu;
import dev.backdraft.activation.Sigmoid;
import dev.backdraft.activation.Softplus;
import dev.backdraft.activation.Tanh;
import dev.backdraft.data.Example;
import dev.backdraft.evaluate.Evaluation;
import dev.backdraft.linalg.Blas;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.DistributionLoss;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.Losses;
import dev.backdraft.loss.OutputRange;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.Metrics;
import dev.backdraft.metric.PredictionKind;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkBuilder;
import dev.backdraft.optim.Adam;
import dev.backdraft.optim.Clipping;
import dev.backdraft.optim.Lbfgs;
import dev.backdraft.optim.Optimizer;
import dev.backdraft.optim.Optimizers;
import dev.backdraft.optim.Penalty;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * With the backend {@code portable}, trainings give the same weights, losses, metrics and predictions in every JVM:
 * with vectors of any width or none, with and without an instruction for fused multiply-add, interpreted, and compiled
 * by either compiler.
 */
class SameBitsInEveryJvmTest {
    private static final String MODULE = "--add-modules=jdk.incubator.vector";

    /** Of the training in large blocks, on every processor. */
    private static final String WEIGHTS = "94270b0e5b51862b3518efc6106ebd6db310852a3609a7a5558df05effd5fe05";

    /** The other JVM's program. */
    public static final class Trainings {
        private Trainings() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            Blas.use("portable");
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().equals("backdraft-vectors")) {
                    thread.join(); // so that products are by vectors from here on
                }
            }
            System.out.println("kernels: " + Blas.description());
            Network large = Network.perceptron(new Relu(), 90, 70, 40, 10);
            train("large", large, new SoftmaxCrossEntropy(), new Adam(), rows(new SoftmaxCrossEntropy(), 90, 10, 150));

            trainSparse();

            NetworkBuilder every = Network.builder(5);
            for (Activation activation : Activations.CATALOG.all()) {
                every.dense(6).activation(activation).layerNorm();
            }
            Network deep = every.batchNorm().dropout(0.1).dense(3).build();
            train(
                    "activations",
                    deep,
                    new SoftmaxCrossEntropy(),
                    new Adam(),
                    rows(new SoftmaxCrossEntropy(), 5, 3, 50));
            for (Optimizer rule : Optimizers.all()) {
                Network network = Network.perceptron(new Tanh(), 5, 7, 3);
                train(rule.name(), network, new SoftmaxCrossEntropy(), rule, rows(new SoftmaxCrossEntropy(), 5, 3, 50));
            }
            for (Loss loss : Losses.all()) {
                int outputs = loss instanceof DistributionLoss one
                        ? one.outputs()
                        : loss.target().isOneOfMany() ? 3 : 1;
                NetworkBuilder builder =
                        Network.builder(5).dense(7).activation(new Tanh()).dense(outputs);
                if (loss.outputRange() == OutputRange.POSITIVE) {
                    builder.activation(new Softplus());
                } else if (loss.outputRange() == OutputRange.PROBABILITY) {
                    builder = outputs == 1 ? builder.activation(new Sigmoid()) : builder.softmax();
                }
                Network network = builder.build();
                train(loss.name(), network, loss, new Adam(), rows(loss, 5, 3, 50));
            }
        }

        /** The same rows, sparse and dense, give the same model. */
        private static void trainSparse() {
            List<Example> dense = new ArrayList<>();
            List<Example> sparse = new ArrayList<>();
            for (int n = 0; n < 150; n++) {
                SplitMix random = SplitMix.at(2, n, 0, 0);
                float[] values = new float[400];
                int[] indices = new int[400];
                float[] stored = new float[400];
                int count = 0;
                for (int i = 0; i < values.length; i++) {
                    if (random.nextInt(20) == 0) {
                        values[i] = (float) random.nextGaussian();
                        indices[count] = i;
                        stored[count] = values[i];
                        count++;
                    }
                }
                dense.add(Example.dense(values, n % 3));
                sparse.add(Example.sparse(Arrays.copyOf(indices, count), Arrays.copyOf(stored, count), n % 3));
            }
            TrainingConfig config = new TrainingConfig().withEpochs(3).withBatchSize(40);
            TrainingRequest request = TrainingRequest.of(Network.perceptron(new Relu(), 400, 11, 3), config)
                    .withValidationFraction(0.2);
            String ofSparse = LocalTraining.train(request, sparse).weightsSha256();
            if (!ofSparse.equals(LocalTraining.train(request, dense).weightsSha256())) {
                throw new AssertionError("sparse rows give another model than dense ones");
            }
            System.out.println("sparse " + ofSparse);
        }

        private static List<Example> rows(Loss loss, int features, int classes, int count) {
            List<Example> rows = new ArrayList<>();
            for (int n = 0; n < count; n++) {
                SplitMix random = SplitMix.at(1, n, 0, 0);
                float[] values = new float[features];
                for (int i = 0; i < features; i++) {
                    values[i] = (float) random.nextGaussian();
                }
                double label =
                        switch (loss.target()) {
                            case VALUE -> values[0] + 0.1 * values[1];
                            case COUNT -> random.nextInt(values[0] > 0 ? 6 : 3);
                            case CLASS_INDEX, DISTRIBUTION -> Math.floorMod((int) (3 * values[0] + values[1]), classes);
                            case POSITIVE -> 0.5 + random.nextInt(4);
                            default -> values[0] + values[1] > 0 ? 1 : 0;
                        };
                rows.add(Example.dense(values, label));
            }
            return rows;
        }

        private static void train(String name, Network network, Loss loss, Optimizer rule, List<Example> rows)
                throws IOException {
            List<Metric> metrics = Metrics.all().stream()
                    .filter(metric -> metric.suits(PredictionKind.of(loss)))
                    .toList();
            TrainingConfig config = new TrainingConfig()
                    .withEpochs(3)
                    .withBatchSize(rows.size() / 2)
                    .withOptimizer(rule)
                    .withLearningRate(0.01)
                    .withPenalty(new Penalty(1e-4, 1e-4))
                    .withClipping(rule instanceof Lbfgs ? new Clipping() : new Clipping(0, 1))
                    .withMetrics(metrics.stream().map(Metric::label).toList());
            TrainingRequest request = TrainingRequest.of(network, config)
                    .withLoss(loss)
                    .withStandardize(true)
                    .withValidationFraction(0.2);
            List<EpochResult> epochs = new ArrayList<>();
            Model model = LocalTraining.train(request, rows, epochs::add);
            String values = epochs.stream()
                    .map(epoch -> epoch.loss() + " " + epoch.values())
                    .collect(Collectors.joining("; "));
            Evaluation evaluation = Evaluation.of(model, MemorySource.of(rows, 3), metrics);
            String evaluated =
                    metrics.stream().map(evaluation::value).map(String::valueOf).collect(Collectors.joining(" "));
            System.out.println(name + " " + model.weightsSha256() + " " + predictions(model, rows) + " "
                    + Integer.toHexString(values.hashCode()) + " " + Integer.toHexString(evaluated.hashCode()));
        }

        /** A hash of the predictions, row by row and all at once, which have the same bits. */
        private static String predictions(Model model, List<Example> rows) {
            int width = model.network().inputSize();
            float[] features = new float[rows.size() * width];
            List<float[]> single = new ArrayList<>();
            for (int n = 0; n < rows.size(); n++) {
                float[] row = new float[width];
                rows.get(n).copyTo(row, 0, width);
                System.arraycopy(row, 0, features, n * width, width);
                single.add(model.predict(row));
            }
            int outputs = single.get(0).length;
            float[] together = new float[rows.size() * outputs];
            model.predict(features, rows.size(), together);
            for (int n = 0; n < rows.size(); n++) {
                float[] ofBlock = Arrays.copyOfRange(together, n * outputs, (n + 1) * outputs);
                if (!Arrays.equals(ofBlock, single.get(n))) {
                    throw new AssertionError("row " + n + " alone is " + Arrays.toString(single.get(n)) + ", but "
                            + Arrays.toString(ofBlock) + " in a block");
                }
            }
            return Integer.toHexString(Arrays.hashCode(together));
        }
    }

    @Test
    void vectorsAndPlainLoopsGiveTheSameBits() throws Exception {
        List<String> vectors = run(MODULE);
        assertThat(vectors.get(0)).contains("Vector API");
        assertThat(vectors.get(1)).startsWith("large " + WEIGHTS);
        List<String> loops = run();
        assertThat(loops.get(0)).contains("plain Java (no Vector API");
        assertThat(trainings(loops)).isEqualTo(trainings(vectors));
    }

    @Test
    @Tag("slow") // a minute: a JVM for each line
    void noOptionOfTheJvmChangesABit() throws Exception {
        List<String> expected = trainings(run(MODULE));
        List<List<String>> options = List.of(
                List.of("-XX:UseAVX=3", "-XX:MaxVectorSize=64", MODULE),
                List.of("-XX:UseAVX=3", "-XX:MaxVectorSize=32", MODULE),
                List.of("-XX:UseAVX=3", "-XX:MaxVectorSize=16", MODULE),
                List.of("-XX:UseAVX=2", MODULE),
                List.of("-XX:UseAVX=2", "-XX:MaxVectorSize=16", MODULE),
                List.of("-XX:UseAVX=1", MODULE),
                List.of("-XX:UseAVX=0", MODULE),
                List.of("-XX:-UseFMA", MODULE),
                List.of("-XX:UseAVX=2"),
                List.of("-XX:UseAVX=0"),
                List.of("-XX:MaxVectorSize=16"),
                List.of("-XX:-UseSuperWord"),
                List.of("-XX:TieredStopAtLevel=1", MODULE),
                List.of("-XX:TieredStopAtLevel=3"),
                List.of("-XX:-TieredCompilation", MODULE),
                List.of("-Xint", MODULE),
                List.of("-Xcomp"));
        for (List<String> each : options) {
            List<String> lines = run(each.toArray(String[]::new));
            assertThat(trainings(lines)).as("%s: %s", each, lines.get(0)).isEqualTo(expected);
        }
    }

    private static List<String> trainings(List<String> lines) {
        return lines.subList(1, lines.size());
    }

    private static List<String> run(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(new File(System.getProperty("java.home"), "bin/java").getPath());
        command.addAll(List.of("-XX:+IgnoreUnrecognizedVMOptions", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"));
        command.addAll(List.of(options));
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-cp", classPath, Trainings.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }
}
