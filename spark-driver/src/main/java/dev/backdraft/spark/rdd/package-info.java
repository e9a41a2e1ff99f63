/**
 * Training and predicting with the types of Spark's older, RDD-based machine learning package: {@code LabeledPoint} and {@code
 * Vector} of {@code org.apache.spark.mllib}.
 *
 * <p>Start with {@link dev.backdraft.spark.rdd.RddTraining}. May depend on {@code engine}, {@code score}, {@code data} and {@code
 * core}.
 */
package dev.backdraft.spark.rdd;
