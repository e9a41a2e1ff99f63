/**
 * What a training will need and where its time goes: memory before it starts ({@link
 * dev.backdraft.train.plan.StepPlan}, {@link dev.backdraft.train.plan.RowBudget}), seconds while it runs ({@link
 * dev.backdraft.train.plan.StepClock}).
 */
package dev.backdraft.train.plan;
