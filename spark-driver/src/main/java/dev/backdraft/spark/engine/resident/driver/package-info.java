/**
 * The driver's side of resident workers.
 *
 * <p>Start with {@link dev.backdraft.spark.engine.resident.driver.ResidentGradients}, the source of gradients. On a
 * cluster it opens a {@code ClusterSession}. Its {@code Coordinator} turns each step into requests and waits for the
 * replies: {@code Workers} knows who is present and which parts of the data each worker has, {@code StepProgress} knows
 * what one step still misses, and {@code DriverEndpoint} sends and receives.
 *
 * <p>Of {@code resident.executor} it knows only {@code WorkerTask}, which {@code ClusterSession} creates.
 */
package dev.backdraft.spark.engine.resident.driver;
