package dev.backdraft.benchmarks.compare;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Runs Backdraft and its peers side by side. For each workload all of its peers are started; then one measures after the other,
 * again and again, so that what disturbs the machine hits all alike.
 */
@Command(
        name = "benchmarks/run",
        sortOptions = false,
        description = {
            "Runs Backdraft and other libraries side by side, one after the other and again, and prints medians and ratios.",
            "All samples, the printed tables and the peers' logs are left in benchmarks/results.",
            "",
            "Peers that are not Java programs are skipped where they are not installed. On Debian and its relatives:",
            "  " + PythonPeers.INSTALL,
            ""
        },
        footer = {
            "",
            "benchmarks/run --jmh [REGEX [OPTION ...]] runs the micro-benchmarks instead; they take JMH's options.",
            "benchmarks/run --products [BACKEND,... [ROUNDS]] runs backends of matrix products in turns in one JVM.",
            "benchmarks/run --estimators compares our classifier of spark.ml with MLlib's; --help tells how."
        })
public final class Comparison implements Callable<Integer> {
    private static final long TIMEOUT_SECONDS = 300;

    @Option(
            names = "--workloads",
            split = ",",
            paramLabel = "NAME",
            description = "W1 … W6, overhead, memory, or single ones such as W1-adam; all by default")
    private List<String> names = List.of();

    @Option(names = "--peers", split = ",", paramLabel = "NAME", description = "only these; all by default")
    private List<String> peerNames = List.of();

    @Option(names = "--repeats", defaultValue = "5", description = "samples of each peer (default: ${DEFAULT-VALUE})")
    private int repeats;

    @Option(
            names = "--seconds",
            defaultValue = "4",
            description = "that a sample takes, about (default: ${DEFAULT-VALUE})")
    private double seconds;

    @Option(
            names = "--warmup",
            defaultValue = "4",
            description =
                    "seconds before a peer's first sample; an eighth before the others (default: ${DEFAULT-VALUE})")
    private double warmup;

    @Option(names = "--rows", description = "fewer rows than the workload has, to try things out")
    private Integer rows;

    @Option(names = "--list", description = "list the workloads and their peers, and do nothing")
    private boolean list;

    @Option(
            names = "--report",
            split = ",",
            paramLabel = "DIRECTORY",
            description = "measure nothing, but print the tables of earlier runs as one; a workload may be in one only")
    private List<Path> reported = List.of();

    @Option(names = "--help", usageHelp = true, description = "show this text")
    @SuppressWarnings("unused") // picocli acts on it
    private boolean help;

    @Spec
    private CommandSpec commandLine;

    private final Path home;
    private final PrintStream out;
    private final Map<String, String> leftOut = new LinkedHashMap<>(); // peers, and why

    Comparison(Path home, PrintStream out) {
        this.home = home;
        this.out = out;
    }

    public static void main(String[] arguments) {
        Comparison comparison =
                new Comparison(Path.of(System.getProperty("benchmarks.home", "benchmarks")), System.out);
        System.exit(new CommandLine(comparison).setUsageHelpWidth(110).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Workload> workloads = chosen();
        if (list) {
            for (Workload workload : workloads) {
                out.printf(Locale.ROOT, "%-8s %s%n         %s%n", workload.id(), workload.title(), workload.peers());
            }
            return 0;
        }
        if (!reported.isEmpty()) {
            report();
            return 0;
        }
        String time =
                DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).format(LocalDateTime.now(ZoneOffset.UTC));
        Path results = Files.createDirectories(home.resolve("results").resolve(time));
        Path mnist = Path.of(System.getenv()
                .getOrDefault("BENCHMARKS_MNIST", home.resolve("data/mnist").toString()));
        Peers peers = new Peers(home, mnist);
        Samples samples = new Samples();
        for (Workload workload : workloads) {
            measure(workload, peers, samples, () -> write(results, samples, workloads), results);
        }
        out.print(write(results, samples, workloads));
        out.println("\nAll samples: " + results.resolve("samples.csv"));
        return 0;
    }

    /** Prints the tables of earlier runs. */
    private void report() throws IOException {
        Samples samples = new Samples();
        for (Path directory : reported) {
            samples.addCsv(Files.readString(directory.resolve("samples.csv")));
        }
        List<Workload> measured = Workload.all().stream()
                .filter(workload -> !samples.figures(workload.id()).isEmpty())
                .toList();
        out.print(new Report(samples, measured).markdown());
    }

