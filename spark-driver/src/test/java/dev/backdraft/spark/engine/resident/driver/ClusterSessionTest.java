package dev.backdraft.spark.engine.resident.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.engine.Fits;
import dev.backdraft.spark.engine.resident.SessionEndedException;
import dev.backdraft.spark.engine.resident.protocol.Messages;
import dev.backdraft.spark.engine.resident.protocol.Request.Work;
import dev.backdraft.spark.engine.resident.protocol.SumPool;
import dev.backdraft.spark.internal.SparkTransport;
import dev.backdraft.train.Fit;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.engine.GradientTree;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import scala.collection.immutable.Map;

/** One resident job, and who may talk to it. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ClusterSessionTest {
    private static JavaSparkContext spark;
    private static Fit fit;
    private static BlockSet set; // 6 parts of one lane
    private static float[] parameters;

    @BeforeAll
    static void start() {
        spark = new JavaSparkContext(Fits.conf("local[2]", 6));
        fit = Fits.settle(spark, Fits.ROWS, Fits.request(1));
        set = Fits.blocks(spark, Fits.ROWS, fit, false);
        parameters = fit.network().initialParameters(1);
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    private static float[] gradient(int workers, int registrationMillis) throws Exception {
        ResidentSettings settings = new ResidentSettings(registrationMillis, 60_000, 0, 2);
        ClusterSession session = new ClusterSession(
                spark.sc(), fit.objective(set.layout()), fit.measures(), set, null, workers, settings);
        try {
            int active = set.layout().activeLanes(0);
            for (int i = 0; i < 3; i++) {
                session.run(Work.gradient(1, i, set.layout().activeLanes(i), parameters), set);
            }
            return GradientTree.merge(
                            active,
                            session.run(Work.gradient(1, 0, active, parameters), set)
                                    .sums())
                    .gradient()
                    .clone();
        } finally {
            session.close(); // and with it the tasks that never got a slot
            ResidentGradientsTest.assertSlotsAreFree(spark);
        }
    }

    @Test
    void moreWorkersThanSlotsDoTheWorkOfThoseThatDoNotCome() throws Exception {
        float[] expected = gradient(1, 60_000);
        assertThat(gradient(2, 60_000)).isEqualTo(expected);
        assertThat(gradient(3, 200)).isEqualTo(expected);
        assertThat(gradient(6, 200)).isEqualTo(expected);
    }

    @Test
    void aFailureOfAWorkerIsTheCauseOfTheSessionsEnd() throws Exception {
        ClusterSession session = new ClusterSession(
                spark.sc(),
                fit.objective(set.layout()),
                fit.measures(),
                set,
                null,
                1,
                ResidentSettings.of(spark.getConf()));
        assertThatThrownBy(() -> session.gradient(1, 0, new float[3])) // too few parameters
                .isInstanceOf(SessionEndedException.class);
        session.cancel();
        ResidentGradientsTest.assertSlotsAreFree(spark);
    }

    @Test
    void strangersAreSentAway() throws Exception {
        Coordinator coordinator = new Coordinator(1, new ResidentSettings(0, 1, 0, 2), () -> true);
        SumPool pool = new SumPool(parameters.length);
        try (DriverEndpoint end = new DriverEndpoint(
                spark.sc().getConf(), 0, coordinator, pool, set.layout().lanes(), false)) {
            int port = end.address().port();
            byte[] garbage = new byte[1 << 16];
            new Random(1).nextBytes(garbage);
            garbage[0] = 0; // a length that can be
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                OutputStream out = socket.getOutputStream();
                assertThatThrownBy(() -> {
                            for (int i = 0; i < 1000; i++) {
                                out.write(garbage);
                                Thread.sleep(1);
                            }
                        })
                        .isInstanceOf(IOException.class); // closed on us
            }
            CountDownLatch closed = new CountDownLatch(1);
            SparkTransport.Listener listener = new SparkTransport.Listener() {
                @Override
                public void received(SparkTransport.Link link, java.nio.ByteBuffer frame) {
                    throw new AssertionError("an answer to a stranger");
                }

                @Override
                public void closed(SparkTransport.Link link) {
                    closed.countDown();
                }
            };
            try (SparkTransport stranger = new SparkTransport(listener)) {
                SparkTransport.Link link = stranger.connect("127.0.0.1", port);
                link.send(new Messages.Hello("guessed", "1", Messages.NOWHERE).frame());
                assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(coordinator.workersPresent()).isZero();
        }
    }

    @Test
    void thePortIsTheFirstFreeOneFromTheGivenOneOn() throws Exception {
        Coordinator coordinator = new Coordinator(1, new ResidentSettings(0, 1, 0, 2), () -> true);
        SumPool pool = new SumPool(parameters.length);
        try (ServerSocket other = new ServerSocket(0);
                DriverEndpoint end = new DriverEndpoint(
                        spark.sc().getConf(),
                        other.getLocalPort(),
                        coordinator,
                        pool,
                        set.layout().lanes(),
                        false)) {
            assertThat(end.address().port()).isGreaterThan(other.getLocalPort()).isLessThan(other.getLocalPort() + 16);
        }
        try (SparkTransport transport = new SparkTransport(null)) {
            assertThatThrownBy(() -> transport.listen("192.0.2.1", 0)) // no address of ours: RFC 5737
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot listen on 192.0.2.1, any port");
        }
    }

    /** A fit that fails so goes on with one Spark job per step, or again: each would keep a port. */
    @Test
    void aDriverThatCannotBeSetUpKeepsNoPort() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Coordinator coordinator = new Coordinator(1, new ResidentSettings(0, 1, 0, 2), () -> true);
        SumPool pool = new SumPool(parameters.length);
        SparkConf live = SparkEnv.get().conf();
        live.set("spark.backdraft.sharedMemory", "perhaps");
        try {
            assertThatThrownBy(() -> new DriverEndpoint(spark.sc().getConf(), port, coordinator, pool, 1, false))
                    .isInstanceOf(IllegalArgumentException.class);
        } finally {
            live.remove("spark.backdraft.sharedMemory");
        }
        try (ServerSocket again = new ServerSocket()) {
            again.setReuseAddress(true);
            again.bind(new InetSocketAddress(spark.sc().getConf().get("spark.driver.host"), port));
            assertThat(again.isBound()).isTrue();
        }
    }

    /** Whatever executors say of their times, by clocks of their own. */
    @Test
    void timesOfStepsAddUpToTheTimeSpent() throws Exception {
        ClusterSession session = new ClusterSession(
                spark.sc(),
                fit.objective(set.layout()),
                fit.measures(),
                set,
                null,
                2,
                ResidentSettings.of(spark.getConf()));
        try {
            long start = System.nanoTime();
            for (int step = 0; step < 3; step++) {
                session.gradient(1, step, parameters);
            }
            long spent = System.nanoTime() - start;
            StepTimes times = session.times();
            assertThat(times.steps()).isEqualTo(3);
            assertThat(times.computeNanos()).isPositive();
            assertThat(times.bytesSent()).isPositive();
            long sum = times.computeNanos() + times.combineNanos() + times.publishNanos() + times.waitNanos();
            assertThat(sum).isBetween(spent / 2, spent);
        } finally {
            session.close();
        }
    }

    @Test
    void theEndOfTheJobSaysWhatToDo() {
        SparkException cancelled =
                new SparkException("SPARK_JOB_CANCELLED", new Map.Map2<>("jobId", "3", "reason", "by hand"), null);
        assertThat(SessionEndedException.of(cancelled, spark.sc()).reason())
                .isEqualTo(SessionEndedException.Reason.CANCELLED);
        assertThat(SessionEndedException.of(
                                new SparkException("Job aborted: Task 0 failed: order 7 was cancelled"), spark.sc())
                        .reason())
                .as("the text of a task")
                .isEqualTo(SessionEndedException.Reason.FAILED);
        Throwable unreachable = new IllegalStateException(
                "executor cannot reach the driver at a:1",
                new SessionEndedException(
                        SessionEndedException.Reason.UNREACHABLE, "of a task", new IOException("refused")));
        assertThat(SessionEndedException.of(new SparkException("Task 0 failed 4 times", unreachable), spark.sc())
                        .reason())
                .isEqualTo(SessionEndedException.Reason.UNREACHABLE);
        assertThat(SessionEndedException.of(new SparkException(unreachable.getMessage()), spark.sc())
                        .reason())
                .as("the text alone")
                .isEqualTo(SessionEndedException.Reason.FAILED);
        assertThat(SessionEndedException.of(new SparkException("Task 0 failed 4 times: out of memory"), spark.sc())
                        .reason())
                .isEqualTo(SessionEndedException.Reason.FAILED);
        assertThat(SessionEndedException.of(null, spark.sc())).hasMessageContaining("returned before the fit was over");
    }
}
