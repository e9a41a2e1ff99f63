/**
 * Trained models: predicting with them, and their file.
 *
 * <p>Start with {@link dev.backdraft.model.Model}. May depend on every package of this module but {@code train}.
 */
package dev.backdraft.model;
