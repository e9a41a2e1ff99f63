package dev.backdraft.benchmarks.scale;

import dev.backdraft.train.EpochResult;
import dev.backdraft.train.StepTimes;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Trains one network on executors of every number and width, each once with a tree of executors and once with a driver
 * that talks to all of them, and prints a line for each: bytes of the driver in vectors, and milliseconds of a step, of
 * the epoch whose steps were fastest. Executors share no memory, as on a network.
 */
@Command(name = "benchmarks/run --scale", mixinStandardHelpOptions = true, sortOptions = false)
public final class Scale implements Runnable {
    private static final int LANES = 16;

    @Option(names = "--executors", split = ",", defaultValue = "1,2,4,8", description = "default: ${DEFAULT-VALUE}")
    private List<Integer> executors;

    @Option(names = "--slots", split = ",", defaultValue = "1,2,4", description = "of each; default: ${DEFAULT-VALUE}")
    private List<Integer> slots;

    @Option(
            names = "--layers",
            split = ",",
            defaultValue = "784,512,256,10",
            description = "units; default: ${DEFAULT-VALUE}")
    private List<Integer> layers;

    @Option(names = "--batch", defaultValue = "256", description = "rows of a step; default: ${DEFAULT-VALUE}")
    private int batch;

    @Option(names = "--steps", defaultValue = "20", description = "of an epoch; default: ${DEFAULT-VALUE}")
    private int steps;

    @Option(names = "--epochs", defaultValue = "12", description = "default: ${DEFAULT-VALUE}")
    private int epochs;

    @Option(names = "--optimizer", defaultValue = "adam", description = "default: ${DEFAULT-VALUE}")
    private String optimizer;

    @Option(
            names = "--executor-megabytes",
            defaultValue = "512",
            description = "heap of each executor; default: ${DEFAULT-VALUE}")
    private int executorMegabytes;

    @Option(names = "--fan-out", split = ",", defaultValue = "2,1000", description = "default: ${DEFAULT-VALUE}")
    private List<Integer> fanOuts;

    private Scale() {}

    public static void main(String[] words) {
        System.exit(new CommandLine(new Scale()).execute(words));
    }

    @Override
    public void run() {
        System.out.printf(
                Locale.ROOT,
                "network %s, %,d rows a step; per step: vectors that the driver sends and takes, milliseconds%n%n",
                layers,
                batch);
        System.out.println("| executors | slots | fan-out | sent | taken | step | compute | combine | publish | wait |"
                + " update | weights |\n|---|---|---|---|---|---|---|---|---|---|---|---|");
        for (int count : executors) {
            for (int width : slots) {
                for (int fanOut : fanOuts) {
                    if (fanOut == fanOuts.get(0) || count > fanOuts.get(0)) { // else the tree is a star
                        measure(count, width, fanOut);
                    }
                }
            }
        }
    }

    private void measure(int count, int width, int fanOut) {
        Trial trial = new Trial(layers, batch, LANES, steps, epochs, optimizer);
        String master = "local-cluster[" + count + "," + width + "," + executorMegabytes + "]";
        Trial.Outcome outcome;
        try (JavaSparkContext spark =
                new JavaSparkContext(Trial.conf(master, "127.0.0.1", count * width, executorMegabytes, fanOut))) {
            outcome = trial.run(spark, () -> {});
        }
        EpochResult best = outcome.results().stream()
                .min(Comparator.comparingDouble(EpochResult::seconds))
                .orElseThrow();
        StepTimes times = best.times();
        double perStep = 1.0 / times.steps();
        double vector = (double) Float.BYTES * outcome.parameters();
        double step = 1e3 * best.seconds() * perStep;
        double[] nanos = {times.computeNanos(), times.combineNanos(), times.publishNanos(), times.waitNanos()};
        double[] millis =
                Arrays.stream(nanos).map(each -> each * 1e-6 * perStep).toArray();
        System.out.printf(
                Locale.ROOT,
                "| %d | %d | %s | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %s |%n",
                count,
                width,
                fanOut < count ? Integer.toString(fanOut) : "all",
                times.bytesSent() * perStep / vector,
                times.bytesReceived() * perStep / vector,
                step,
                millis[0],
                millis[1],
                millis[2],
                millis[3],
                step - Arrays.stream(millis).sum(),
                outcome.weights().substring(0, 8));
    }
}
