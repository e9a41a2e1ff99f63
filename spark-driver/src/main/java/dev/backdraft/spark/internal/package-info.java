/**
 * Everything that touches an API which is private to Spark: public in its class files, but not promised from one
 * version to the next. Each class is a small adapter, so that a new version of Spark changes this package and no other.
 * The architecture page lists what is used, why, and what happens when it is gone; {@code InternalSmokeTest} calls each
 * adapter on every supported version.
 *
 * <p>Not for users.
 */
package dev.backdraft.spark.internal;
