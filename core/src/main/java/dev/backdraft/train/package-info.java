/**
 * What users of a training touch: its configuration ({@link dev.backdraft.train.TrainingConfig}), what is to be trained
 * ({@link dev.backdraft.train.TrainingRequest}, or a {@link dev.backdraft.train.TrainingDraft} whose gaps are filled
 * from the data), listeners, results and checkpoints. A training starts in {@link
 * dev.backdraft.train.local.LocalTraining} or on a cluster; it runs in {@link dev.backdraft.train.engine.TrainingLoop}.
 * No type of this package mentions one of the engine's.
 */
package dev.backdraft.train;
