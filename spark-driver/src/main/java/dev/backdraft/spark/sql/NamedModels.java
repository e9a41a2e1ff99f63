package dev.backdraft.spark.sql;

import dev.backdraft.spark.score.SharedModel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.broadcast.Broadcast;

/** The models that are registered under a name in a session. Each query takes those that it finds when it is planned, and keeps them. */
final class NamedModels {
    private final Map<String, Broadcast<SharedModel>> models = new ConcurrentHashMap<>();

    /** Registers a model, in place of another of this name. */
    void put(String name, Broadcast<SharedModel> model) {
        models.put(name, model);
    }

    /** Forgets a name; whether there was one. */
    boolean remove(String name) {
        return models.remove(name) != null;
    }

    /** The models by name, as of now. */
    Map<String, Broadcast<SharedModel>> all() {
        return Map.copyOf(models);
    }
}
