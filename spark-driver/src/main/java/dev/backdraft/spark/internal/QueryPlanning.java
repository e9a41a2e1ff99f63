package dev.backdraft.spark.internal;

import org.apache.spark.sql.catalyst.QueryPlanningTracker;
import scala.Option;

/** The query that a thread analyzes or plans. */
public final class QueryPlanning {
    private QueryPlanning() {}

    /** An object that stands for the query which this thread plans, compared by identity; null when it plans none. */
    public static Object current() {
        Option<QueryPlanningTracker> query = QueryPlanningTracker.get();
        return query.isEmpty() ? null : query.get();
    }
}
