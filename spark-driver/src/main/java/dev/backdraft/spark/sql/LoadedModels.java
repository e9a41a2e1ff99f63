package dev.backdraft.spark.sql;

import dev.backdraft.model.Model;
import dev.backdraft.spark.score.SavedModel;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;

/** Models of this JVM by the path of their file, each read once; the one not used for longest makes room when there are many. */
final class LoadedModels {
    private static final int MOST = 32;
    private static final Map<String, Model> MODELS = new LinkedHashMap<>(MOST, 0.75f, true);

    private LoadedModels() {}

    /**
     * The model of a file, or of a directory that spark.ml saved.
     *
     * @param path on any file system of Hadoop, configured as the Spark application is
     * @throws IOException when it cannot be read or is no model
     */
    static Model get(String path) throws IOException {
        synchronized (MODELS) { // also while it is read: others want the same one
            Model model = MODELS.get(path);
            if (model == null) {
                model = read(path);
                if (MODELS.size() == MOST) {
                    MODELS.remove(MODELS.keySet().iterator().next());
                }
                MODELS.put(path, model);
            }
            return model;
        }
    }

    private static Model read(String path) throws IOException {
        SparkEnv spark = SparkEnv.get();
        Configuration configuration =
                spark == null ? new Configuration() : SparkHadoopUtil.get().newConfiguration(spark.conf());
        return SavedModel.read(path, configuration);
    }
}
