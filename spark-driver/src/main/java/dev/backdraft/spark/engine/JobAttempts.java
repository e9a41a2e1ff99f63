package dev.backdraft.spark.engine;

import dev.backdraft.data.DataException;
import dev.backdraft.spark.data.Cancellation;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Submits a job again that Spark has given up. An executor that is dying can fail a task as often as Spark tries it,
 * within a second, and another executor would have computed it. For jobs that are pure functions: a repetition changes
 * no bit. Bounded, with pauses that grow; a job that was cancelled, or failed by what a user can correct, is not
 * repeated.
 */
final class JobAttempts {
    /** The number of times that a job is submitted, at most. */
    static final int MOST = 6;

    private static final Logger LOG = LoggerFactory.getLogger(JobAttempts.class);
    private static final long FIRST_PAUSE_MILLIS = 100; // doubles each time: 3 s in all

    private final SparkContext spark;
    private final Predicate<SparkException> mayRepeat;

    private JobAttempts(SparkContext spark, Predicate<SparkException> mayRepeat) {
        this.spark = spark;
        this.mayRepeat = mayRepeat;
    }

    /** For jobs that run only our functions, on data that has been checked. */
    static JobAttempts ofSteps(SparkContext spark) {
        return new JobAttempts(spark, failure -> !has(failure, DataException.class, IllegalArgumentException.class));
    }

    /** For jobs that read a user's rows: a failure of a task is the user's affair, the loss of an executor is not. */
    static JobAttempts ofRows(SparkContext spark) {
        return new JobAttempts(
                spark, failure -> failure.getCause() == null || has(failure, RejectedExecutionException.class));
    }

    /**
     * Runs a job, again if Spark gives it up.
     *
     * @param what the job is for, in a log
     * @param job submits it and waits for its result
     */
    <T> T run(String what, Supplier<T> job) {
        for (int attempt = 1; ; attempt++) {
            try {
                return job.get();
            } catch (Exception e) { // Spark throws checked ones that it does not declare
                if (attempt == MOST || !mayRepeat(e)) {
                    throw e;
                }
                long pause = FIRST_PAUSE_MILLIS << (attempt - 1);
                LOG.warn(
                        "Spark has given up the job of {}; submitting it again in {} ms: {}",
                        what,
                        pause,
                        firstLine(e));
                if (!sleep(pause)) {
                    throw e;
                }
            }
        }
    }

    private boolean mayRepeat(Exception failure) {
        return failure instanceof SparkException aborted
                && !spark.isStopped()
                && !Cancellation.isInterrupted(failure)
                && !Cancellation.isJobCancelled(failure, spark)
                && mayRepeat.test(aborted);
    }

    @SafeVarargs
    private static boolean has(Throwable failure, Class<? extends Exception>... types) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            for (Class<? extends Exception> type : types) {
                if (type.isInstance(cause)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String firstLine(Exception failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }

    /** Returns false when the thread is interrupted, and it stays so. */
    private static boolean sleep(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
