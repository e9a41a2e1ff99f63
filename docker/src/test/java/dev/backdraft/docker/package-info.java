/**
 * Tests of the files for containers without a Docker engine: what they say is checked against the repository, Spark's and
 * Kubernetes' own classes, and the commands that they start are run as processes. Start with {@link dev.backdraft.docker.ComposeClusterTest}.
 */
package dev.backdraft.docker;
