package dev.backdraft.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.initializer.HeNormal;
import dev.backdraft.layer.Dense;
import dev.backdraft.layer.Layer;
import dev.backdraft.layer.Pass;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.tensor.Parameter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A layer that hands its pass on to others: their gradients add, also where the sum holds nothing yet. */
class SharedWeightsTest {
    private static final int SIZE = 4;

    /** y = W (W x + b) + b, the same weights twice. */
    public record Twice(Dense dense) implements Layer {
        @Override
        public String name() {
            return "twice";
        }

        @Override
        public int inputSize() {
            return SIZE;
        }

        @Override
        public int outputSize() {
            return SIZE;
        }

        @Override
        public List<Parameter> parameters() {
            return dense.parameters();
        }

        @Override
        public void initialize(Slice parameters, SplitMix random) {
            dense.initialize(parameters, random);
        }

        @Override
        public int scratchSize(int rows) {
            return 2 * SIZE * rows;
        }

        @Override
        public void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
            Matrix middle = new Matrix(pass.scratch(), 0, SIZE, x.columns());
            dense.forward(parameters, x, middle, pass);
            dense.forward(parameters, middle, y, pass);
        }

        @Override
        public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
            Matrix middle = new Matrix(pass.scratch(), 0, SIZE, x.columns());
            Matrix dMiddle = new Matrix(pass.scratch(), SIZE * x.columns(), SIZE, x.columns());
            dense.backward(parameters, middle, y, dy, dMiddle, dParameters, pass);
            dense.backward(parameters, x, middle, dMiddle, dx, dParameters, pass);
        }
    }

    @Test
    void theGradientThatIsOverwrittenIsTheOneThatIsAdded() {
        Network network = new Network(List.of(new Twice(new Dense(SIZE, SIZE, new HeNormal()))));
        SplitMix random = SplitMix.at(1, 0, 0, 0);
        Matrix x = Matrix.zeros(SIZE, 7);
        Matrix target = Matrix.zeros(SIZE, 7);
        for (int i = 0; i < x.size(); i++) {
            x.values()[i] = (float) random.nextGaussian();
            target.values()[i] = (float) random.nextGaussian();
        }
        float[] parameters = network.initialParameters(1);
        Backpropagation backpropagation = new Backpropagation(network, new SquaredError(), 7);
        GradientSum added = new GradientSum(network.length());
        backpropagation.addGradient(parameters, x, target, null, added);
        GradientSum overwritten = new GradientSum(network.length());
        Arrays.fill(overwritten.gradient(), Float.NaN);

        backpropagation.gradient(parameters, x, target, null, null, overwritten);

        assertThat(overwritten.gradient()).containsExactly(added.gradient(), within(1e-5f));
        assertThat(overwritten.losses().loss()).isEqualTo(added.losses().loss());
    }
}
