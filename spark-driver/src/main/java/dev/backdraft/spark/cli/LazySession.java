package dev.backdraft.spark.cli;

import dev.backdraft.spark.data.Cancellation;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** A Spark session that is started when it is first wanted, as reading CSV in one JVM never does. For one thread. */
final class LazySession implements Supplier<SparkSession>, AutoCloseable {
    private final String master;
    private SparkSession session;

    LazySession(String master) {
        this.master = master;
    }

    @Override
    public SparkSession get() {
        if (session == null) {
            session = Sessions.start(master);
        }
        return session;
    }

    /** Stops the session if it was started. */
    @Override
    public void close() {
        if (session != null) {
            Cancellation.shield(session::stop);
        }
    }
}
