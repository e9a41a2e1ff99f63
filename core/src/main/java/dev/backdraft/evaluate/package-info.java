/**
 * One way to measure a model on rows, used for validation rows, {@code evaluate} and importance, on one machine and on
 * many. Start with {@link dev.backdraft.evaluate.Evaluation}; {@link dev.backdraft.evaluate.Measures} says what is
 * measured. Knows nothing of training.
 */
package dev.backdraft.evaluate;