    /** Writes what has been measured so far. */
    @FunctionalInterface
    private interface Save {
        void run() throws IOException;
    }

    private List<Workload> chosen() {
        List<Workload> asked = names.isEmpty()
                ? Workload.all()
                : names.stream().flatMap(name -> named(name).stream()).toList();
        Map<String, Workload> chosen = new LinkedHashMap<>(); // by name, with the peers of all that ask for it
        for (Workload workload : asked) {
            chosen.merge(workload.id(), workload, Comparison::together);
        }
        List<Workload> workloads = new ArrayList<>();
        for (Workload workload : chosen.values()) {
            Workload kept = workload.withPeers(workload.peers().stream()
                    .filter(peer -> peerNames.isEmpty() || peerNames.contains(peer))
                    .toList());
            workloads.add(rows == null ? kept : kept.withRows(rows));
        }
        return workloads;
    }

    private List<Workload> named(String name) {
        List<Workload> named = Workload.named(name);
        if (named.isEmpty()) {
            throw new CommandLine.ParameterException(
                    commandLine.commandLine(), "there is no workload " + name + "; --list names them");
        }
        return named;
    }

    private static Workload together(Workload one, Workload other) {
        Set<String> peers = new LinkedHashSet<>(one.peers());
        peers.addAll(other.peers());
        return one.withPeers(List.copyOf(peers));
    }

    /**
     * Takes the samples of a workload.
     *
     * @param save called after each repeat, in case the run is cut short
     */
    private void measure(Workload workload, Peers peers, Samples samples, Save save, Path results)
            throws IOException, InterruptedException {
        Map<String, PeerProcess> running = new LinkedHashMap<>();
        try {
            for (String peer : workload.peers()) {
                String absence = peers.absence(peer);
                if (absence == null) {
                    Path log = results.resolve(workload.id() + "." + peer + ".log");
                    running.put(peer, new PeerProcess(peers.command(peer, workload), log.toFile()));
                } else if (leftOut.put(peer, absence) == null) {
                    System.err.println("skipped: " + peer + ": " + absence);
                }
                warmUp(workload, peer, running);
            }
            for (int repeat = 1; repeat <= repeats; repeat++) {
                for (String peer : List.copyOf(running.keySet())) {
                    PeerAnswer answer = ask(workload, peer, running, warmup / 8, seconds);
                    if (answer != null) {
                        samples.add(workload, repeat, answer);
                        System.err.printf(
                                Locale.ROOT, "%s %d/%d %s%n", workload.id(), repeat, repeats, answer.figures());
                    }
                }
                save.run();
            }
        } finally {
            running.values().forEach(PeerProcess::close);
        }
    }

    /** Starting a peer and its first steps: nobody else runs meanwhile, and nothing of it counts. */
    private void warmUp(Workload workload, String peer, Map<String, PeerProcess> running) throws InterruptedException {
        if (running.containsKey(peer)) {
            ask(workload, peer, running, warmup, 0);
        }
    }

    /** Returns null when the peer failed, which ends its part in this workload. */
    private PeerAnswer ask(
            Workload workload, String peer, Map<String, PeerProcess> running, double warmupSeconds, double askedSeconds)
            throws InterruptedException {
        try {
            return running.get(peer).measure(warmupSeconds, askedSeconds, TIMEOUT_SECONDS);
        } catch (IOException e) {
            leftOut.put(workload.id() + " " + peer, e.getMessage());
            System.err.println("skipped: " + workload.id() + " " + peer + ": " + e.getMessage());
            running.remove(peer).close();
            return null;
        }
    }

    private String write(Path results, Samples samples, List<Workload> workloads) throws IOException {
        Report report = new Report(samples, workloads);
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT, "%s%n%d repeats of %s s%n%n", Machine.describe(), repeats, Report.number(seconds)));
        text.append(report.markdown());
        leftOut.forEach((peer, why) -> text.append(String.format(Locale.ROOT, "%nleft out: %s: %s%n", peer, why)));
        Files.writeString(results.resolve("samples.csv"), samples.csv());
        Files.writeString(results.resolve("report.md"), text);
        return text.toString();
    }
}
