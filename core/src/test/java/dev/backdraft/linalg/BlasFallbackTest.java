package dev.backdraft.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What a JVM of its own computes products with, by the libraries and modules that it has and by what it was asked for.
 */
class BlasFallbackTest {
    /** The other JVM's program. */
    public static final class Report {
        private Report() {}

        public static void main(String[] arguments) {
            try {
                System.out.println("backend " + Blas.backend());
                System.out.println("fallback " + Blas.fallback());
            } catch (ExceptionInInitializerError e) {
                System.out.println(e.getCause().getMessage());
            }
        }
    }

    @Test
    void productsAreOurOwnWithoutAnyLibrary() throws Exception {
        for (String without : List.of("", "bytedeco", "ludovic")) {
            assertThat(run(classPath(without), "--add-modules=jdk.incubator.vector"))
                    .contains("backend portable")
                    .contains("BLAS: portable, Vector API")
                    .contains("fallback null");
        }
    }

    @Test
    void withoutTheVectorModuleTheyAreSlowerAndSaySo() throws Exception {
        for (String wish : List.of("auto", "portable")) {
            assertThat(run(classPath(""), "-Dbackdraft.blas=" + wish))
                    .contains("backend portable")
                    .contains("fallback portable, plain Java")
                    .contains("no Vector API: start Java with --add-modules=jdk.incubator.vector");
        }
    }

    @Test
    void whatIsAskedForIsNoFallback() throws Exception {
        assertThat(run(classPath(""), "-Dbackdraft.blas=java"))
                .contains("backend java")
                .contains("fallback null");
    }

    @Test
    void whatIsAskedForAndIsNotThereIsAnError() throws Exception {
        assertThat(run(classPath("bytedeco"), "-Dbackdraft.blas=native"))
                .contains("no native BLAS (org.bytedeco:openblas is not on the class path)");
        assertThat(run(classPath(""), "-Dbackdraft.blas=vector")).contains("no Vector API");
        assertThat(run(classPath("ludovic"), "-Dbackdraft.blas=vector")).contains("no netlib");
        assertThat(run(classPath(""), "-Dbackdraft.blas=native", "-Dorg.bytedeco.javacpp.platform=linux-unheardof"))
                .contains("no native BLAS");
        assertThat(run(classPath(""), "-Dbackdraft.blas=native", "-Ddev.ludovic.netlib.blas.nativeLibPath=/none.so"))
                .contains("no native BLAS");
    }

    @Test
    void openBlasIsThereForWhoeverAsksForIt() throws Exception {
        assumeTrue(hasNative(), "no OpenBLAS for this machine");
        assertThat(run(classPath(""), "-Dbackdraft.blas=native"))
                .contains("backend native")
                .contains("BLAS: OpenBLAS");
    }

    private static boolean hasNative() {
        try {
            BlasBackend.choose("native");
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static String classPath(String without) {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(entry -> without.isEmpty() || !entry.contains(without))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String run(String classPath, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(new File(System.getProperty("java.home"), "bin/java").getPath());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", classPath, Report.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("BACKDRAFT_BLAS");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
