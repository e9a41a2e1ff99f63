package dev.backdraft.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.activation.Activation;
import dev.backdraft.activation.Relu;
import dev.backdraft.activation.ScalarActivation;
import dev.backdraft.activation.Tanh;
import dev.backdraft.initializer.GlorotUniform;
import dev.backdraft.initializer.Initializer;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import org.junit.jupiter.api.Test;

/** What a gradient check beside kinks accepts, and what it finds. */
class KinkTest {
    private static final int ROWS = 32;

    /** x², whose slope is given as 1.1 · 2x, or right. */
    private record Square(boolean right) implements ScalarActivation {
        @Override
        public String name() {
            return "square";
        }

        @Override
        public Initializer initializer() {
            return new GlorotUniform();
        }

        @Override
        public double value(double x) {
            return x * x;
        }

        @Override
        public double slope(double x, double y) {
            return (right ? 2 : 2.2) * x;
        }
    }

    private static Matrix inputs(Network network, double scale) {
        SplitMix random = SplitMix.at(3, 0, 0, 0);
        Matrix x = Matrix.zeros(network.inputSize(), ROWS);
        for (int i = 0; i < x.size(); i++) {
            x.values()[i] = (float) (scale * random.nextGaussian());
        }
        return x;
    }

    private static GradientCheck check(Network network, float[] parameters, Matrix x, int entries) {
        Matrix target = Matrix.zeros(1, ROWS);
        long[] streams = new long[ROWS];
        for (int n = 0; n < ROWS; n++) {
            target.set(0, n, n % network.outputSize());
            streams[n] = SplitMix.address(1, 2, 3, n);
        }
        BatchLoss batch = new BatchLoss(network, new SoftmaxCrossEntropy(), x, target, null, streams);
        return GradientCheck.besideKinks(network, parameters, batch.gradient(parameters), batch, entries);
    }

    private static GradientCheck check(Network network, double scale, int entries) {
        return check(network, network.initialParameters(5), inputs(network, scale), entries);
    }

    private static Network deep(Activation activation) {
        return Network.perceptron(activation, 6, 20, 20, 4);
    }

    @Test
    void aSmoothNetworkIsRightAtOnce() {
        GradientCheck check = check(deep(new Tanh()), 1, Integer.MAX_VALUE);
        assertThat(check.isRight()).isTrue();
        assertThat(check.retaken()).isZero();
        assertThat(check.entries()).isEqualTo(deep(new Tanh()).parameterCount());
        assertThat(check.matrices()).hasSize(6);
    }

    @Test
    void aKinkBesideThePointIsNoError() {
        Network network = deep(new Relu());
        float[] parameters = network.initialParameters(5);
        Matrix target = Matrix.zeros(1, ROWS);
        for (int n = 0; n < ROWS; n++) {
            target.set(0, n, n % 4);
        }
        GradientCheck plain = GradientCheck.of(
                network, new SoftmaxCrossEntropy(), parameters, inputs(network, 1), target, null, null);
        assertThat(plain.isRight()).isFalse(); // the differences are wrong, not the gradient
        GradientCheck check = check(network, 1, Integer.MAX_VALUE);
        assertThat(check.isRight()).as("%s", check).isTrue();
        assertThat(check.retaken()).isPositive();
    }

    @Test
    void aKinkAtThePointIsNoError() {
        Network network = deep(new Relu());
        Matrix x = inputs(network, 1);
        for (int n = 0; n < ROWS; n += 2) { // all that these rows feed the first layer is its bias, which is 0
            for (int i = 0; i < x.rows(); i++) {
                x.set(i, n, 0);
            }
        }
        GradientCheck check = check(network, network.initialParameters(5), x, Integer.MAX_VALUE);
        assertThat(check.isRight()).as("%s", check).isTrue();
        assertThat(check.retaken()).isPositive();
    }

    @Test
    void largeInputsBendTheLossAndAreNoError() {
        GradientCheck check = check(deep(new Tanh()), 300, Integer.MAX_VALUE);
        assertThat(check.isRight()).as("%s", check).isTrue();
    }

    @Test
    void trainingModeIsChecked() {
        Network network = Network.builder(6)
                .dense(12)
                .batchNorm()
                .activation(new Relu())
                .dropout(0.4)
                .dense(4)
                .build();
        GradientCheck check = check(network, 1, Integer.MAX_VALUE);
        assertThat(check.isRight()).as("%s", check).isTrue();
    }

    @Test
    void aWrongGradientIsFoundWithKinksAndWithoutAndNamed() {
        for (int entries : new int[] {Integer.MAX_VALUE, 10}) {
            Network network = Network.builder(6)
                    .dense(12)
                    .activation(new Square(false))
                    .dense(12)
                    .activation(new Relu())
                    .dense(4)
                    .build();
            GradientCheck check = check(network, 1, entries);
            assertThat(check.isRight()).isFalse();
            for (GradientCheck.Worst worst : check.matrices()) {
                assertThat(worst.relativeError() >= GradientCheck.RIGHT)
                        .as("%s", worst)
                        .isEqualTo(worst.layer() == 0); // what stands in front of the wrong slope
            }
            assertThat(check.maxRelativeError())
                    .isEqualTo(Math.max(
                            check.matrices().get(0).relativeError(),
                            check.matrices().get(1).relativeError()));
        }
        Network right = Network.builder(6)
                .dense(12)
                .activation(new Square(true))
                .dense(4)
                .build();
        assertThat(check(right, 1, 10).isRight()).isTrue();
    }

    @Test
    void looksAtSoManyEntriesOfEachMatrix() {
        Network network = deep(new Tanh());
        assertThat(check(network, 1, 7).entries()).isEqualTo(7 + 7 + 7 + 7 + 7 + 4);
        assertThat(check(network, 1, 50).entries()).isEqualTo(50 + 20 + 50 + 20 + 50 + 4);
    }

    @Test
    void theParametersAreRestored() {
        Network network = deep(new Relu());
        float[] parameters = network.initialParameters(5);
        check(network, parameters, inputs(network, 1), 20);
        assertThat(parameters).containsExactly(network.initialParameters(5));
    }

    @Test
    void whatIsNoNumberIsWrong() {
        Network network = deep(new Tanh());
        Matrix x = inputs(network, 1);
        x.set(0, 0, Float.NaN);
        assertThat(check(network, network.initialParameters(5), x, 5).isRight()).isFalse();
    }
}
