/**
 * What a model looks at: how much each feature counts, by permuting it and by the gradient.
 *
 * <p>Start with {@link dev.backdraft.explain.PermutationImportance} and {@link dev.backdraft.explain.GradientTimesInput}; both take
 * {@link dev.backdraft.explain.ImportanceRows}.
 */
package dev.backdraft.explain;
