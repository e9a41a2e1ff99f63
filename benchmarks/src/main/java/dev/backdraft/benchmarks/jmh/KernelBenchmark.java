package dev.backdraft.benchmarks.jmh;

import dev.backdraft.linalg.Blas;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.network.GradientSum;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a step does beside products and activations, in the sizes of W1 with leaves of 64 rows. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelBenchmark {
    private static final int ROWS = 64;
    private static final int UNITS = 512;
    private static final int CLASSES = 10;

    private final SoftmaxCrossEntropy loss = new SoftmaxCrossEntropy();
    private Matrix y;
    private Matrix bias;
    private Matrix dBias;
    private Matrix logits;
    private Matrix dLogits;
    private Matrix target;
    private GradientSum sum;
    private float[] mean;

    @Setup
    public void prepare() {
        y = Filled.matrix(UNITS, ROWS, 1);
        bias = Filled.matrix(UNITS, 1, 2);
        dBias = Filled.matrix(UNITS, 1, 3);
        logits = Filled.matrix(CLASSES, ROWS, 4);
        dLogits = Matrix.zeros(CLASSES, ROWS);
        target = Matrix.zeros(1, ROWS);
        for (int n = 0; n < ROWS; n++) {
            target.set(0, n, n % CLASSES);
        }
        sum = new GradientSum(Networks.large().length());
        Filled.fill(sum.gradient(), 5);
        sum.losses().add(1, ROWS, 0);
        mean = new float[sum.gradient().length];
    }

    @Benchmark
    public Matrix biasForward() {
        Blas.fillColumns(bias, y);
        return y;
    }

    @Benchmark
    public Matrix biasBackward() {
        Blas.rowSums(y, 1, dBias);
        return dBias;
    }

    @Benchmark
    public double softmaxCrossEntropy() {
        return loss.sum(logits, target, null, dLogits);
    }

    @Benchmark
    public float[] meanGradient() {
        sum.meanGradient(mean);
        return mean;
    }
}
