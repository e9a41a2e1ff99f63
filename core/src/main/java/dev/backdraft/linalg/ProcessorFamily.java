package dev.backdraft.linalg;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The family of this machine's processor, which decides the kernels of a native BLAS and so the last bits of its products. */
final class ProcessorFamily {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo"); // Linux

    private static final Pattern SPACES = Pattern.compile("\\s+");

    private ProcessorFamily() {}

    /** For people: {@code AVX-512}, {@code AVX2}, or the architecture, as in {@code aarch64}, where it is not known better. */
    static String name() {
        String architecture = System.getProperty("os.arch", "unknown").toLowerCase(Locale.ROOT);
        try {
            return name(Files.readString(CPU_INFO, StandardCharsets.UTF_8), architecture);
        } catch (IOException | RuntimeException e) { // another system
            return architecture;
        }
    }

    /** The same, from the content of {@code /proc/cpuinfo}. */
    static String name(String cpuInfo, String architecture) {
        Set<String> flags = cpuInfo.lines()
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .map(line -> SPACES.splitAsStream(line.substring(line.indexOf(':') + 1))
                        .collect(Collectors.toSet()))
                .orElse(Set.of());
        return flags.contains("avx512f") ? "AVX-512" : flags.contains("avx2") ? "AVX2" : architecture;
    }
}
