/**
 * What runs in an executor during a fit with resident workers.
 *
 * <p>Start with {@code WorkerTask}, the Spark task that stays until the fit ends. All tasks of the session in one JVM
 * share an {@code ExecutorEndpoint} ({@code SharedEndpoints}), which has the connections to the driver and to other
 * executors. A request arrives there on a network thread; the {@code WorkerGroup} wakes the workers, each computes its
 * assignment ({@code Worker}), and the last one to finish completes the {@code PendingReply}, which the endpoint sends.
 * Where vectors are large, the {@code Relay} forwards requests to other executors.
 */
package dev.backdraft.spark.engine.resident.executor;
