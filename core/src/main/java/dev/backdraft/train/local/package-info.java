/**
 * Training in this JVM, without Spark. Start with {@link dev.backdraft.train.local.LocalTraining}; {@link
 * dev.backdraft.train.local.StepTraining} is for those who have their own loop.
 */
package dev.backdraft.train.local;
