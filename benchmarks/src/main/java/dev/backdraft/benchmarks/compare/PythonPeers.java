package dev.backdraft.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Knows how peers are started that are Python programs, and which modules they lack on this machine. */
public final class PythonPeers {
    /** How to get the peers that are not Java programs, on Debian and its relatives. */
    static final String INSTALL = "apt-get install -y python3-sklearn python3-torch libopenblas0-openmp";

    private final Path home;
    private final String python; // the interpreter that has the peers' libraries
    private final Map<String, Boolean> modules = new TreeMap<>(); // Python modules that were looked for

    /** @param home the benchmarks directory */
    public PythonPeers(Path home) {
        this(home, System.getenv().getOrDefault("BENCHMARKS_PYTHON", "/usr/bin/python3"));
    }

    PythonPeers(Path home, String python) {
        this.home = home.toAbsolutePath();
        this.python = python;
    }

    /** Why peers that need a module cannot run here, or null. */
    public String absence(String module) {
        return modules.computeIfAbsent(module, this::isImportable)
                ? null
                : python + " has no module " + module + "; " + INSTALL;
    }

    private boolean isImportable(String module) {
        try {
            Process process = new ProcessBuilder(python, "-c", "import " + module)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * How a script is started, with what makes these libraries fastest here: one thread pool (OpenBLAS built for
     * OpenMP, which PyTorch uses itself), and freed memory that is kept, not given back to the system at every step.
     */
    public PeerCommand command(String script, int threads, List<String> arguments) {
        List<String> words = new ArrayList<>();
        words.addAll(List.of(python, home.resolve("python").resolve(script).toString()));
        words.addAll(arguments);
        Map<String, String> environment = new HashMap<>();
        environment.put("OMP_NUM_THREADS", Integer.toString(threads));
        environment.put("OPENBLAS_NUM_THREADS", Integer.toString(threads));
        environment.put("MALLOC_MMAP_THRESHOLD_", "1073741824");
        environment.put("MALLOC_TRIM_THRESHOLD_", "4294967296");
        environment.put("MALLOC_TOP_PAD_", "268435456");
        environment.put("PYTHONDONTWRITEBYTECODE", "1");
        Path openMp = openMpBlas();
        if (openMp != null) {
            environment.put("LD_LIBRARY_PATH", openMp.toString());
        }
        return new PeerCommand(words, environment);
    }

    /** Debian's directory of the OpenMP build of OpenBLAS, or null. */
    private static Path openMpBlas() {
        try (Stream<Path> directories = Files.list(Path.of("/usr/lib"))) {
            return directories
                    .map(directory -> directory.resolve("openblas-openmp"))
                    .filter(Files::isDirectory)
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            return null;
        }
    }
}
