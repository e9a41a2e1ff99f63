package dev.backdraft.spark.engine.resident;

import java.util.Map;

/** A JVM that has workers of the fit, as the driver sees it. */
interface Member {
    /** Ends its workers' tasks. */
    void stop();

    /** The way from the driver to its members. */
    interface Outlet {
        /** Asks members. Their answers, if they come, go to {@link Coordinator#answered}. */
        void ask(Map<Member, Ask> asks);
    }
}
