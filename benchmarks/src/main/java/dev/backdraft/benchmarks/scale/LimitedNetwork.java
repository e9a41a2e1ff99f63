package dev.backdraft.benchmarks.scale;

import dev.backdraft.benchmarks.cluster.StandaloneCluster;
import dev.backdraft.benchmarks.cluster.VirtualNetwork;
import dev.backdraft.benchmarks.cluster.VirtualNetwork.Traffic;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.plan.StepTraffic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Trains networks of several sizes on executors whose hosts are connected by a network of a given rate, and prints a
 * line for each: the time of a step beside that of a model, {@link StepTraffic}. Each executor is on a host of its own,
 * a {@link VirtualNetwork} on this machine.
 *
 * <p>What a step computes is measured in the same steps. The rest is the network's part. The model's is {@link
 * StepTraffic#seconds} with the rate of the cables, and half the time of a ping as the latency.
 */
@Command(
        name = "benchmarks/run --network",
        description = "The time of a step on a network of a given rate, beside a model of it. Needs root on Linux.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class LimitedNetwork implements Callable<Integer> {
    private static final int FEATURES = 784;
    private static final int CLASSES = 10;
    private static final int STAR = 1000; // fan-out
    private static final int TREE = 2;
    private static final int LANES = 8;
    private static final int PATIENCE =
            600; // seconds without a heartbeat, as heartbeats share slow cables and busy cores
    private static final double PAYLOAD = 1448 / 1514.0; // of a packet; the rest is headers

    @Option(
            names = "--executors",
            split = ",",
            defaultValue = "2,4",
            description = "of one core each; default: ${DEFAULT-VALUE}")
    private List<Integer> executors;

    @Option(
            names = "--gigabits",
            split = ",",
            defaultValue = "0.1,1",
            description = "per second, in each direction of each cable; default: ${DEFAULT-VALUE}")
    private List<Double> gigabits;

    @Option(
            names = "--parameters",
            split = ",",
            defaultValue = "100000,500000,2000000",
            description = "about as many, in networks of two hidden layers; default: ${DEFAULT-VALUE}")
    private List<Long> parameters;

    @Option(names = "--batch", defaultValue = "64", description = "rows of a step; default: ${DEFAULT-VALUE}")
    private int batch;

    @Option(names = "--steps", defaultValue = "4", description = "of an epoch; default: ${DEFAULT-VALUE}")
    private int steps;

    @Option(
            names = "--epochs",
            defaultValue = "4",
            description = "of which the first does not count; default: ${DEFAULT-VALUE}")
    private int epochs;

    @Option(names = "--optimizer", defaultValue = "sgd", description = "default: ${DEFAULT-VALUE}")
    private String optimizer;

    @Option(
            names = "--executor-megabytes",
            defaultValue = "768",
            description = "heap of each executor; default: ${DEFAULT-VALUE}")
    private int executorMegabytes;

    private LimitedNetwork() {}

    public static void main(String[] words) {
        System.exit(new CommandLine(new LimitedNetwork()).execute(words));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        for (int count : executors) {
            VirtualNetwork made;
            try {
                made = VirtualNetwork.of(count);
            } catch (IOException e) {
                System.err.println("benchmarks/run --network: skipped: " + e.getMessage());
                return 1;
            }
            try (VirtualNetwork network = made) {
                measure(network, count);
            }
        }
        return 0;
    }

    /** A rate of the cables, and what was measured of it. */
    private record Rate(double gigabits, double bytesPerSecond, double roundTripSeconds) {}

    private void measure(VirtualNetwork network, int count) throws IOException, InterruptedException {
        List<Rate> rates = rates(network);
        Path directory = Files.createTempDirectory("backdraft-network");
        try (StandaloneCluster cluster = new StandaloneCluster(
                directory, network.address(0), executorMegabytes, "-Dspark.worker.timeout=" + PATIENCE)) {
            for (int host = 1; host <= count; host++) {
                cluster.startWorker(
                        "host" + host,
                        network.on(host),
                        network.address(host),
                        StandaloneCluster.freePort(network.address(0)));
            }
            System.out.printf(
                    Locale.ROOT,
                    "%n%d executors, %d rows a step, load average %.1f; vectors per step of the driver, and of the"
                            + " executor with most%n%n",
                    count,
                    batch,
                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
            System.out.println(
                    "| parameters | executors | driver talks to | rate | step, ms | computes | network | model"
                            + " | step / model | driver sends | takes | an executor sends | takes | weights |\n"
                            + "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
            for (int fanOut : count > TREE ? new int[] {TREE, STAR} : new int[] {STAR}) {
                try (JavaSparkContext spark = new JavaSparkContext(
                        Trial.conf(cluster.url(), network.address(0), count, executorMegabytes, fanOut)
                                .set("spark.network.timeout", PATIENCE + "s")
                                .set("spark.cores.max", Integer.toString(count)))) {
                    for (long each : parameters) {
                        measure(network, spark, rates, new StepTraffic(count, fanOut), each);
                    }
                }
            }
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted((a, b) -> b.compareTo(a))
                        .forEach(path -> path.toFile().delete());
            }
        }
    }

    /** No limit and all limits, with what plain programs see of them. */
    private List<Rate> rates(VirtualNetwork network) throws IOException {
        List<Rate> rates = new ArrayList<>();
        for (double each : Stream.concat(Stream.of(0.0), gigabits.stream()).toList()) {
            network.limit(each * 1e9);
            double seconds = each == 0 ? 0.05 : 0.5; // of copying
            long bytes = (long) (seconds * (each == 0 ? 1e10 : each * 1e9 / 8));
            Rate rate = new Rate(each, network.bytesPerSecond(1, bytes), network.roundTripSeconds(1));
            rates.add(rate);
            System.out.printf(
                    Locale.ROOT,
                    "%s: one TCP connection %.0f MB/s, ping %.3f ms%n",
                    name(rate),
                    rate.bytesPerSecond() * 1e-6,
                    rate.roundTripSeconds() * 1e3);
        }
        network.limit(0);
        return rates;
    }

    private static String name(Rate rate) {
        return rate.gigabits() == 0 ? "no limit" : String.format(Locale.ROOT, "%.3g Gbit/s", rate.gigabits());
    }

    /** Hidden layers of h and h / 2 units, so that the network has about this number of parameters. */
    private static List<Integer> units(long parameters) {
        double linear = 2 * (FEATURES + 1) + 1 + CLASSES; // the network has 2 k² + linear k + CLASSES, k = h / 2
        double half = (Math.sqrt(linear * linear + 8 * (parameters - CLASSES)) - linear) / 4;
        int second = Math.max(1, (int) Math.round(half));
        return List.of(FEATURES, 2 * second, second, CLASSES);
    }

    private void measure(
            VirtualNetwork network, JavaSparkContext spark, List<Rate> rates, StepTraffic traffic, long parameters)
            throws IOException {
        Trial trial = new Trial(units(parameters), batch, LANES, steps, epochs, optimizer);
        for (Rate rate : rates) {
            network.limit(rate.gigabits() * 1e9);
            List<List<Traffic>> after = new ArrayList<>(); // epochs, by host
            Trial.Outcome outcome = trial.run(spark, () -> after.add(traffic(network, traffic.executors())));
            double step = median(outcome.stepSeconds());
            double computes = median(outcome.results().stream()
                    .skip(1)
                    .map(LimitedNetwork::computeSeconds)
                    .toList());
            double vector = (double) Float.BYTES * outcome.parameters();
            double model = traffic.seconds(vector, PAYLOAD * rate.gigabits() * 1e9 / 8, rate.roundTripSeconds() / 2);
            boolean limited = rate.gigabits() > 0;
            System.out.printf(
                    Locale.ROOT,
                    "| %,d | %d | %d | %s | %.1f | %.1f | %.1f | %s | %s | %s | %s |%n",
                    outcome.parameters(),
                    traffic.executors(),
                    traffic.neighbors(),
                    name(rate),
                    1e3 * step,
                    1e3 * computes,
                    1e3 * (step - computes),
                    limited ? String.format(Locale.ROOT, "%.1f", 1e3 * model) : "",
                    limited ? String.format(Locale.ROOT, "%.2f", step / (computes + model)) : "",
                    bytesPerStep(after, vector * steps),
                    outcome.weights().substring(0, 8));
        }
    }

    /**
     * What the driver sent and took in an epoch after the first, and an executor at most, as columns of the table.
     *
     * @param after the counters of all hosts, the driver's first, after each epoch
     * @param unit bytes
     */
    private static String bytesPerStep(List<List<Traffic>> after, double unit) {
        List<Traffic> first = after.get(0);
        List<Traffic> last = after.get(after.size() - 1);
        double all = unit * (after.size() - 1);
        double[] sent = new double[first.size()];
        double[] taken = new double[first.size()];
        for (int host = 0; host < first.size(); host++) {
            sent[host] = (last.get(host).bytesSent() - first.get(host).bytesSent()) / all;
            taken[host] = (last.get(host).bytesReceived() - first.get(host).bytesReceived()) / all;
        }
        return String.format(
                Locale.ROOT,
                "%.2f | %.2f | %.2f | %.2f",
                sent[0],
                taken[0],
                Arrays.stream(sent).skip(1).max().orElseThrow(),
                Arrays.stream(taken).skip(1).max().orElseThrow());
    }

    private static List<Traffic> traffic(VirtualNetwork network, int executors) {
        List<Traffic> traffic = new ArrayList<>();
        try {
            for (int host = 0; host <= executors; host++) {
                traffic.add(network.traffic(host));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return traffic;
    }

    /** Seconds per step that are not the network's: of the slowest worker, of adding sums and of the update. */
    private static double computeSeconds(EpochResult epoch) {
        StepTimes times = epoch.times();
        return (epoch.seconds() - (times.publishNanos() + times.waitNanos()) * 1e-9) / times.steps();
    }

    private static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
