package dev.backdraft.spark.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.EvenSplit;
import dev.backdraft.evaluate.Measures;
import dev.backdraft.linalg.Blas;
import dev.backdraft.spark.data.BlockCache;
import dev.backdraft.spark.engine.resident.DriverBlas;
import dev.backdraft.spark.internal.ClosureBytes;
import dev.backdraft.train.Objective;
import dev.backdraft.train.engine.LaneWorker;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What the tasks of one executor share during a fit: what is minimized and measured, and workers with their scratch. It is
 * broadcast once for the fit; an executor keeps the one object that it has read, until the broadcast is destroyed at the end of
 * the fit, and with it the workers. If memory gets short before, Spark drops the object, and reads another: workers hold
 * nothing but scratch.
 *
 * <p>Travels as {@link ClosureBytes}: Kryo cannot take records.
 */
final class JobWorkers implements Serializable {
    private static final long serialVersionUID = 1;

    /** What is settled for the fit. */
    private record Settled(Objective objective, Measures measures, String driverBlas) implements Serializable {}

    private final byte[] bytes;
    private final int parts; // of the training rows

    // of this JVM, made when they are first asked for; guarded by this
    @GuardedBy("this")
    private transient Settled settled;

    @GuardedBy("this")
    private transient Deque<LaneWorker> free;

    @GuardedBy("this")
    private transient BlockCache cache;

    @GuardedBy("this")
    private transient float[] parameters;

    @GuardedBy("this")
    private transient long job; // that they are of

    /** @param parts of the training rows */
    JobWorkers(Objective objective, Measures measures, int parts) {
        this.parts = parts;
        bytes = ClosureBytes.write(new Settled(objective, measures, Blas.backend()), Settled.class);
    }

    @GuardedBy("this")
    private Settled settled() {
        if (settled == null) {
            settled = ClosureBytes.read(bytes, Settled.class);
            free = new ArrayDeque<>();
            cache = new BlockCache(settled.objective().layout());
            DriverBlas.compare(settled.driverBlas());
        }
        return settled;
    }

    /** The first lane of a partition of the training rows; the number of lanes for the one after the last. */
    int firstLane(int part) {
        return EvenSplit.first(layout().lanes(), parts, part);
    }

    synchronized BatchLayout layout() {
        return settled().objective().layout();
    }

    synchronized Measures measures() {
        return settled().measures();
    }

    /** The training blocks that the tasks of this executor share. */
    synchronized BlockCache cache() {
        settled();
        return cache;
    }

    /** A worker for the caller alone, until it is {@linkplain #giveBack given back}. */
    synchronized LaneWorker take() {
        Objective objective = settled().objective();
        LaneWorker worker = free.poll();
        return worker != null ? worker : new LaneWorker(objective);
    }

    /** Takes back a worker whose sums are no longer in use. */
    synchronized void giveBack(LaneWorker worker) {
        free.push(worker);
    }

    /**
     * The parameters of a job, read once for the tasks of this executor that run side by side.
     *
     * @param ofJob its number in the fit
     * @return a new array for each job; read only
     */
    synchronized float[] parameters(long ofJob, TaskParameters carried) {
        if (parameters == null || job != ofJob) {
            parameters = carried.get();
            job = ofJob;
        }
        return parameters;
    }
}
