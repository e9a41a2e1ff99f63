/**
 * What a model looks at: how much each feature counts, by permuting it and by the gradient, and what each adds to the
 * prediction of one row.
 *
 * <p>Start with {@link dev.backdraft.explain.PermutationImportance} and {@link
 * dev.backdraft.explain.GradientTimesInput}, which take {@link dev.backdraft.explain.ImportanceRows}; for one row with
 * {@link dev.backdraft.explain.IntegratedGradients}.
 */
package dev.backdraft.explain;
