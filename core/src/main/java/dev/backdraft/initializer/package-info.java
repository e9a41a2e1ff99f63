/**
 * Initial values of parameters. Start with {@link dev.backdraft.initializer.Initializer}; {@link
 * dev.backdraft.initializer.Initializers} lists what there is.
 */
package dev.backdraft.initializer;
