package dev.backdraft.spark.engine.resident.protocol;

import java.io.Serializable;

/**
 * The address that executors connect to, and what they need to know before they do.
 *
 * @param token a random UUID (122 random bits), which the first message must contain; executors get it with their task
 * @param forwards whether executors may have to forward requests to others, and so have to listen for connections
 * @param blas of the driver; an executor warns when its own is different
 */
public record DriverAddress(String host, int port, String token, boolean forwards, String blas)
        implements Serializable {
    private static final long serialVersionUID = 1;

    @Override
    public String toString() {
        return host + ":" + port; // never the token
    }
}
