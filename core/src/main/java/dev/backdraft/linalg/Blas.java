package dev.backdraft.linalg;

import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Matrix products, and the one door to them. Shapes are checked here once; a call runs on the
 * calling thread alone, as the parallelism is ours.
 *
 * <p>The backend is chosen when it is first needed, and logged; {@link BlasBackend} says how. Results are the same bits for the
 * same backend on one processor family, and those of {@code portable} on every machine.
 */
public final class Blas {
    private Blas() {}

    /** Loaded when first used, so that {@link #use} can come before. */
    private static final class Chosen {
        private static final Logger LOG = LoggerFactory.getLogger(Blas.class);
        private static final BlasBackend CHOICE = choose();
        private static final Products BACKEND = CHOICE.products();

        private static BlasBackend choose() {
            BlasBackend choice = BlasBackend.choose(BlasBackend.wish());
            LOG.info("BLAS: {}", choice.describe());
            return choice;
        }
    }

    /**
     * Asks for a backend of this JVM, before anything else of this class is used: {@code portable} or {@code auto}, the
     * default, {@code native}, {@code vector} or {@code java}. The same as the system property {@code backdraft.blas}.
     *
     * @throws IllegalArgumentException when there is no such backend
     * @throws IllegalStateException when it is not to be had here, or another one is in use already
     */
    public static void use(String wish) {
        BlasBackend asked = BlasBackend.choose(wish); // before anything is settled: a wish that fails leaves no trace
        String before = System.getProperty(BlasBackend.PROPERTY);
        System.setProperty(BlasBackend.PROPERTY, wish);
        if (!wish.equals(BlasBackend.AUTO) && !asked.name().equals(backend())) {
            if (before == null) {
                System.clearProperty(BlasBackend.PROPERTY);
            } else {
                System.setProperty(BlasBackend.PROPERTY, before);
            }
            throw new IllegalStateException("BLAS " + backend() + " is already in use: ask for " + wish + " before");
        }
    }

    /** Name of the backend in use, as the model's provenance records it: {@code native}, {@code vector}, {@code java} or {@code
     * portable}. */
    public static String backend() {
        return Chosen.CHOICE.name();
    }

    /**
     * What the last bits of products depend on, for people: the backend in use and the family of the processor, as in {@code native
     * BLAS on AVX-512}. The bits of {@code java} and {@code portable} do not depend on the processor.
     */
    public static String kernels() {
        return Chosen.CHOICE.sameOnAllProcessors()
                ? backend() + " BLAS, the same on all processors"
                : backend() + " BLAS on " + ProcessorFamily.name();
    }

    /** The backend in use for people: its version and kernels, or why no faster one was taken. */
    public static String description() {
        return Chosen.CHOICE.describe();
    }

    /**
     * Explains, for people, why our own products do not use vector instructions; null if they do, or if the user chose
     * another backend.
     */
    public static String fallback() {
        return Chosen.CHOICE.fallback();
    }

    /**
     * {@code C = op(A) op(B) + beta C}.
     *
     * @param a read
     * @param b read
     * @param beta 0 overwrites C whatever it held, NaN included; 1 adds to it
     * @param c overwritten or added to; must not share entries with a or b
     */
    public static void gemm(Matrix a, Transpose opA, Matrix b, Transpose opB, float beta, Matrix c) {
        gemm(Chosen.BACKEND, a, opA, b, opB, beta, c);
    }

    /** The product by a backend that need not be the one in use. */
    static void gemm(Products backend, Matrix a, Transpose opA, Matrix b, Transpose opB, float beta, Matrix c) {
        int m = opA.rows(a);
        int n = opB.columns(b);
        int k = opA.columns(a);
        if (opB.rows(b) != k || c.rows() != m || c.columns() != n) {
            throw new IllegalArgumentException(
                    "gemm: " + a.shape() + opA.letter() + " times " + b.shape() + opB.letter() + " into " + c.shape());
        }
        if (m == 0 || n == 0) {
            return;
        }
        if (k == 0) {
            for (int i = c.offset(); i < c.offset() + c.size(); i++) {
                c.values()[i] = beta == 0 ? 0 : beta * c.values()[i];
            }
            return;
        }
        backend.gemm(a, opA, b, opB, beta, c);
    }

    /**
     * Whether {@link #gemm(Matrix, SparseMatrix, Matrix)} and {@link #gemmTransposed} give the bits that the dense
     * product gives, so that whoever has a sparse matrix is free to take the faster one.
     *
     * <p>A term that is skipped is zero, and adding zero to a chain changes nothing. (What remains are the sign of a
     * zero that a product too small for a float leaves, and factors that are not finite.)
     */
    public static boolean sparseIsExact() {
        return Chosen.BACKEND instanceof PortableProducts;
    }

    /**
     * {@code C += A S}.
     *
     * @param a [m × k]; read
     * @param s [k × n]; read
     * @param c [m × n]; added to
     */
    public static void gemm(Matrix a, SparseMatrix s, Matrix c) {
        if (a.columns() != s.rows() || c.rows() != a.rows() || c.columns() != s.columns()) {
            throw new IllegalArgumentException("gemm: " + a.shape() + " times " + s.shape() + " into " + c.shape());
        }
        s.multiply(a, c);
    }

    /**
     * {@code C += A S'}.
     *
     * @param a [m × n]; read
     * @param s [k × n]; read
     * @param c [m × k]; added to, in the columns that are the row of a stored entry of S
     */
    public static void gemmTransposed(Matrix a, SparseMatrix s, Matrix c) {
        if (a.columns() != s.columns() || c.rows() != a.rows() || c.columns() != s.rows()) {
            throw new IllegalArgumentException("gemm: " + a.shape() + " times " + s.shape() + "T into " + c.shape());
        }
        s.multiplyTransposed(a, c);
    }

    /** {@code Y[:, j] = v} for every column j: what a product with {@code beta = 1} is then added to. v is read, y overwritten. */
    public static void fillColumns(Matrix v, Matrix y) {
        checkColumn(v, y);
        int rows = y.rows();
        for (int j = 0; j < y.columns(); j++) {
            System.arraycopy(v.values(), v.offset(), y.values(), y.offset() + j * rows, rows);
        }
    }

    /**
     * {@code v = sum of the columns of Y + beta v}.
     *
     * @param y [rows × n]; read
     * @param beta 0 overwrites v whatever it held; 1 adds to it
     * @param v [rows × 1]; overwritten or added to
     */
    public static void rowSums(Matrix y, float beta, Matrix v) {
        rowSums(Chosen.BACKEND, y, beta, v);
    }

    /** The sums by a backend that need not be the one in use. */
    static void rowSums(Products backend, Matrix y, float beta, Matrix v) {
        checkColumn(v, y);
        if (y.size() == 0) {
            if (beta == 0) {
                Arrays.fill(v.values(), v.offset(), v.offset() + v.size(), 0);
            }
            return;
        }
        backend.rowSums(y, beta, v);
    }

    private static void checkColumn(Matrix v, Matrix y) {
        if (v.rows() != y.rows() || v.columns() != 1) {
            throw new IllegalArgumentException("a column of " + y.shape() + " is not " + v.shape());
        }
    }
}
