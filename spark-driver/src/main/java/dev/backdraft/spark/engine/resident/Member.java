package dev.backdraft.spark.engine.resident;

import java.util.List;

/** A JVM that has workers of the fit, as the driver sees it. */
interface Member {
    /** Ends its workers' tasks. */
    void stop();

    /** Whether other members can connect to it. */
    boolean isReachable();

    /** The way from the driver to its members. */
    interface Outlet {
        /**
         * Asks members. What the root of a branch answers for all of it, if an answer comes, goes to {@link Coordinator#answered}.
         *
         * @return nanoseconds that the sending took, as far as this thread did not compute
         */
        long ask(List<Branch> branches);
    }
}
