package dev.backdraft.spark.internal;

import org.apache.spark.ml.classification.TrainingSummary;
import org.apache.spark.ml.util.Summary;

/**
 * A summary of a fit that Spark and Spark Connect know as one: by traits of {@code spark.ml} that are private to Spark.
 */
public interface FitSummary extends TrainingSummary, Summary {}
