/**
 * Files that are changed again and again, guided by the code that they reach. Without {@code JAZZER_FUZZ=1} in the
 * environment, only the files under {@code src/test/resources} are read, among them whatever was found once.
 */
package dev.backdraft.faults.fuzz;
