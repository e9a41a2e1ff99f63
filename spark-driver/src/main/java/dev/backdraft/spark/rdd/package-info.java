/**
 * Training and predicting with the types of Spark's older, RDD-based machine learning package: {@code LabeledPoint} and {@code
 * Vector} of {@code org.apache.spark.mllib}.
 *
 * <p>Start with {@link dev.backdraft.spark.rdd.RddTraining}.
 */
package dev.backdraft.spark.rdd;
