/**
 * Does to trainings on purpose what a cluster does by accident: kills processes, stops them, fills disks, lets file
 * systems fail, and sends garbage to ports. A training must end with the bits of an undisturbed one, or with a message
 * that says what went wrong. All moments are drawn from seeds, which the tests print. Start with {@link
 * dev.backdraft.faults.ExecutorKillTest}.
 */
package dev.backdraft.faults;
