/**
 * Gradients by resident workers: one ordinary Spark job for a whole fit, whose tasks answer step after step.
 *
 * <p>Start with {@link dev.backdraft.spark.engine.resident.ResidentGradients}. On the driver a {@code Session} is one
 * such job. With a local master it is a {@code LocalSession}: tasks hold blocks and slots, and core's threads compute.
 * On a cluster it is a {@code ClusterSession}: its {@code Coordinator} knows who is there, hands out each step and
 * collects the answers. In every JVM that has tasks, a {@code WorkerGroup} shares the parameters between them and adds
 * their sums; {@code DriverEnd} and {@code ExecutorEnd} carry asks and answers between JVMs, as {@code Parcel}s, down
 * and up a tree of executors where vectors are large ({@code Branch}, {@code Relay}, {@code Gathering}).
 *
 * <p>May depend on {@code engine.wire}, {@code spark.data}, {@code core} and Spark.
 */
package dev.backdraft.spark.engine.resident;
