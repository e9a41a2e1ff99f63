package dev.backdraft.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.engine.Aggregation;
import dev.backdraft.spark.engine.Clusters;
import dev.backdraft.spark.engine.Fits;
import dev.backdraft.spark.engine.SparkTraining;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A thousand hostile connections to each port that a fit listens on, the driver's and the executors': none is accepted,
 * and the fit has the same bits, ends, and holds no more memory than before.
 */
@Tag("slow")
@Tag("alone")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@EnabledOnOs(OS.LINUX)
class HostileNetworkTest {
    private static final int CONNECTIONS = 1000; // to each port
    private static final int EPOCHS = 12;
    private static final int STEPS = 9;
    private static final long MOST_GROWTH = 16 << 20;

    private static SparkConf conf(boolean authenticate, RecordingProxy rpc, RecordingProxy blocks, int port) {
        SparkConf conf = Clusters.conf(2, 1)
                .set("spark.driver.host", RecordingProxy.HOST) // so that executors connect to the proxies
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.driver.port", Integer.toString(rpc.port()))
                .set("spark.driver.blockManager.port", Integer.toString(blocks.port()))
                .set("spark.backdraft.port", Integer.toString(port))
                .set("spark.backdraft.fanOut", "1"); // so executors listen, too
        return authenticate
                ? conf.set("spark.authenticate", "true").set("spark.authenticate.secret", "of the test")
                : conf;
    }

    private static String fit(JavaSparkContext spark, TrainingRequest request, TrainingListener listener) {
        return new SparkTraining(spark, Aggregation.RESIDENT)
                .train(request, ExampleRdd.of(spark, Fits.ROWS), null, List.of(listener))
                .weightsSha256();
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static List<Long> heaps(JavaSparkContext spark) {
        List<Long> all = new ArrayList<>(
                spark.parallelize(List.of(1, 2), 2).map(i -> heap()).collect());
        all.add(heap());
        return all;
    }

    private static Map<Long, Set<Integer>> executorPorts() throws IOException {
        Map<Long, Set<Integer>> ports = new HashMap<>();
        for (ProcessHandle executor : Clusters.executors()) {
            ports.put(executor.pid(), ListeningPorts.of(executor.pid()));
        }
        return ports;
    }

    /** The attack on one port, by a thread of its own. */
    private static final class Attacker {
        private final HostileClient client;
        private final AtomicInteger done = new AtomicInteger();
        private final Thread thread = new Thread(this::run, "attacker");
        private volatile Exception failure;

        Attacker(HostileClient client) {
            this.client = client;
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            try {
                for (int i = 0; i < CONNECTIONS; i++) {
                    client.attack(i);
                    done.incrementAndGet();
                }
            } catch (IOException | RuntimeException e) {
                failure = e;
            }
        }
    }

    /** Attacks from the end of the first epoch on, and has steps and connections go on side by side. */
    private static final class Attack implements TrainingListener, AutoCloseable {
        private final Map<Long, Set<Integer>> before;
        private final List<byte[]> earlier;
        private final RecordingProxy driver;
        private final boolean authenticated;
        private final List<EpochResult> epochs = new ArrayList<>();
        private final List<Attacker> attackers = new ArrayList<>();

        Attack(RecordingProxy driver, boolean authenticated) throws IOException {
            this.driver = driver;
            this.authenticated = authenticated;
            before = executorPorts();
            earlier = driver.recorded();
        }

        private void begin() throws IOException {
            Set<Integer> ports = new HashSet<>();
            executorPorts().forEach((pid, now) -> {
                ports.addAll(now);
                ports.removeAll(before.get(pid));
            });
            assertThat(ports)
                    .as("ports that the executors listen on for the fit")
                    .hasSize(2);
            int driverPort = driver.port();
            ports.add(driverPort);
            assertThat(ListeningPorts.of(ProcessHandle.current().pid())).contains(driverPort);
            // without authentication, whoever can read the traffic of this session knows its token
            List<byte[]> recorded = authenticated ? driver.recorded() : earlier;
            assertThat(recorded).hasSize(authenticated ? 4 : 2);
            for (int port : ports) {
                attackers.add(new Attacker(new HostileClient(port, port, recorded, authenticated)));
            }
        }

        /** Waits until as much of the attack is done as of the steps after the first epoch. */
        @Override
        public void stepDone(int epoch, long steps, long stepsPerEpoch) {
            int due = (int) (((epoch - 2L) * STEPS + steps) * CONNECTIONS / ((EPOCHS - 1) * STEPS));
            for (Attacker attacker : attackers) {
                while (attacker.done.get() < due && attacker.failure == null) {
                    try {
                        Thread.sleep(1);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
                if (attacker.failure != null) {
                    throw new IllegalStateException(attacker.failure);
                }
            }
        }

        @Override
        public void epochEnded(EpochResult result) {
            epochs.add(result);
            if (result.epoch() == 1) {
                try {
                    begin();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        @Override
        public void close() throws IOException {
            for (Attacker attacker : attackers) {
                attacker.client.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aThousandHostileConnectionsToEachPortChangeNothing(boolean authenticate) throws Exception {
        TrainingRequest request = Undisturbed.wide(EPOCHS);
        Undisturbed undisturbed = Undisturbed.of(request);
        try (RecordingProxy rpc = new RecordingProxy();
                RecordingProxy blocks = new RecordingProxy();
                RecordingProxy driver = new RecordingProxy();
                JavaSparkContext spark = new JavaSparkContext(conf(authenticate, rpc, blocks, driver.port()))) {
            List<EpochResult> first = new ArrayList<>();
            undisturbed.assertSame(fit(spark, request, first::add), first);
            List<Long> before = heaps(spark);
            try (Attack attack = new Attack(driver, authenticate)) {
                String hash = fit(spark, request, attack);
                List<Long> after = heaps(spark);
                System.out.printf(
                        "authentication %s: %d connections to %d ports; heap of two executors and driver before %s, after %s%n",
                        authenticate,
                        attack.attackers.stream()
                                .mapToInt(each -> each.done.get())
                                .sum(),
                        attack.attackers.size(),
                        before,
                        after);
                undisturbed.assertSame(hash, attack.epochs);
                assertThat(attack.attackers).hasSize(3).allMatch(each -> each.done.get() == CONNECTIONS);
                long most = Collections.max(before.subList(0, 2));
                assertThat(Collections.max(after.subList(0, 2)) - most)
                        .as("bytes of an executor")
                        .isLessThan(MOST_GROWTH);
                assertThat(after.get(2) - before.get(2))
                        .as("bytes of the driver")
                        .isLessThan(MOST_GROWTH);
            }
        }
    }
}
