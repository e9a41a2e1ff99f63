/** Backdraft beside other libraries on real tables: how good the answers are, and how long they take. */
package dev.backdraft.benchmarks.tables;
