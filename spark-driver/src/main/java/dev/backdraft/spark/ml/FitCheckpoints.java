package dev.backdraft.spark.ml;

import dev.backdraft.spark.internal.HadoopSettings;
import dev.backdraft.spark.storage.DirectoryLock;
import dev.backdraft.spark.storage.HadoopStorage;
import dev.backdraft.spark.storage.Storage;
import dev.backdraft.spark.storage.StoredCheckpoints;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.TrainingState;
import dev.backdraft.train.checkpoint.CheckpointInterval;
import dev.backdraft.train.checkpoint.CheckpointPolicy;
import dev.backdraft.train.checkpoint.Checkpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one fit, in the estimator's {@code checkpointDir}: a fit continues from what an earlier one has
 * left there, and removes it when it has its model. Without the parameter, it does nothing.
 */
final class FitCheckpoints implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FitCheckpoints.class);

    private final DirectoryLock lock; // null without checkpoints
    private final Checkpoints checkpoints;

    private FitCheckpoints(DirectoryLock lock, Checkpoints checkpoints) {
        this.lock = lock;
        this.checkpoints = checkpoints;
    }

    /**
     * Takes the directory.
     *
     * @throws IOException when another training holds it
     */
    static FitCheckpoints of(NeuralNetworkParams params, SparkSession spark) throws IOException {
        String directory = params.getCheckpointDir();
        if (directory.isEmpty()) {
            return new FitCheckpoints(null, null);
        }
        CheckpointPolicy policy = CheckpointPolicy.every(CheckpointInterval.parse(params.getCheckpointInterval()));
        Storage storage = new HadoopStorage(HadoopSettings.of(spark));
        DirectoryLock.check(storage, directory, true); // that of a driver that was restarted on another host
        DirectoryLock lock = DirectoryLock.take(storage, directory);
        lock.keepRenewing();
        return new FitCheckpoints(lock, new Checkpoints(new StoredCheckpoints(storage, directory), policy, LOG::warn));
    }

    TrainingStart start() {
        if (lock == null) {
            return TrainingStart.fromScratch();
        }
        TrainingStart newest = checkpoints.start(Set.of());
        TrainingStart told = settled -> {
            TrainingState state = newest.of(settled);
            if (state.updates() > 0) {
                LOG.info("continuing from the checkpoint of step {}, after epoch {}", state.updates(), state.epoch());
            }
            return state;
        };
        return told.withRefit(newest.ofRefit());
    }

    List<TrainingListener> listeners() {
        return lock == null ? List.of() : List.of(checkpoints);
    }

    /** Removes the checkpoints: the fit has its model, which is not lost when they cannot be removed. */
    void finished() {
        if (lock == null) {
            return;
        }
        try {
            checkpoints.deleteAll();
        } catch (IOException | RuntimeException e) {
            LOG.warn("cannot remove the checkpoints of this fit: remove them before the next one", e);
        }
    }

    @Override
    public void close() {
        if (lock != null) {
            checkpoints.close();
            try {
                lock.close();
            } catch (UncheckedIOException e) {
                LOG.warn("cannot free the directory of the checkpoints", e);
            }
        }
    }
}
