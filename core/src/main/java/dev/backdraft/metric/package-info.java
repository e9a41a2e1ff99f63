/**
 * How good predictions are. Everything here is a sum over rows that merges: parts of the data are added up where they lie, the
 * sums are added in a fixed order, and only then is anything divided. Rows count by their weights, everywhere; a row of weight 0 is
 * no row.
 *
 * <p>Start with {@link dev.backdraft.metric.MetricSums}, which collects in one pass what a set of {@link
 * dev.backdraft.metric.Metric}s needs; {@link dev.backdraft.metric.Metrics} lists them. The sums themselves can be used alone:
 * {@link dev.backdraft.metric.ClassCounts}, {@link dev.backdraft.metric.ConfusionMatrix}, {@link
 * dev.backdraft.metric.BinaryScores} for ROC curves, {@link dev.backdraft.metric.ValueErrors} for regressions and so on. They are
 * small final classes, so that any serializer of Spark's can take them; {@link
 * dev.backdraft.metric.MetricSums#write} does without one.
 */
package dev.backdraft.metric;
