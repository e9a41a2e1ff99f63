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
    private static final long MOST_MILLIS =
            1000; // of a processor, in a JVM that has just started and compiles meanwhile

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
        for (String line : lines) {
            String[] parts = line.split(" ", 3);
            String fault = faults.get(Integer.parseInt(parts[0].replace(".model", "")));
            if (Long.parseLong(parts[1]) > MOST_MILLIS || !parts[2].startsWith("ok")) {
                wrong.add(fault + ": " + parts[1] + " ms, " + parts[2]);
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** Reads every file of a directory, and prints its name, the time of the processor, and how that ended. */
    public static void main(String[] arguments) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(arguments[0]))) {
            for (Path file : files) {
                long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                String end;
                try {
                    ModelFile.read(file);
                    end = "ok, a model"; // with a name that is long
                } catch (ModelFileException e) {
                    end = "ok, refused";
                } catch (Exception | OutOfMemoryError | StackOverflowError e) {
                    end = e.toString();
                }
                long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
                System.out.println(file.getFileName() + " " + nanos / 1_000_000 + " " + end);
            }
        }
    }
}
