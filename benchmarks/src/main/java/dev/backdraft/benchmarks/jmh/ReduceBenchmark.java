package dev.backdraft.benchmarks.jmh;

import dev.backdraft.network.GradientSum;
import dev.backdraft.train.engine.GradientTree;
import dev.backdraft.train.engine.LaneSum;
import java.util.List;
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

/** One reduce: the sums of two lanes of W1, 535,818 floats each, become one. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReduceBenchmark {
    private List<LaneSum> nodes;

    @Setup
    public void prepare() {
        int length = Networks.large().length();
        GradientSum right = new GradientSum(length); // zeros: the left one stays finite however often they are added
        nodes = List.of(new LaneSum(0, 1, new GradientSum(length)), new LaneSum(1, 2, right));
        Filled.fill(nodes.get(0).sum().gradient(), 1);
    }

    @Benchmark
    public GradientSum merge() {
        return GradientTree.merge(2, nodes);
    }
}
