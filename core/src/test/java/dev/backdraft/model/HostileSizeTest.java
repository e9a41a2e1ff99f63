package dev.backdraft.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A header that wants more time or memory than a network needs costs little in a JVM of 128 MB. */
class HostileSizeTest {
    private static final long MOST_MILLIS = 100; // of the processor, when the code is compiled
    private static final int MOST_READINGS = 20; // of each file, until one is quick: the first ones compile, too

    @TempDir
    private Path directory;

    @Test
    @Tag("slow") // half a gigabyte of files
    void aSmallJvmRefusesEveryHeader() throws Exception {
        List<String> faults = new ArrayList<>();
        HostileFiles.forEach((fault, file) -> {
            Files.write(directory.resolve(faults.size() + ".model"), file);
            faults.add(fault);
        });
        assertThat(faults).hasSizeGreaterThan(60).doesNotHaveDuplicates();
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HostileSizeTest.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jvm.waitFor(10, TimeUnit.MINUTES)).isTrue();
        List<String> lines =
                output.lines().filter(line -> line.contains(".model ")).toList();
        assertThat(lines).as(output).hasSameSizeAs(faults);
        List<String> wrong = new ArrayList<>();
        long slowest = 0;
        for (String line : lines) {
            String[] parts = line.split(" ", 3);
            String fault = faults.get(Integer.parseInt(parts[0].replace(".model", "")));
            slowest = Math.max(slowest, Long.parseLong(parts[1]));
            if (Long.parseLong(parts[1]) > MOST_MILLIS || !parts[2].startsWith("ok")) {
                wrong.add(fault + ": " + parts[1] + " ms, " + parts[2]);
            }
        }
        System.out.printf("%d headers, at most %d ms%n", faults.size(), slowest);
        assertThat(wrong).isEmpty();
    }

    /** Reads every file of a directory, and prints its name, the time of the processor, and how that ended. */
    public static void main(String[] arguments) throws IOException {
        long bound = TimeUnit.MILLISECONDS.toNanos(MOST_MILLIS);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(arguments[0]))) {
            for (Path file : files) {
                long least = Long.MAX_VALUE;
                String end = "";
                for (int i = 0; i < MOST_READINGS && least > bound; i++) {
                    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                    end = end(file);
                    least = Math.min(least, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start);
                }
                System.out.println(file.getFileName() + " " + least / 1_000_000 + " " + end);
            }
        }
    }

    private static String end(Path file) {
        try {
            ModelFile.read(file);
            return "ok, a model"; // with a name that is long
        } catch (ModelFileException e) {
            return "ok, refused";
        } catch (Exception | OutOfMemoryError | StackOverflowError e) {
            return e.toString();
        }
    }
}
