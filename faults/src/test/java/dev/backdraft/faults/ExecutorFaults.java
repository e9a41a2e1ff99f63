package dev.backdraft.faults;

import dev.backdraft.spark.engine.Clusters;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;

/** What happens to executors: processes of this machine, two in each cluster. */
final class ExecutorFaults {
    private static final int LONGEST_MILLIS = 40; // before it happens: several steps
    private static final long WAIT_NANOS = TimeUnit.MINUTES.toNanos(2); // for an executor that Spark starts

    private ExecutorFaults() {}

    /** One of the executors, at a random moment, once at least this many are registered. */
    private static ProcessHandle victim(JavaSparkContext spark, Random random, int registered)
            throws InterruptedException {
        long start = System.nanoTime();
        while (Clusters.executors().size() < registered
                || spark.sc().statusTracker().getExecutorInfos().length < 1 + registered) { // and the driver
            if (System.nanoTime() - start > WAIT_NANOS) {
                throw new IllegalStateException("no executor was started again");
            }
            Thread.sleep(10);
        }
        Thread.sleep(random.nextInt(LONGEST_MILLIS));
        List<ProcessHandle> executors = Clusters.executors();
        return executors.get(random.nextInt(executors.size()));
    }

    /** Kills one of them: of two, or also the only one that is there. */
    static Disturbances.Fault kill(JavaSparkContext spark) {
        return random -> {
            ProcessHandle victim = victim(spark, random, random.nextBoolean() ? 2 : 1);
            victim.destroyForcibly();
            victim.onExit().join();
            return "kill -9";
        };
    }

    /** Stops one of two for some time. */
    static Disturbances.Fault stop(JavaSparkContext spark, long millis) {
        return random -> {
            long pid = victim(spark, random, 2).pid();
            signal("STOP", pid);
            Thread.sleep(millis);
            signal("CONT", pid);
            return "stopped for " + millis + " ms";
        };
    }

    /** Makes one of two ten times slower for some time: it runs for 4 ms of each 40 ms. */
    static Disturbances.Fault slowDown(JavaSparkContext spark, long millis) {
        return random -> {
            long pid = victim(spark, random, 2).pid();
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            while (System.nanoTime() < end) {
                signal("STOP", pid);
                Thread.sleep(36);
                signal("CONT", pid);
                Thread.sleep(4);
            }
            return "ten times slower for " + millis + " ms";
        };
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor(); // may be gone meanwhile
    }
}
