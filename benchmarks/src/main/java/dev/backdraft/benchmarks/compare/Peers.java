package dev.backdraft.benchmarks.compare;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Knows how each peer is started, and which are not to be had on this machine. */
final class Peers {
    private static final String PACKAGE = "dev.backdraft.benchmarks.peer.";

    private static final String LOCAL = "local[2]";
    private static final String EXECUTORS = "executors[2]";

    private final Path home;
    private final PythonPeers python;
    private final Path mnist;

    /**
     * @param home the benchmarks directory
     * @param mnist the directory of MNIST's files; may be missing
     */
    Peers(Path home, Path mnist) {
        this.home = home.toAbsolutePath();
        this.python = new PythonPeers(home);
        this.mnist = mnist.toAbsolutePath().normalize();
    }

    /** Why a peer cannot run here, or null. */
    String absence(String peer) {
        if (peer.endsWith("-mnist") && !Files.isDirectory(mnist)) {
            return "there is no directory " + mnist + " with MNIST's four files; BENCHMARKS_MNIST names another";
        }
        String module = peer.startsWith("torch") ? "torch" : peer.startsWith("sklearn") ? "sklearn" : null;
        return module == null ? null : python.absence(module);
    }

    /** How a peer is started for a workload. */
    PeerCommand command(String peer, Workload workload) {
        return switch (peer) {
            case "core" -> java("CorePeer", "3g", peer, workload, "--threads", "2");
            case "core-1" -> java("CorePeer", "3g", peer, workload, "--threads", "1");
            case "products" -> java("ProductsPeer", "1g", peer, workload, "--threads", "2");
            case "spark" -> java("SparkPeer", "3g", peer, workload, "--master", LOCAL, "--aggregation", "resident");
            case "spark-job" -> java("SparkPeer", "3g", peer, workload, "--master", LOCAL, "--aggregation", "job");
            case "executors" ->
                java("SparkPeer", "2g", peer, workload, "--master", EXECUTORS, "--aggregation", "resident");
            case "mllib" -> java("MllibPeer", "6g", peer, workload, "--master", LOCAL);
            case "mllib-128" -> java("MllibPeer", "2g", peer, workload, "--master", LOCAL, "--rows", "128");
            case "job-step" -> java("JobStepPeer", "1g", peer, workload, "--master", LOCAL);
            case "memory" -> java("MemoryPeer", "768m", peer, workload, "--master", LOCAL);
            case "core-mnist" -> java("AccuracyPeer", "3g", peer, workload, "--master", "threads[2]", "--data", data());
            case "spark-mnist" -> java("AccuracyPeer", "3g", peer, workload, "--master", LOCAL, "--data", data());
            case "executors-mnist" ->
                java("AccuracyPeer", "2g", peer, workload, "--master", EXECUTORS, "--data", data());
            case "sklearn" -> python("sklearn_peer.py", 2, peer, workload);
            case "sklearn-mnist" -> python("sklearn_mnist.py", 2, peer, workload, "--data", data());
            case "torch" -> python("torch_peer.py", 2, peer, workload);
            case "torch-1" -> python("torch_peer.py", 1, peer, workload);
            case "torch-mnist" -> python("torch_mnist.py", 2, peer, workload, "--data", data());
            case "torch-ddp" -> python("torch_ddp.py", 1, peer, workload);
            default -> throw new IllegalArgumentException("there is no peer " + peer);
        };
    }

    private String data() {
        return mnist.toString();
    }

    private PeerCommand java(String mainClass, String heap, String figure, Workload workload, String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!option.startsWith("-Xm")) { // the same modules, logging and properties as here; the heap differs
                words.add(option);
            }
        }
        words.addAll(List.of("-Xmx" + heap, "-cp", System.getProperty("java.class.path"), PACKAGE + mainClass));
        words.addAll(List.of("--figure", figure));
        words.addAll(workload.arguments());
        words.addAll(List.of(arguments));
        // what Spark wants to know to start executors; an empty directory will do, as they are given this class path
        Path sparkHome = home.resolve("target").resolve("spark-home");
        return new PeerCommand(words, Map.of("SPARK_HOME", sparkHome.toString(), "SPARK_SCALA_VERSION", "2.13"));
    }

    private PeerCommand python(String script, int threads, String figure, Workload workload, String... arguments) {
        List<String> words = new ArrayList<>(List.of("--figure", figure));
        words.addAll(workload.arguments());
        words.addAll(List.of("--threads", Integer.toString(threads)));
        words.addAll(List.of(arguments));
        return python.command(script, threads, words);
    }
}
