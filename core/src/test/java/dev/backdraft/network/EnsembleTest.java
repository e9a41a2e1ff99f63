package dev.backdraft.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.activation.Tanh;
import dev.backdraft.initializer.FanInUniform;
import dev.backdraft.layer.BatchEnsemble;
import dev.backdraft.layer.EnsembleAverage;
import dev.backdraft.layer.EnsembleMean;
import dev.backdraft.layer.Repeat;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.loss.SquaredError;
import org.junit.jupiter.api.Test;

/**
 * A batch ensemble is k networks: it minimizes the mean of their losses, and answers with the mean of their answers.
 */
class EnsembleTest {
    private static final int MEMBERS = 3;
    private static final int INPUTS = 2;
    private static final int HIDDEN = 5;
    private static final int ROWS = 7;

    private static Network ensemble(int outputs, EnsembleAverage average) {
        return Network.builder(INPUTS)
                .repeat(MEMBERS)
                .batchEnsemble(MEMBERS, HIDDEN, true)
                .activation(new Tanh())
                .batchEnsemble(MEMBERS, outputs, false)
                .ensembleMean(MEMBERS, average)
                .build();
    }

    /** The plain network that member m is: s W r as weights. */
    private static float[] member(Network ensemble, float[] parameters, int m) {
        float[] plain = new float
                [Network.perceptron(new Tanh(), INPUTS, HIDDEN, ensemble.outputSize())
                        .length()];
        int to = 0;
        for (int layer : new int[] {1, 3}) {
            BatchEnsemble dense = (BatchEnsemble) ensemble.layers().get(layer);
            int in = dense.inputSize() / MEMBERS;
            int out = dense.units();
            int w = ensemble.layout().offset(layer);
            int r = w + in * out + m * in;
            int s = w + in * out + MEMBERS * in + m * out;
            int b = s + MEMBERS * out;
            for (int i = 0; i < in; i++) {
                for (int u = 0; u < out; u++) {
                    plain[to++] = parameters[s + u] * parameters[w + i * out + u] * parameters[r + i];
                }
            }
            for (int u = 0; u < out; u++) {
                plain[to++] = parameters[b + u];
            }
        }
        return plain;
    }

