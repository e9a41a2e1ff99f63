/**
 * What the driver and the executors of a fit with resident workers say to each other: {@code Request}s and {@code
 * Reply}s, the short messages about workers that join and leave, and their bytes ({@code Messages}).
 *
 * <p>Knows neither side: the packages {@code driver} and {@code executor} use it.
 */
package dev.backdraft.spark.engine.resident.protocol;
