package dev.backdraft.faults;

import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Disturbs a fit at random moments. The steps are drawn beforehand; from such a step on, a thread of its own does the
 * harm. The fit goes on meanwhile, but does not overtake: it waits at the next of the steps.
 */
final class Disturbances implements TrainingListener {
    private final Random random;
    private final long stepsPerEpoch;
    private final SortedMap<Long, Fault> faults = new TreeMap<>(); // by the step of the whole fit, from 0
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());
    private final List<EpochResult> epochs = new ArrayList<>();
    private Thread running; // disturbs at the moment; null when nobody does
    private volatile long now; // the step that has been done last
    private volatile Throwable failure;

    /** What happens to a fit. */
    interface Fault {
        /** Does it, and returns what it was. */
        String happen(Random random) throws Exception;
    }

    /**
     * @param epochs of the whole fit
     * @param faults in their order
     */
    Disturbances(long seed, int epochs, long stepsPerEpoch, List<Fault> faults) {
        this.stepsPerEpoch = stepsPerEpoch;
        random = new Random(seed);
        List<Fault> left = new ArrayList<>(faults);
        while (this.faults.size() < faults.size()) {
            this.faults.putIfAbsent(random.nextLong(epochs * stepsPerEpoch), null);
        }
        this.faults.replaceAll((step, none) -> left.remove(0));
    }

    /** Disturbs now. */
    void release(String when, Fault fault) {
        await();
        Random own = new Random(random.nextLong());
        long released = now;
        running = new Thread(() -> disturb(when, fault, own, released), "disturbance");
        running.setDaemon(true);
        running.start();
    }

    private void disturb(String when, Fault fault, Random own, long released) {
        try {
            String what = fault.happen(own);
            done.add(what + " " + when + "+" + (now - released));
        } catch (Exception e) {
            failure = e;
        }
    }

    /** Waits until the last disturbance is over. */
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
    public void stepDone(int epoch, long steps, long ofEpoch) {
        if (ofEpoch != stepsPerEpoch) {
            throw new IllegalStateException(ofEpoch + " steps per epoch, not " + stepsPerEpoch);
        }
        now = (epoch - 1) * ofEpoch + steps - 1;
        if (faults.containsKey(now)) {
            release("at step " + now, faults.get(now));
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

    /** What has happened: the step from which on it happened, and how many steps later it was over. */
    List<String> done() {
        await();
        return done;
    }
}
