package dev.backdraft.benchmarks.jmh;

import dev.backdraft.activation.Activation;
import dev.backdraft.activation.Activations;
import dev.backdraft.linalg.Matrix;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Activations and their derivatives over the first hidden layer of W1, 512 units and 64 rows. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ActivationBenchmark {
    @Param({"relu", "leaky-relu", "elu", "selu", "gelu", "silu", "sigmoid", "tanh", "softplus", "exp", "sin"})
    String name;

    private Activation activation;
    private Matrix x;
    private Matrix y;
    private Matrix dx;
    private Matrix dy;

    @Setup
    public void prepare() {
        activation = Activations.CATALOG.named(name);
        x = Filled.matrix(512, 64, 1);
        y = Filled.matrix(512, 64, 2);
        dx = Filled.matrix(512, 64, 3);
        dy = Filled.matrix(512, 64, 4);
        activation.forward(x, y);
    }

    @Benchmark
    public Matrix forward() {
        activation.forward(x, y);
        return y;
    }

    @Benchmark
    public Matrix backward() {
        activation.backward(x, y, dy, dx);
        return dx;
    }
}
