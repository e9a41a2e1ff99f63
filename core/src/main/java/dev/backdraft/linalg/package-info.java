/**
 * Flat arrays seen as matrices, and the kernels on them. Everything is float32, column-major and without gaps; in a batch one
 * example is one column, so row-major data is used as it lies.
 *
 * <p>{@link dev.backdraft.linalg.Blas} is the only class that knows which BLAS library runs. Depends on nothing of ours.
 */
package dev.backdraft.linalg;
