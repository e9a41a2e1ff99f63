package dev.backdraft.faults;

import dev.backdraft.benchmarks.cluster.StandaloneCluster;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line in a process of its own, in a Java that starts quickly.
 *
 * @param out what it prints
 * @param err what it complains about
 */
record CommandProcess(Process process, Path out, Path err) {
    /** Starts a command. */
    static CommandProcess start(Path directory, List<String> arguments) throws IOException {
        return start(directory, List.of(), arguments);
    }

    /** Starts a command by another one, which gets it as its last arguments. */
    static CommandProcess start(Path directory, List<String> starter, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(starter);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dlog4j2.configurationFile=../spark-driver/src/main/launcher/log4j2.properties", // as ./backdraft does
                // it
                "-Dbackdraft.log=warn"));
        command.addAll(List.of(StandaloneCluster.QUICK_START.split(" ")));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-"))
                .forEach(command::add);
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-cp", classPath, "dev.backdraft.spark.cli.Main"));
        command.addAll(arguments);
        Path out = directory.resolve("out.txt");
        Path err = directory.resolve("err.txt");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        return new CommandProcess(process, out, err);
    }

    /** SIGKILL; returns when the process is gone. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it has printed so far. */
    String printed() throws IOException {
        return Files.readString(out);
    }

    /** What it has printed and complained about, for messages. */
    String all() throws IOException {
        return printed() + Files.readString(err);
    }
}
