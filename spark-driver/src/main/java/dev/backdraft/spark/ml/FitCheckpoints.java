package dev.backdraft.spark.ml;

import dev.backdraft.spark.internal.HadoopSettings;
import dev.backdraft.spark.storage.DirectoryLock;
import dev.backdraft.spark.storage.HadoopStorage;
import dev.backdraft.spark.storage.Storage;
import dev.backdraft.spark.storage.StoredCheckpoints;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.checkpoint.CheckpointInterval;
import dev.backdraft.train.checkpoint.CheckpointPolicy;
import dev.backdraft.train.checkpoint.Checkpoints;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one fit, in the estimator's {@code checkpointDir}: a fit continues from what an earlier one has left there, and
 * removes it when it has its model. Without the parameter, it does nothing.
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
        Storage storage = new HadoopStorage(HadoopSettings.of(spark));
        DirectoryLock.check(storage, directory, true); // that of a driver that was restarted on another host
        DirectoryLock lock = DirectoryLock.take(storage, directory);
        lock.keepRenewing();
        CheckpointInterval interval = CheckpointInterval.parse(params.getCheckpointInterval());
        return new FitCheckpoints(
                lock,
                new Checkpoints(
                        new StoredCheckpoints(storage, directory), CheckpointPolicy.every(interval), LOG::warn));
    }

    TrainingStart start() {
        return lock == null ? TrainingStart.fromScratch() : checkpoints.start(Set.of());
    }

    List<TrainingListener> listeners() {
        return lock == null ? List.of() : List.of(checkpoints);
    }

    /** Removes the checkpoints: the fit has its model. */
    void finished() throws IOException {
        if (lock != null) {
            checkpoints.deleteAll();
        }
    }

    @Override
    public void close() {
        if (lock != null) {
            checkpoints.close();
            lock.close();
        }
    }
}
