/**
 * Functions of one number that a network applies to each output of a layer, with their derivatives and the initializer
 * that suits them. Start with {@link dev.backdraft.activation.Activation}; {@link dev.backdraft.activation.Activations}
 * lists what there is.
 */
package dev.backdraft.activation;
