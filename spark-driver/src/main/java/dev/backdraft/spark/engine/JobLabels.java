package dev.backdraft.spark.engine;

import dev.backdraft.spark.data.Cancellation;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;

/**
 * The job group and the description that Spark's pages show of the jobs of one fit. A group that the caller has set stays, so that
 * cancelling it cancels the fit; without one, the fit has a group of its own. A description that the caller has set comes
 * before the fit's. All is put back after each use, so that jobs which the caller runs in between, as in a listener, bear the
 * caller's labels. For the thread that trains, as these are properties of a thread.
 */
public final class JobLabels {
    private static final String GROUP = "spark.jobGroup.id";
    private static final String DESCRIPTION = "spark.job.description";
    private static final AtomicLong FITS = new AtomicLong(); // of this JVM

    private final SparkContext spark;
    private final String fit =
            "backdraft-fit-" + FITS.incrementAndGet(); // its tag, and its group where the caller has none
    private String callersGroup;
    private String callersDescription;

    /** Labels of a new fit. */
    public JobLabels(SparkContext spark) {
        this.spark = spark;
    }

    /** Labels the jobs that this thread submits from now on, until {@link #restore}. */
    public void set(String description) {
        callersGroup = spark.getLocalProperty(GROUP);
        callersDescription = spark.getLocalProperty(DESCRIPTION);
        if (callersGroup == null) {
            spark.setLocalProperty(GROUP, fit);
        }
        spark.setLocalProperty(
                DESCRIPTION,
                callersDescription == null
                        ? "Backdraft: ".concat(description)
                        : callersDescription + ": " + description);
        spark.addJobTag(fit);
    }

    /** Puts the caller's labels back. */
    public void restore() {
        spark.setLocalProperty(GROUP, callersGroup);
        spark.setLocalProperty(DESCRIPTION, callersDescription);
        spark.removeJobTag(fit);
    }

    /** Cancels the jobs of this fit that run: whoever waited for them was interrupted. */
    private void cancelJobs() {
        if (!spark.isStopped()) {
            Cancellation.shield(() -> spark.cancelJobsWithTag(fit));
        }
    }

    /**
     * Whether a fit was cancelled, when it fails: its jobs are cancelled, too.
     *
     * @throws java.util.concurrent.CancellationException when it was
     */
    public void throwIfCancelled(Throwable failure) {
        if (Cancellation.isInterrupted(failure)) {
            cancelJobs();
        }
        Cancellation.throwIfCancelled(failure, spark);
    }
}
