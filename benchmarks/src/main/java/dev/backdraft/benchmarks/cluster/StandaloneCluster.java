package dev.backdraft.benchmarks.cluster;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Spark's standalone cluster: a master and workers with one core each, in processes of their own. The environment names
 * an empty distribution of Spark in {@code SPARK_HOME}.
 */
public final class StandaloneCluster implements AutoCloseable {
    /** Options of a JVM that is to live for seconds: half of the processor time of its start is saved. */
    public static final String QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private static final long WAIT_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Path directory; // of logs and applications
    private final Path home; // of the empty distribution
    private final int megabytes;
    private final List<String> javaOptions;
    private final List<Process> processes = new ArrayList<>();
    private final String url;

    /**
     * Starts the master, and waits until it accepts connections.
     *
     * @param directory of logs and applications
     * @param host address of the master
     * @param megabytes for the executors of a worker
     * @param javaOptions of master and workers, such as settings of Spark
     */
    public StandaloneCluster(Path directory, String host, int megabytes, String... javaOptions)
            throws IOException, InterruptedException {
        this.directory = directory;
        this.megabytes = megabytes;
        this.javaOptions = List.of(javaOptions);
        home = Path.of(System.getenv("SPARK_HOME")); // set in the build, and by benchmarks/run
        Files.createDirectories(home.resolve("jars"));
        int port = freePort(host);
        url = "spark://" + host + ":" + port;
        start("master", List.of(), "org.apache.spark.deploy.master.Master", host, port);
    }

    /** Whether a connection can be made. */
    public static boolean accepts(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A port that was free a moment ago. */
    public static int freePort(String host) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            return socket.getLocalPort();
        }
    }

    /**
     * Starts a worker, and waits until it accepts connections.
     *
     * @param starter what starts a command, which follows
     */
    public void startWorker(String name, List<String> starter, String host, int port)
            throws IOException, InterruptedException {
        start(
                name,
                starter,
                "org.apache.spark.deploy.worker.Worker",
                host,
                port,
                "--cores",
                "1",
                "--memory",
                megabytes + "m",
                "--work-dir",
                directory.resolve(name).toString(),
                url);
    }

    private void start(String name, List<String> starter, String type, String host, int port, String... more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(starter);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        command.addAll(List.of(QUICK_START.split(" ")));
        command.addAll(javaOptions);
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-"))
                .forEach(command::add);
        command.addAll(List.of("-cp", classPath(), UntilInputEnds.class.getName(), type));
        command.addAll(List.of("--host", host, "--port", Integer.toString(port), "--webui-port", "0"));
        command.addAll(List.of(more));
        File log = directory.resolve(name + ".log").toFile();
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(log).redirectErrorStream(true);
        builder.environment().put("SPARK_HOME", home.toAbsolutePath().toString());
        Process process = builder.start();
        processes.add(process);
        long start = System.nanoTime();
        while (!accepts(host, port)) {
            if (!process.isAlive() || System.nanoTime() - start > WAIT_NANOS) {
                throw new IOException(name + " has not started: " + Files.readString(log.toPath()));
            }
            Thread.sleep(50);
        }
    }

    /** The class path of this JVM. */
    public static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** For {@code spark.master}. */
    public String url() {
        return url;
    }

    /** Ends all processes, executors too. */
    @Override
    public void close() {
        List<ProcessHandle> all = processes.stream()
                .flatMap(process -> Stream.concat(Stream.of(process.toHandle()), process.descendants()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
    }
}
