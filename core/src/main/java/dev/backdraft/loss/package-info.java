/**
 * What training makes small. A loss is not a layer: it sees the outputs of a network for a batch and gives a sum over
 * rows and its gradient.
 *
 * <p>Start with {@link dev.backdraft.loss.Loss}; {@link dev.backdraft.loss.Target} says which labels a loss takes. A
 * loss that is made of one loss an output is an {@link dev.backdraft.loss.ElementwiseLoss}: of values a {@link
 * dev.backdraft.loss.RegressionLoss}, of yes-or-no questions a {@link dev.backdraft.loss.BinaryLoss}. The losses of one
 * label's quantiles or deviation are {@link dev.backdraft.loss.DistributionLoss}es. The losses of one class out of
 * several see a whole row at once. {@link dev.backdraft.loss.Losses} lists all.
 */
package dev.backdraft.loss;
