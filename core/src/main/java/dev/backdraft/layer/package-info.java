/**
 * The layers: each is maths over views of arrays that somebody else owns, and holds its configuration only. To add one: a
 * record and a name after {@code permits} in {@link dev.backdraft.layer.Layer}. May depend on {@code linalg} only.
 */
package dev.backdraft.layer;
