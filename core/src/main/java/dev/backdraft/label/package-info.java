/**
 * What a loss makes of the labels of a data set: which values it accepts, how many outputs they ask for, and the
 * weights that balance classes. Start with {@link dev.backdraft.label.LabelRules}.
 */
package dev.backdraft.label;
