package dev.backdraft.linalg;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.lang.reflect.Method;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What computes the products of this JVM, chosen once: {@linkplain Chains our own products}, whose bits are the same on
 * every machine, unless the system property {@code backdraft.blas} or the environment variable {@code BACKDRAFT_BLAS}
 * asks for another backend: {@code native}, {@code vector} or {@code java}, which are netlib's. {@code portable} and
 * {@code auto} ask for ours.
 *
 * @param name {@code portable}, {@code native}, {@code vector} or {@code java}
 * @param description for people: what it is
 * @param chains of {@code portable}; null for others
 */
record BlasBackend(Products products, String name, String description, Chains chains) {
    static final String PROPERTY = "backdraft.blas";
    static final String VARIABLE = "BACKDRAFT_BLAS";
    static final String AUTO = "auto";

    private static final String NATIVE = "native";
    private static final String VECTOR = "vector";
    private static final String JAVA = "java";
    private static final String PORTABLE = "portable";
    /** netlib reads it when it first loads. */
    private static final String LIBRARY = "dev.ludovic.netlib.blas.nativeLibPath";

    /** How the loader of Linux says that the system's C library is too old. */
    private static final Pattern NEWER_GLIBC = Pattern.compile("version `GLIBC_([0-9.]+)' not found");

    private static final String PLAIN = "dev.ludovic.netlib.blas.Java11BLAS";
    private static final Logger NETLIB = Logger.getLogger("dev.ludovic.netlib.blas.InstanceBuilder");
    private static final String ALLOW_NATIVE = "dev.ludovic.netlib.blas.allowNative";

    /** What was asked for, {@code auto} when nothing was. */
    static String wish() {
        String wish = System.getProperty(PROPERTY);
        wish = wish == null ? System.getenv(VARIABLE) : wish;
        return wish == null || wish.isBlank() ? AUTO : wish.strip().toLowerCase(Locale.ROOT);
    }

    /**
     * The backend that was asked for.
     *
     * @throws IllegalArgumentException when there is no such choice
     * @throws IllegalStateException when what was asked for is not there
     */
    static BlasBackend choose(String wish) {
        return switch (wish) {
            case AUTO, PORTABLE -> ofPortable();
            case NATIVE -> ofNative();
            case VECTOR -> ofVector();
            case JAVA -> ofJava();
            default ->
                throw new IllegalArgumentException(
                        PROPERTY + " is '" + wish + "': use portable, native, vector, java or auto");
        };
    }

    /** Whether results are the same bits on processors of every kind. */
    boolean sameOnAllProcessors() {
        return name.equals(JAVA) || name.equals(PORTABLE);
    }

    /** For people: what it is, and why it is not faster. */
    String describe() {
        return chains == null ? description : description + ", " + chains.description();
    }

    /** Why our own products are slow, for people; null if they are not, or for another backend. */
    String fallback() {
        return chains == null || chains.isFast() ? null : describe();
    }

    private static BlasBackend ofNative() {
        String before = System.getProperty(LIBRARY);
        try {
            if (before == null) {
                System.setProperty(LIBRARY, OpenBlas.load());
            }
            BLAS blas = quietly(NativeBLAS::getInstance);
            String what = before == null
                    ? OpenBlas.description() + ", native, one thread per call"
                    : before + ", native, with the number of threads per call that this library uses: it should be one";
            return new BlasBackend(new NetlibProducts(blas), NATIVE, what, null);
        } catch (LinkageError | RuntimeException e) {
            if (before == null) {
                System.clearProperty(LIBRARY);
            }
            throw new IllegalStateException("no native BLAS (" + reason(e) + ")", e);
        }
    }

    /** Why a library cannot be loaded, for people. */
    static String reason(Throwable e) {
        if (e instanceof NoClassDefFoundError) {
            return "org.bytedeco:openblas is not on the class path";
        }
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = String.valueOf(cause.getMessage());
        Matcher tooOld = NEWER_GLIBC.matcher(message);
        if (tooOld.find()) {
            return "OpenBLAS needs glibc " + tooOld.group(1) + ", and this system has an older one";
        }
        return message.lines().findFirst().orElse("unknown");
    }

    private static BlasBackend ofVector() {
        BLAS blas;
        try {
            blas = withoutNative();
        } catch (LinkageError e) {
            throw new IllegalStateException("no netlib (" + e.getMessage() + ")", e);
        }
        if (!blas.getClass().getSimpleName().startsWith("Vector")) {
            throw new IllegalStateException("no Vector API (start Java with --add-modules=jdk.incubator.vector)");
        }
        return new BlasBackend(new NetlibProducts(blas), VECTOR, "Vector API", null);
    }

    private static BlasBackend ofJava() {
        try {
            Method instance = Class.forName(PLAIN).getMethod("getInstance"); // the class is not public
            instance.setAccessible(true);
            return new BlasBackend(new NetlibProducts((BLAS) instance.invoke(null)), JAVA, "plain Java", null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no plain Java BLAS (" + reason(e) + ")", e);
        }
    }

    /** One for this JVM, because it starts to compile as soon as it is made. */
    private static final class Portable {
        private static final Chains CHAINS = PortableChains.best();
        private static final BlasBackend BACKEND =
                new BlasBackend(new PortableProducts(CHAINS), PORTABLE, "portable", CHAINS);
    }

    /**
     * Needs neither netlib nor anything native: vectors where this JVM has them, and otherwise plain loops with the
     * same bits.
     */
    private static BlasBackend ofPortable() {
        return Portable.BACKEND;
    }

    /**
     * netlib tries to load a native library of the system as soon as any of its classes is touched, unless told not to.
     */
    private static BLAS withoutNative() {
        String before = System.getProperty(ALLOW_NATIVE);
        System.setProperty(ALLOW_NATIVE, "false");
        try {
            return quietly(JavaBLAS::getInstance);
        } finally {
            if (before == null) {
                System.clearProperty(ALLOW_NATIVE);
            } else {
                System.setProperty(ALLOW_NATIVE, before);
            }
        }
    }

    /** Without the warnings in which netlib says what {@link #description} says too. */
    private static BLAS quietly(Supplier<BLAS> load) {
        Level level = NETLIB.getLevel();
        NETLIB.setLevel(Level.OFF);
        try {
            return load.get();
        } finally {
            NETLIB.setLevel(level);
        }
    }
}
