package dev.backdraft.spark.data;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;

/**
 * What ends work on request: the interrupt of a thread, or the cancellation of a Spark job. It is told by the types of exceptions
 * and Spark's error conditions, never by the text of a message, which may be a user's.
 */
public final class Cancellation {
    private static final String JOB_CANCELLED = "SPARK_JOB_CANCELLED";
    private static final AtomicLong WORKS = new AtomicLong(); // of this JVM

    private Cancellation() {}

    /** Cleans up, even on a thread that was interrupted, whose calls to Spark would fail; it is interrupted again afterwards. */
    public static void shield(Runnable cleaning) {
        boolean interrupted = Thread.interrupted();
        try {
            cleaning.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Does work whose jobs are cancelled when this thread is interrupted while it waits for them.
     *
     * @throws CancellationException when the work was cancelled
     */
    public static <T> T ofJobs(SparkContext spark, Supplier<T> work) {
        String tag = "backdraft-work-" + WORKS.incrementAndGet();
        spark.addJobTag(tag);
        try {
            return work.get();
        } catch (Exception e) { // Spark throws checked ones that it does not declare
            if (isInterrupted(e) && !spark.isStopped()) {
                shield(() -> spark.cancelJobsWithTag(tag));
            }
            throwIfCancelled(e, spark);
            throw e;
        } finally {
            spark.removeJobTag(tag);
        }
    }

    /** Whether a Spark job failed because it, its stage or its group was cancelled, or Spark was stopped. */
    public static boolean isJobCancelled(Throwable failure, SparkContext spark) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SparkException of && JOB_CANCELLED.equals(of.getCondition())) {
                return true;
            }
        }
        return failure instanceof SparkException && spark.isStopped();
    }

    /** Whether the failure is that this thread was interrupted while it waited. What failed in a task is another matter. */
    public static boolean isInterrupted(Throwable failure) {
        for (Throwable cause = failure; cause != null && !(cause instanceof SparkException); cause = cause.getCause()) {
            if (cause instanceof InterruptedException) {
                return true;
            }
        }
        return Thread.currentThread().isInterrupted();
    }

    /**
     * Ends work that was cancelled, when it fails; does nothing when the failure is no cancellation. The thread is interrupted again
     * when it was interrupted.
     *
     * @throws CancellationException whose cause is the failure
     */
    public static void throwIfCancelled(Throwable failure, SparkContext spark) {
        boolean interrupted = isInterrupted(failure);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure instanceof CancellationException known) {
            throw known;
        }
        if (interrupted || isJobCancelled(failure, spark)) {
            CancellationException cancelled = new CancellationException(
                    interrupted ? "cancelled: the thread was interrupted" : "cancelled: " + failure.getMessage());
            cancelled.initCause(failure);
            throw cancelled;
        }
    }
}
