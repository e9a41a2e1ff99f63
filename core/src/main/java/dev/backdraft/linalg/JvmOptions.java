package dev.backdraft.linalg;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/** What this JVM was started with, as far as the speed of products depends on it. */
final class JvmOptions {
    private static final int SLOW_NANOS =
            1_000; // an instruction takes less even when interpreted, BigDecimal takes more
    private static final int TRIALS = 20;

    private JvmOptions() {}

    /** Whether {@link Math#fma} is an instruction of the processor, and not BigDecimal. */
    static boolean fusedMultiplyAdd() {
        String option = value("UseFMA");
        return option == null ? fusedMultiplyAddIsFast() : Boolean.parseBoolean(option);
    }

    /**
     * Whether the optimizing compiler runs: without it the Vector API works on objects, thousands of times slower than
     * plain loops.
     */
    static boolean optimizingCompiler() {
        String level = value("TieredStopAtLevel");
        String mode = System.getProperty("java.vm.info", "").toLowerCase(Locale.ROOT);
        return !mode.contains("interpreted") && (level == null || Integer.parseInt(level) >= 4);
    }

    /** Whether the processor has 32 vector registers, and not 16, for vectors of this width in bits. */
    static boolean manyRegisters(int vectorBits) {
        String architecture = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        if (architecture.equals("amd64") || architecture.equals("x86_64")) {
            String extension = value("UseAVX");
            return extension == null ? vectorBits > 256 : Integer.parseInt(extension) >= 3;
        }
        return true; // aarch64, riscv64 and ppc64le
    }

    /** The value of an option of HotSpot; null where there is none, or the JVM is another. */
    private static String value(String name) {
        try {
            return ManagementFactory.getPlatformMXBean(com.sun.management.HotSpotDiagnosticMXBean.class)
                    .getVMOption(name)
                    .getValue();
        } catch (RuntimeException | LinkageError e) {
            return null;
        }
    }

    private static boolean fusedMultiplyAddIsFast() {
        long shortest = Long.MAX_VALUE;
        float value = 1;
        for (int i = 0; i < TRIALS; i++) {
            long start = System.nanoTime();
            value = Math.fma(value, 0.999f, 1e-3f);
            shortest = Math.min(shortest, System.nanoTime() - start);
        }
        return shortest < SLOW_NANOS && value > 0;
    }
}
