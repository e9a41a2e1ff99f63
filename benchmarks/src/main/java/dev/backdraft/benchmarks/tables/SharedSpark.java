package dev.backdraft.benchmarks.tables;

import dev.backdraft.benchmarks.peer.SparkSessions;
import org.apache.spark.sql.SparkSession;

/** A session with all cores of this machine that starts when the first method needs it. Not thread-safe. */
final class SharedSpark implements AutoCloseable {
    private SparkSession session;

    SparkSession session() {
        if (session == null) {
            session = SparkSessions.start("local[*]");
        }
        return session;
    }

    /** Stops the session; a second time does nothing. */
    @Override
    public void close() {
        if (session != null) {
            session.stop();
            session = null;
        }
    }
}
