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

/** What a JVM of its own takes where the best backend is not to be had: another, with one line that says why. */
class BlasFallbackTest {
    /** The other JVM's program. */
    public static final class Report {
        private Report() {}

        public static void main(String[] arguments) {
            System.out.println("backend " + Blas.backend());
            System.out.println("fallback " + Blas.fallback());
        }
    }

    @Test
    void withAllJarsItIsNative() throws Exception {
        assumeTrue(hasNative(), "no OpenBLAS for this machine");
        assertThat(run(classPath("")))
                .contains("backend native")
                .contains("BLAS: OpenBLAS")
                .contains("fallback null");
    }

    @Test
    void withoutTheJarsItIsJava() throws Exception {
        assertThat(run(classPath("bytedeco")))
                .contains("backend java")
                .contains("fallback plain Java; no Vector API")
                .contains("no native BLAS (org.bytedeco:openblas is not on the class path)")
                .contains("start Java with --add-modules=jdk.incubator.vector");
    }

    @Test
    void withTheVectorModuleItIsTheVectorApi() throws Exception {
        assertThat(run(classPath("bytedeco"), "--add-modules=jdk.incubator.vector"))
                .contains("backend vector")
                .contains("fallback null")
                .contains("BLAS: Vector API; no native BLAS");
    }

    @Test
    void whatIsAskedForIsNoFallback() throws Exception {
        assertThat(run(classPath("bytedeco"), "-Dbackdraft.blas=java"))
                .contains("backend java")
                .contains("fallback null");
    }

    @Test
    void aPlatformWithoutLibraryFallsBack() throws Exception {
        assertThat(run(classPath(""), "-Dorg.bytedeco.javacpp.platform=linux-unheardof"))
                .contains("backend java")
                .contains("no native BLAS");
    }

    @Test
    void aDirectoryThatCannotBeWrittenFallsBack() throws Exception {
        String nowhere = new File("/proc/none").getPath();
        assertThat(run(
                        classPath(""),
                        "-Dorg.bytedeco.javacpp.cachedir=" + nowhere,
                        "-Duser.home=" + nowhere,
                        "-Djava.io.tmpdir=" + nowhere))
                .contains("backend java")
                .contains("no native BLAS");
    }

    @Test
    void aLibraryThatIsNotThereFallsBack() throws Exception {
        assertThat(run(classPath(""), "-Ddev.ludovic.netlib.blas.nativeLibPath=/none.so"))
                .contains("backend java")
                .contains("no native BLAS");
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
