/**
 * Trained models: what they hold, predicting with them, and their file.
 *
 * <p>Start with {@link dev.backdraft.model.Model}, then {@link dev.backdraft.model.ModelFile}, whose Javadoc gives the
 * format. A file is read as something hostile: the JSON by {@link dev.backdraft.model.StrictJson}, the layout of
 * safetensors, which models and checkpoints share, by {@link dev.backdraft.model.SafetensorsReader}, its meaning by
 * {@link dev.backdraft.model.ModelHeader}.
 */
package dev.backdraft.model;
