package dev.backdraft.benchmarks.jmh;

import dev.backdraft.linalg.Blas;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Transpose;
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

/** The three products of a dense layer, by backend: of the layers of W1 with leaves of 64 and 128 rows, and of W3's with 32. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class GemmBenchmark {
    @Param({"native", "vector", "java", "portable"})
    String backend;

    /** Inputs, outputs and rows. */
    @Param({"784x512x64", "784x512x128", "512x256x64", "512x256x128", "256x10x64", "20x64x32", "64x32x32", "32x2x32"})
    String layer;

    private Matrix weights;
    private Matrix dWeights;
    private Matrix x;
    private Matrix dx;
    private Matrix y;
    private Matrix dy;

    @Setup
    public void prepare() {
        Blas.use(backend);
        String[] sizes = layer.split("x", -1);
        int in = Integer.parseInt(sizes[0]);
        int out = Integer.parseInt(sizes[1]);
        int rows = Integer.parseInt(sizes[2]);
        weights = Filled.matrix(out, in, 1);
        dWeights = Filled.matrix(out, in, 2);
        x = Filled.matrix(in, rows, 3);
        dx = Filled.matrix(in, rows, 4);
        y = Filled.matrix(out, rows, 5);
        dy = Filled.matrix(out, rows, 6);
    }

    /** y = W x. */
    @Benchmark
    public Matrix forward() {
        Blas.gemm(weights, Transpose.NO, x, Transpose.NO, 0, y);
        return y;
    }

    /** dW += dy x'. */
    @Benchmark
    public Matrix weightGradient() {
        Blas.gemm(dy, Transpose.NO, x, Transpose.YES, 1, dWeights);
        return dWeights;
    }

    /** dx = W' dy. */
    @Benchmark
    public Matrix dataGradient() {
        Blas.gemm(weights, Transpose.YES, dy, Transpose.NO, 0, dx);
        return dx;
    }
}
