package dev.backdraft.linalg;

import java.io.File;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * OpenBLAS, which Maven brings as a jar of native libraries: unpacked (once for a user, into JavaCPP's cache), loaded, and kept to
 * one thread a call. netlib then finds the very library that was loaded. The one class that knows JavaCPP, which is optional: it
 * fails to link where the jars are missing.
 */
final class OpenBlas {
    private OpenBlas() {}

    /**
     * Loads the library.
     *
     * @return its path
     * @throws LinkageError where the jars for this platform are missing, or cannot be unpacked
     */
    static String load() {
        File bindings = new File(Loader.load(openblas_nolapack.class));
        openblas_nolapack.blas_set_num_threads(1);
        // JavaCPP unpacks it under this name beside its bindings
        String name = System.mapLibraryName("openblas_nolapack");
        File library = new File(bindings.getParentFile(), name.endsWith(".so") ? name + ".0" : name);
        if (!library.exists()) {
            throw new UnsatisfiedLinkError("no " + library);
        }
        return library.getPath();
    }

    /** Its version for people, and the kernels when somebody has chosen them. */
    static String description() {
        String core = System.getenv("OPENBLAS_CORETYPE");
        return openblas_nolapack.OPENBLAS_VERSION.strip()
                + (core == null ? "" : " with the kernels for " + core + ", as OPENBLAS_CORETYPE says");
    }
}
