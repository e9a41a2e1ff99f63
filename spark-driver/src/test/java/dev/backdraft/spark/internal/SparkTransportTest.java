package dev.backdraft.spark.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.spark.engine.Fits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SparkTransportTest {
    /** As behind a firewall that drops packets: then one Spark job per step must take over. */
    @Test
    void aPeerThatDoesNotAuthenticateItselfIsUnreachable() throws Exception {
        SparkConf conf = Fits.conf("local[1]", 1)
                .set("spark.authenticate", "true")
                .set("spark.authenticate.secret", "of the test")
                .set("spark.network.crypto.enabled", "true")
                .set("spark.network.crypto.saslFallback", "false")
                .set("spark.network.auth.rpcTimeout", "1s");
        try (JavaSparkContext spark = new JavaSparkContext(conf);
                SparkTransport transport = new SparkTransport(null);
                ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(spark.sc().isStopped()).isFalse();
            assertThatThrownBy(() -> transport.connect("127.0.0.1", silent.getLocalPort()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot authenticate");
        }
    }
}
