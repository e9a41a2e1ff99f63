package dev.backdraft.train.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backdraft.activation.Relu;
import dev.backdraft.activation.Tanh;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.layer.EnsembleAverage;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.metric.Metrics;
import dev.backdraft.model.Model;
import dev.backdraft.model.Predictor;
import dev.backdraft.network.Backpropagation;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.Network;
import dev.backdraft.train.Calibration;
import dev.backdraft.train.Temperature;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.local.LocalTraining;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calibration by temperature, against SciPy and by what it must not change. */
class TemperatureTest {
    private static final TrainingConfig CONFIG = TrainingConfig.standard().withEpochs(6);

    /** Rows to measure on: their logits are the features, which the network passes on. */
    private record Rows(Network network, Loss loss, Matrix logits, Matrix labels) implements GradientSource {
        @Override
        public GradientSum gradient(int epoch, long step, float[] parameters) {
            throw new IllegalStateException("nothing is trained");
        }

        @Override
        public MetricSums validate(float[] parameters) {
            MetricSums sums = new MetricSums(metrics(), loss, network.outputSize());
            Matrix z = new Backpropagation(network, loss, logits.columns()).forward(parameters, logits);
            Matrix prediction = Matrix.zeros(z.rows(), z.columns());
            loss.predict(z, prediction);
            sums.add(z, labels, prediction, labels, null);
            return sums;
        }

        @Override
        public List<Metric> metrics() {
            return List.of(Metrics.named("log-loss"));
        }

        @Override
        public void close() {}
    }

    @Test
    void theTemperatureIsThatOfSciPy() throws IOException {
        JsonNode cases;
        try (InputStream in = TemperatureTest.class.getResourceAsStream("/oracle/temperature.json")) {
            cases = new ObjectMapper().readTree(in).path("cases");
        }
        assertThat(cases).hasSize(9);
        for (JsonNode of : cases) {
            int classes = of.path("logits").get(0).size();
            int rows = of.path("logits").size();
            Matrix logits = Matrix.zeros(classes, rows);
            Matrix labels = Matrix.zeros(1, rows);
            for (int n = 0; n < rows; n++) {
                labels.set(0, n, of.path("labels").get(n).asInt());
                for (int k = 0; k < classes; k++) {
                    logits.set(k, n, (float) of.path("logits").get(n).get(k).asDouble());
                }
            }
            Network network = Network.perceptron(new Tanh(), classes, classes);
            float[] identity = new float[network.length()];
            for (int k = 0; k < classes; k++) {
                identity[k * classes + k] = 1;
            }
            Loss loss = classes == 1 ? new SigmoidCrossEntropy() : new SoftmaxCrossEntropy();
            Temperature found = new TemperatureSearch(network, identity, new Rows(network, loss, logits, labels)).run();
            double expected = of.path("temperature").asDouble();
            assertThat(found.value()).isCloseTo(expected, within(3e-3 * expected));
            assertThat(found.before()).isCloseTo(of.path("before").asDouble(), within(1e-6));
            assertThat(found.after()).isCloseTo(of.path("after").asDouble(), within(1e-6));
        }
    }

    private static List<Example> rows(int classes) {
        SplitMix random = SplitMix.at(9, classes, 0, 0);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            float[] x = {(float) random.nextGaussian(), (float) random.nextGaussian()};
            int label = (int) Math.floor((Math.tanh(x[0] + random.nextGaussian()) + 1) / 2.0001 * classes);
            rows.add(Example.dense(x, label));
        }
        return rows;
    }

    private static Model train(Network network, Loss loss, Calibration calibration, int classes) {
        TrainingConfig config = CONFIG.withLearningRate(0.03).withCalibration(calibration);
        return LocalTraining.train(new TrainingRequest(network, loss, config, true, 0.3), rows(classes));
    }

    /** The members of an ensemble are divided before their mean, and so their mean is not divided itself. */
    @Test
    void theLogitsOfATrainedNetworkAreDivided() {
        Network network = Network.perceptron(new Relu(), 2, 40, 3);
        Model plain = train(network, new SoftmaxCrossEntropy(), Calibration.NONE, 3);
        Model calibrated = train(network, new SoftmaxCrossEntropy(), Calibration.TEMPERATURE, 3);
        double temperature = Double.parseDouble(calibrated.provenance().get("temperature"));
        assertThat(temperature).isNotEqualTo(1);
        assertThat(Double.parseDouble(calibrated.provenance().get("logLossAfterCalibration")))
                .isLessThan(Double.parseDouble(calibrated.provenance().get("logLossBeforeCalibration")));
        assertThat(plain.provenance()).doesNotContainKey("temperature");
        List<Example> rows = rows(3);
        Predictor before = plain.predictor(rows.size());
        Predictor after = calibrated.predictor(rows.size());
        before.load(rows);
        after.load(rows);
        for (int n = 0; n < rows.size(); n++) {
            for (int k = 0; k < 3; k++) {
                assertThat((double) after.logits().get(k, n))
                        .isCloseTo(before.logits().get(k, n) / temperature, within(1e-4));
            }
        }
    }

    @Test
    void everyMemberOfAnEnsembleIsDivided() {
        Network ensemble = Network.builder(2)
                .repeat(3)
                .batchEnsemble(3, 20, true)
                .activation(new Relu())
                .batchEnsemble(3, 2, false)
                .ensembleMean(3, EnsembleAverage.SOFTMAX)
                .build();
        Network members = new Network(ensemble.layers().subList(0, 4));
        float[] parameters = ensemble.initialParameters(4);
        Matrix x = new Matrix(new float[] {1, -2}, 0, 2, 1);
        Matrix whole = new Backpropagation(members, new SquaredError(), 1).forward(parameters, x);
        Matrix half = new Backpropagation(members, new SquaredError(), 1)
                .forward(Temperature.divided(ensemble, parameters, 2), x);
        for (int i = 0; i < 6; i++) {
            assertThat(half.get(i, 0)).isCloseTo(whole.get(i, 0) / 2, within(1e-6f));
        }
    }

    @Test
    void whatCannotBeCalibratedIsRefused() {
        Network network = Network.perceptron(new Relu(), 2, 4, 1);
        assertThatThrownBy(() -> train(network, new SquaredError(), Calibration.TEMPERATURE, 2))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("trained with squared-error predicts none");
        TrainingConfig config = CONFIG.withCalibration(Calibration.TEMPERATURE);
        assertThatThrownBy(() -> LocalTraining.train(
                        new TrainingRequest(network, new SigmoidCrossEntropy(), config, true, 0), rows(2)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("calibration needs validation rows");
        Network withRelu = Network.builder(2).dense(3).activation(new Relu()).build();
        assertThatThrownBy(() -> train(withRelu, new SoftmaxCrossEntropy(), Calibration.TEMPERATURE, 3))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("but layer 1 is");
    }
}
