package dev.backdraft.spark.sql;

import dev.backdraft.model.Model;
import dev.backdraft.spark.score.SavedModel;
import dev.backdraft.spark.score.SharedModel;
import dev.backdraft.spark.storage.HadoopFileSystems;
import dev.backdraft.spark.storage.StoredFile;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Models of this JVM by the path of their file, each read once for as long as the file is the same by length and time; the one not
 * used for longest makes room when there are many.
 */
final class LoadedModels {
    private static final int MOST = 32;
    private static final long CLOCK_MILLIS = 2_000; // the coarsest time of a file: another may follow at the same time
    private static final Map<String, Place> PLACES = new LinkedHashMap<>(MOST, 0.75f, true); // guarded by itself

    private LoadedModels() {}

    /** What is known of a path. Locked per path, so that concurrent queries read a model once. */
    private static final class Place {
        private Loaded loaded; // or null

        synchronized Loaded get(String path) throws IOException {
            Configuration configuration = HadoopFileSystems.configuration();
            long now = System.currentTimeMillis();
            StoredFile file = SavedModel.file(path, configuration);
            if (loaded == null || !loaded.isOf(file)) {
                loaded = new Loaded(SavedModel.read(path, configuration), file, now);
            }
            return loaded;
        }
    }

    /** A model as it was read. */
    static final class Loaded {
        private final Model model;
        private final long length;
        private final long modifiedMillis;
        private final boolean settled; // the file is old enough that a later write changes its time stamp
        private Broadcast<SharedModel> broadcast;
        private SparkContext broadcastBy;

        private Loaded(Model model, StoredFile file, long readMillis) {
            this.model = model;
            length = file.length();
            modifiedMillis = file.modifiedMillis();
            settled = modifiedMillis < readMillis - CLOCK_MILLIS;
        }

        Model model() {
            return model;
        }

        long length() {
            return length;
        }

        long modifiedMillis() {
            return modifiedMillis;
        }

        private boolean isOf(StoredFile file) {
            return settled && length == file.length() && modifiedMillis == file.modifiedMillis();
        }

        /** The broadcast of this model in a Spark application, which is made once. */
        synchronized Broadcast<SharedModel> broadcast(SparkContext spark) {
            if (broadcast == null || broadcastBy != spark) {
                broadcast = SharedModel.broadcast(spark, model);
                broadcastBy = spark;
            }
            return broadcast;
        }
    }

    /**
     * The model that a file, or a directory that spark.ml saved, holds now.
     *
     * @param path on any file system of Hadoop, configured as the Spark application is
     * @throws IOException when it cannot be read or is no model
     */
    static Loaded get(String path) throws IOException {
        Place place;
        synchronized (PLACES) {
            if (PLACES.size() == MOST && !PLACES.containsKey(path)) {
                PLACES.remove(PLACES.keySet().iterator().next());
            }
            place = PLACES.computeIfAbsent(path, unknown -> new Place());
        }
        return place.get(path);
    }
}
