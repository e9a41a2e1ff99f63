package dev.backdraft.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.activation.Sigmoid;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.evaluate.Evaluation;
import dev.backdraft.loss.BinaryCrossEntropy;
import dev.backdraft.loss.Hinge;
import dev.backdraft.loss.KlDivergence;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.OutputRange;
import dev.backdraft.loss.Poisson;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.loss.SoftmaxKlDivergence;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.loss.SquaredHinge;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.Metrics;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkBuilder;
import dev.backdraft.train.EarlyStopping;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What labels the losses of yes-or-no questions and of classes take when they are named. */
class AnswersTest {
    private static final TrainingConfig CONFIG =
            TrainingConfig.standard().withEpochs(60).withBatchSize(10).withLearningRate(0.05);

    private static List<Example> rows(double... labels) {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int kind = i % labels.length;
            rows.add(Example.dense(new float[] {kind, 1 - kind}, labels[kind]));
        }
        return rows;
    }

    private static List<Example> severalRows(float[]... labels) {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int kind = i % labels.length;
            rows.add(Example.dense(new float[] {kind, 1 - kind}, Double.NaN).withLabels(labels[kind]));
        }
        return rows;
    }

    private static Network network(Loss loss, int outputs) {
        NetworkBuilder builder = Network.builder(2).dense(outputs);
        if (loss.outputRange() != OutputRange.PROBABILITY) {
            return builder.build();
        }
        return loss.target().isOneOfMany()
                ? builder.softmax().build()
                : builder.activation(new Sigmoid()).build();
    }

    private static Model train(Loss loss, int outputs, List<Example> rows) {
        return LocalTraining.train(
                TrainingRequest.of(network(loss, outputs), CONFIG).withLoss(loss), rows);
    }

    static List<Loss> lossesOfProbabilities() {
        return List.of(new SigmoidCrossEntropy(), new BinaryCrossEntropy());
    }

    static List<Loss> lossesOfSigns() {
        return List.of(new Hinge(), new SquaredHinge());
    }

    @ParameterizedTest
    @MethodSource("lossesOfProbabilities")
    void aProbabilityIsATarget(Loss loss) throws IOException {
        List<Example> rows = rows(0.2, 0.9);
        Model model = train(loss, 1, rows);
        assertThat(model.predict(new float[] {0, 1})[0]).isBetween(0.1f, 0.3f);
        assertThat(model.predict(new float[] {1, 0})[0]).isBetween(0.8f, 1f);
        Evaluation evaluation = Evaluation.of(model, MemorySource.of(rows, 1));
        assertThat(evaluation.value("accuracy")).as("above one half is yes").isEqualTo(1);
        assertThat(evaluation.confusion().weight(1, 1)).isEqualTo(30);
        assertThat(evaluation.confusion().weight(0, 0)).isEqualTo(30);

        Model two = train(loss, 2, severalRows(new float[] {0.2f, 1}, new float[] {0.9f, 0}));
        assertThat(two.predict(new float[] {0, 1})[0]).isBetween(0.1f, 0.3f);
    }

    @ParameterizedTest
    @MethodSource("lossesOfProbabilities")
    void whatIsNoProbabilityIsRefused(Loss loss) {
        assertThatThrownBy(() -> train(loss, 1, rows(0.2, 1.5)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("label 1.5 in row 1 is out of range")
                .hasMessageContaining("0 to 1, the probability of yes");
        assertThatThrownBy(() -> train(loss, 2, severalRows(new float[] {-1, 1})))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("label -1 in row 0 is out of range");
        TrainingRequest weighted = TrainingRequest.of(network(loss, 1), CONFIG.withClassWeights(List.of(1.0, 2.0)))
                .withLoss(loss);
        assertThatThrownBy(() -> LocalTraining.train(weighted, rows(0.2, 0.9)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("class weights need one class a row, but label 0.2 in row 0 is a probability");
    }

    @ParameterizedTest
    @MethodSource("lossesOfSigns")
    void signsAreTargetsAsZeroAndOneAre(Loss loss) throws IOException {
        Model signs = train(loss, 2, severalRows(new float[] {-1, 1}, new float[] {1, -1}));
        Model answers = train(loss, 2, severalRows(new float[] {0, 1}, new float[] {1, 0}));
        assertThat(signs.predict(new float[] {1, 0})[0]).isGreaterThan(0.5f);
        assertThat(answers.predict(new float[] {1, 0})[0]).isGreaterThan(0.5f);
        assertThat(Evaluation.of(signs, MemorySource.of(severalRows(new float[] {-1, 1}, new float[] {1, -1}), 1))
                        .value("accuracy"))
                .isEqualTo(1);
        assertThat(train(loss, 1, rows(-1, 1)).preprocessing().classNames()).containsExactly("-1", "1");
        assertThat(train(loss, 1, rows(0, 1)).preprocessing().classNames()).isEmpty();
        assertThatThrownBy(() -> train(loss, 2, severalRows(new float[] {-1, 1}, new float[] {1, 0})))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("both mean no to " + loss.name());
        assertThatThrownBy(() -> train(loss, 1, rows(0.2, 1)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("0 or 1, or -1 or 1");
    }

    @Test
    void aCountBelowZeroIsRefusedBeforeTraining() throws IOException {
        Loss loss = new Poisson();
        assertThatThrownBy(() -> train(loss, 1, rows(3, -2)))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        "label -2 in row 1 is out of range: poisson takes labels of 0 or more; change the label column or the"
                                + " labels, or choose another loss");
        assertThatThrownBy(() -> train(loss, 2, severalRows(new float[] {0, 1}, new float[] {1, -0.5f})))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("label -0.5 in row 1 is out of range");
        Model model = train(loss, 1, rows(3, 0));
        assertThatThrownBy(() -> Evaluation.of(model, MemorySource.of(rows(3, -1), 1)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("label -1 in")
                .hasMessageContaining("poisson takes labels of 0 or more");
    }

    @Test
    void divergencesTakeDistributionsAndClasses() throws IOException {
        for (Loss loss : List.of(new KlDivergence(), new SoftmaxKlDivergence())) {
            Model shares = train(loss, 2, severalRows(new float[] {0.2f, 0.8f}, new float[] {0.7f, 0.3f}));
            assertThat(shares.predict(new float[] {0, 1})[0]).isBetween(0.1f, 0.3f);
            List<Example> classes = rows(1, 0);
            assertThat(Evaluation.of(train(loss, 2, classes), MemorySource.of(classes, 1))
                            .value("accuracy"))
                    .isEqualTo(1);
        }
    }

    @Test
    void theMeanBiasErrorIsPredictedMinusTrue() throws IOException {
        Model model = train(new SquaredError(), 1, rows(0, 4));
        List<Example> lower = rows(-1, 3);
        List<Metric> metrics = List.of(Metrics.named("mean-bias-error"));
        assertThat(Evaluation.of(model, MemorySource.of(lower, 1), metrics).value("mean-bias-error"))
                .as("too high by 1")
                .isBetween(0.9, 1.1);
        assertThatThrownBy(() -> new EarlyStopping("mean-bias-error", 1, 0)).hasMessageContaining("watch mae or rmse");
        assertThatThrownBy(() -> new EarlyStopping("coverage-error", 1, 0)).hasMessageContaining("watch pinball-loss");
    }
}
