/** Programs to start from: one main a file, each run by a test. */
package dev.backdraft.examples;