    private static float[] parameters(Network network) {
        float[] parameters = network.initialParameters(1);
        SplitMix random = SplitMix.at(2, 0, 0, 0);
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] += (float) (0.5 * random.nextGaussian());
        }
        return parameters;
    }

    private static void check(Loss loss, EnsembleAverage average, int outputs, int classes) {
        Network ensemble = ensemble(outputs, average);
        Network plain = Network.perceptron(new Tanh(), INPUTS, HIDDEN, outputs);
        float[] parameters = parameters(ensemble);
        SplitMix random = SplitMix.at(3, 0, 0, 0);
        Matrix x = Matrix.zeros(INPUTS, ROWS);
        Matrix target = Matrix.zeros(loss.target().labelCount(outputs), ROWS);
        float[] weights = new float[ROWS];
        for (int n = 0; n < ROWS; n++) {
            x.set(0, n, (float) random.nextGaussian());
            x.set(1, n, (float) random.nextGaussian());
            target.set(0, n, random.nextInt(classes));
            weights[n] = 1 + random.nextInt(3);
        }
        LossSum members = new LossSum();
        double[] mean = new double[outputs * ROWS];
        Backpropagation ofPlain = new Backpropagation(plain, loss, ROWS);
        for (int m = 0; m < MEMBERS; m++) {
            float[] member = member(ensemble, parameters, m);
            ofPlain.addLoss(member, x, target, weights, members);
            Matrix prediction = Matrix.zeros(outputs, ROWS);
            loss.predict(ofPlain.forward(member, x), prediction);
            for (int i = 0; i < mean.length; i++) {
                mean[i] += (double) prediction.values()[i] / MEMBERS;
            }
        }
        Backpropagation ofEnsemble = new Backpropagation(ensemble, loss, ROWS);
        GradientSum sum = new GradientSum(ensemble.length());
        ofEnsemble.addGradient(parameters, x, target, weights, sum);
        assertThat(sum.losses().meanLoss()).isCloseTo(members.meanLoss(), within(1e-5));
        assertThat(sum.losses().accuracy()).isCloseTo(members.accuracy(), within(1e-5));
        LossSum training = new LossSum();
        ofEnsemble.addTrainingLoss(parameters, x, target, weights, null, training);
        assertThat(training.loss()).isEqualTo(sum.losses().loss());

        Matrix prediction = Matrix.zeros(outputs, ROWS);
        loss.predict(ofEnsemble.forward(parameters, x), prediction);
        for (int i = 0; i < mean.length; i++) {
            assertThat((double) prediction.values()[i]).isCloseTo(mean[i], within(2e-6 * (1 + Math.abs(mean[i]))));
        }
    }

    @Test
    void itIsTheMeanOfItsMembersForValues() {
        check(new SquaredError(), EnsembleAverage.OUTPUTS, 2, 4);
    }

    @Test
    void itIsTheMeanOfItsMembersForClasses() {
        check(new SoftmaxCrossEntropy(), EnsembleAverage.SOFTMAX, 4, 4);
    }

    @Test
    void itIsTheMeanOfItsMembersForQuestions() {
        check(new SigmoidCrossEntropy(), EnsembleAverage.SIGMOID, 1, 2);
    }

    @Test
    void theLogitsOfTheMeanAreFiniteForAnyInput() {
        Network softmax =
                Network.builder(4).ensembleMean(2, EnsembleAverage.SOFTMAX).build();
        Network sigmoid =
                Network.builder(2).ensembleMean(2, EnsembleAverage.SIGMOID).build();
        float log2 = (float) Math.log(2);
        Matrix far = new Matrix(new float[] {2000, 0, 0, 1000}, 0, 4, 1);
        assertThat(new Backpropagation(softmax, new SoftmaxCrossEntropy(), 1)
                        .forward(new float[0], far)
                        .values())
                .containsExactly(-log2, -log2);
        Matrix sure = new Matrix(new float[] {500, 500}, 0, 2, 1);
        assertThat(new Backpropagation(sigmoid, new SigmoidCrossEntropy(), 1)
                        .forward(new float[0], sure)
                        .values())
                .containsExactly(500);
    }

    @Test
    void aMeanInAnyOtherPlaceIsAnOrdinaryLayer() {
        Network network = Network.builder(4)
                .ensembleMean(2, EnsembleAverage.OUTPUTS)
                .dense(1)
                .build();
        assertThat(Members.of(network, new SquaredError())).isNull();
        assertThat(Members.of(ensemble(1, EnsembleAverage.OUTPUTS), new SquaredError()))
                .isNotNull();
    }

    @Test
    void membersDifferAtTheStart() {
        Network network = ensemble(1, EnsembleAverage.OUTPUTS);
        float[] parameters = network.initialParameters(1);
        assertThat(member(network, parameters, 0)).isNotEqualTo(member(network, parameters, 1));
        int signs = network.layout().offset(1) + INPUTS * HIDDEN;
        for (int i = 0; i < INPUTS * MEMBERS; i++) {
            assertThat(Math.abs(parameters[signs + i])).isEqualTo(1);
        }
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new BatchEnsemble(5, 2, 1, false, new FanInUniform()))
                .hasMessage(
                        "a batch ensemble of 2 members takes 5 values, which is not a multiple: repeat the input for"
                                + " each member first");
        assertThatThrownBy(() -> new BatchEnsemble(4, 0, 1, false, new FanInUniform()))
                .hasMessage("the number of members must be at least 1: 0");
        assertThatThrownBy(() -> new EnsembleMean(5, 2, EnsembleAverage.OUTPUTS))
                .hasMessage("the mean of 2 members takes 5 values, which is not a multiple: each member has the same"
                        + " number of outputs");
        assertThatThrownBy(() -> new Repeat(1 << 20, 1 << 20)).hasMessageContaining("outputs: at most");
    }
}
