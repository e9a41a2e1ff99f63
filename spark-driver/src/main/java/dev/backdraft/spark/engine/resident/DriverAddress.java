package dev.backdraft.spark.engine.resident;

import java.io.Serializable;

/**
 * Where executors find a session.
 *
 * @param token a random UUID, 122 random bits, that the first message must show; it reaches executors inside their task
 * @param handsOn whether executors may be asked to hand parameters on to others, and so take connections
 * @param blas of the driver, to {@linkplain DriverBlas compare} with
 */
record DriverAddress(String host, int port, String token, boolean handsOn, String blas) implements Serializable {
    private static final long serialVersionUID = 1;

    @Override
    public String toString() {
        return host + ":" + port; // never the token
    }
}
