/**
 * Backends of matrix products side by side in one JVM. In the package of the products, because a program has only one
 * backend otherwise.
 */
package dev.backdraft.linalg;
