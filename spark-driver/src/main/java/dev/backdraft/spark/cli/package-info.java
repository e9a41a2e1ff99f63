/**
 * The command line: options, messages and files around the engine. Start with {@link dev.backdraft.spark.cli.Main}.
 */
package dev.backdraft.spark.cli;
