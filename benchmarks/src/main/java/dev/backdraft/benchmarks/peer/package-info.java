/**
 * The peers that are Java programs: Backdraft in its three ways, Spark's MLlib, and bare matrix products. Each is a process that
 * answers the requests of {@link dev.backdraft.benchmarks.peer.Requests}.
 */
package dev.backdraft.benchmarks.peer;
