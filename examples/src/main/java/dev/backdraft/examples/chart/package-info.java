/** The pictures of the examples: charts as SVG. Start with {@link dev.backdraft.examples.chart.Chart}. Depends on nothing of ours. */
package dev.backdraft.examples.chart;
