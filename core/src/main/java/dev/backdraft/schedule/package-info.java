/**
 * What changes while a training goes on, as a function of its progress: learning rates and batch sizes. Start with
 * {@link dev.backdraft.schedule.Schedule}; {@link dev.backdraft.schedule.Schedules} lists what there is. {@link
 * dev.backdraft.schedule.ReduceOnPlateau} follows a metric instead. Depends on {@code json} alone.
 */
package dev.backdraft.schedule;
