package dev.backdraft.spark.engine.resident;

import dev.backdraft.spark.internal.SparkTransport.Link;
import java.util.List;

/** An executor that has workers of the fit, as the driver sees it. */
interface Member {
    /** The connection to it. */
    Link link();

    /** Where other executors can connect to it; {@link Endpoint#NONE} when they cannot. */
    Endpoint endpoint();

    /** Ends its workers' tasks. */
    void stop();

    /** The way from the driver to its members. */
    interface Outlet {
        /**
         * Asks members. What the root of a branch answers for all of it, if an answer comes, goes to {@link Coordinator#answered}.
         *
         * @return nanoseconds that the sending took
         */
        long ask(List<Branch> branches);
    }
}
