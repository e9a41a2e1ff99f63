package dev.backdraft.benchmarks.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The machine that a run was made on. */
final class Machine {
    private Machine() {}

    /** Processor, memory, system and Java in one line. */
    static String describe() {
        return String.format(
                Locale.ROOT,
                "%d processors (%s), %s memory, %s %s, Java %s",
                Runtime.getRuntime().availableProcessors(),
                field("/proc/cpuinfo", "model name"),
                field("/proc/meminfo", "MemTotal"),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("java.vm.version"));
    }

    private static String field(String file, String name) {
        try {
            for (String line :
                    Files.readString(Path.of(file), StandardCharsets.ISO_8859_1).split("\n", -1)) {
                if (line.startsWith(name)) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        } catch (IOException e) {
            return "unknown";
        }
        return "unknown";
    }
}
