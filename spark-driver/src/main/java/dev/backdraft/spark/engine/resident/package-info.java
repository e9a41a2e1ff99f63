/**
 * One ordinary Spark job that occupies slots for a whole fit: what the session of a local master and the session of a
 * cluster have in common.
 *
 * <p>{@code Session} is such a job and everything that belongs to it, {@code ResidentJob} submits it. The tasks differ:
 * with a local master ({@code engine.local}) they hold blocks and slots while core's threads compute; on a cluster
 * ({@code resident.driver}, {@code resident.executor}, {@code resident.protocol}) they compute what the driver
 * requests.
 */
package dev.backdraft.spark.engine.resident;
