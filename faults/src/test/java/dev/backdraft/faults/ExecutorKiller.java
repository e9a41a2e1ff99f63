package dev.backdraft.faults;

import dev.backdraft.spark.engine.Clusters;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Kills executors of this JVM by SIGKILL, at random moments of a fit. The steps are drawn beforehand; from such a step on, a thread
 * of its own waits until executors are registered, then for some milliseconds, and kills one. The fit goes on meanwhile, but
 * does not overtake the killer: it waits at the next of the steps.
 */
final class ExecutorKiller implements TrainingListener {
    private static final int LONGEST_MILLIS = 40; // several steps
    private static final int WAIT_MILLIS = 60_000; // for an executor that Spark starts

    private final JavaSparkContext spark;
    private final Random random;
    private final long stepsPerEpoch;
    private final SortedSet<Long> steps = new TreeSet<>(); // of the whole fit, from 0, at which a kill is released
    private final List<String> kills = new ArrayList<>();
    private final List<EpochResult> epochs = new ArrayList<>();
    private Thread running; // kills next; null when nobody does
    private volatile long now; // the step that has been done last
    private volatile Throwable failure;

    /**
     * @param kills number of them
     * @param epochs of the whole fit
     */
    ExecutorKiller(JavaSparkContext spark, long seed, int kills, int epochs, long stepsPerEpoch) {
        this.spark = spark;
        this.stepsPerEpoch = stepsPerEpoch;
        random = new Random(seed);
        while (steps.size() < kills) {
            steps.add(random.nextLong(epochs * stepsPerEpoch * 9 / 10)); // the last one comes back before the end
        }
    }

    /** Kills an executor now, if need be after one has been started, from a thread of its own. */
    void release(String when) {
        await();
        boolean both = random.nextBoolean(); // else also the only one that is there
        int pause = random.nextInt(LONGEST_MILLIS);
        int choice = random.nextInt(1000);
        running = new Thread(() -> kill(both, pause, choice, when), "killer");
        running.setDaemon(true);
        running.start();
    }

    private void kill(boolean both, int pause, int choice, String when) {
        try {
            long start = System.nanoTime();
            List<ProcessHandle> executors = Clusters.executors();
            while (executors.size() < (both ? 2 : 1)
                    || spark.sc().statusTracker().getExecutorInfos().length < (both ? 3 : 2)) {
                if (System.nanoTime() - start > WAIT_MILLIS * 1_000_000L) {
                    throw new IllegalStateException("no executor was started again");
                }
                Thread.sleep(10);
                executors = Clusters.executors();
            }
            Thread.sleep(pause);
            executors = Clusters.executors();
            if (executors.isEmpty()) {
                throw new IllegalStateException("an executor ended by itself");
            }
            ProcessHandle victim = executors.get(choice % executors.size());
            victim.destroyForcibly();
            victim.onExit().join();
            kills.add(when + "+" + (now - Long.parseLong("0" + when.replaceAll("\\D", ""))));
        } catch (InterruptedException | RuntimeException e) {
            failure = e;
        }
    }

    /** Waits until the last kill that was released is done. */
    void await() {
        if (running != null) {
            try {
                running.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            running = null;
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void stepDone(int epoch, long done, long perEpoch) {
        if (perEpoch != stepsPerEpoch) {
            throw new IllegalStateException(perEpoch + " steps per epoch, not " + stepsPerEpoch);
        }
        now = (epoch - 1) * perEpoch + done - 1;
        if (steps.contains(now)) {
            release("step " + now);
        }
    }

    @Override
    public void epochEnded(EpochResult result) {
        epochs.add(result);
    }

    /** What was told of the epochs. */
    List<EpochResult> epochs() {
        return epochs;
    }

    /** When executors were killed: the step of the release, and how many steps later it happened. */
    List<String> kills() {
        await();
        return kills;
    }
}
