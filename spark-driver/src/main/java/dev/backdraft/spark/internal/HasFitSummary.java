package dev.backdraft.spark.internal;

import org.apache.spark.ml.util.HasTrainingSummary;

/**
 * A model that has the summary of its fit, as Spark and Spark Connect look for it: by a trait that is private to Spark.
 *
 * @param <T> the summary
 */
public interface HasFitSummary<T> extends HasTrainingSummary<T> {}
