/**
 * Initial values of parameters. Start with {@link dev.backdraft.initializer.Initializer}; {@link
 * dev.backdraft.initializer.Initializers} lists what there is. May depend on {@code linalg} and {@code json} only.
 */
package dev.backdraft.initializer;
