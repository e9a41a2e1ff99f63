package dev.backdraft.benchmarks.jmh;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Blocks;
import dev.backdraft.data.Example;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Optimizer;
import dev.backdraft.optim.OptimizerState;
import dev.backdraft.optim.Optimizers;
import dev.backdraft.optim.ParameterLayout;
import dev.backdraft.train.engine.LocalGradients;
import java.util.ArrayList;
import java.util.List;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One step of training on one thread: the gradient of a batch, its mean, and the optimizer's update; and the update alone. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StepBenchmark {
    private static final double RATE = 1e-6; // small: the parameters stay where they are

    /** Of W1 or W3, and the batch size. */
    @Param({"W1-128", "W1-1024", "W3-32", "W3-256"})
    String workload;

    @Param({"sgd", "adam"})
    String optimizer;

    private Optimizer rule;
    private OptimizerState state;
    private LocalGradients source;
    private float[] parameters;
    private float[] mean;
    private long steps;
    private long step;

    @Setup
    public void prepare() {
        boolean large = workload.startsWith("W1");
        Network network = large ? Networks.large() : Networks.small();
        int batch = Integer.parseInt(workload.substring(3));
        Blocks blocks = Blocks.of(
                rows(16 * batch, network.inputSize(), network.outputSize()),
                network.inputSize(),
                Preprocessing.none(),
                1,
                batch,
                BatchLayout.AUTO_LANES);
        steps = blocks.layout().stepsPerEpoch();
        source = new LocalGradients(network, new SoftmaxCrossEntropy(), blocks, null, 1, 1);
        parameters = network.initialParameters(1);
        mean = new float[parameters.length];
        rule = Optimizers.named(optimizer);
        state = rule.initialState(ParameterLayout.of(parameters.length));
    }

    private static List<Example> rows(int count, int features, int classes) {
        List<Example> rows = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            float[] values = new float[features];
            Filled.fill(values, n);
            rows.add(Example.dense(values, (double) Long.remainderUnsigned(SplitMix.address(2, 0, 0, n), classes)));
        }
        return rows;
    }

    @TearDown
    public void close() {
        source.close();
    }

    @Benchmark
    public float[] step() {
        GradientSum sum = source.gradient(1, step, parameters);
        step = (step + 1) % steps;
        sum.meanGradient(mean);
        rule.step(state, RATE, mean, parameters);
        return parameters;
    }

    @Benchmark
    public float[] update() {
        rule.step(state, RATE, mean, parameters);
        return parameters;
    }
}
