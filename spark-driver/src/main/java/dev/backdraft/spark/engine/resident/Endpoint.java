package dev.backdraft.spark.engine.resident;

/**
 * Where a JVM takes connections.
 *
 * @param port 0: nowhere
 */
record Endpoint(String host, int port) {
    /** Of a JVM that takes none. */
    static final Endpoint NONE = new Endpoint("", 0);
}
