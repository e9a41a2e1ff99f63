package dev.backdraft.linalg;

/** Gives MLlib, which computes by netlib, the OpenBLAS that Backdraft has for {@code --blas native}. */
public final class NetlibOpenBlas {
    private NetlibOpenBlas() {}

    /** Loads the library and tells netlib where it is. Returns its description, for people. */
    public static String load() {
        return BlasBackend.choose("native").describe();
    }
}
