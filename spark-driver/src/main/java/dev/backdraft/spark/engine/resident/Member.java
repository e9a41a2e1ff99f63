package dev.backdraft.spark.engine.resident;

/** A JVM that has workers of the fit, as the driver sees it. */
interface Member {
    /** Asks its workers. The answer, if one comes, goes to {@link Coordinator#answered}. */
    void ask(Ask ask);

    /** Ends its workers' tasks. */
    void stop();
}
