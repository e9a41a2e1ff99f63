/**
 * Clusters on this machine with hosts of their own: Spark's standalone cluster, and network namespaces around a virtual
 * switch, whose cables can be slow or pulled. Benchmarks and the tests of the module {@code faults} use them. Start
 * with {@link dev.backdraft.benchmarks.cluster.VirtualNetwork}.
 */
package dev.backdraft.benchmarks.cluster;
