package dev.backdraft.spark.sql;

import dev.backdraft.model.Model;
import dev.backdraft.spark.score.SharedModel;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.broadcast.Broadcast;

/** The models that SQL can name: those registered under a name, and those in files. Each query takes the names as they are then. */
final class NamedModels implements Serializable {
    private static final long serialVersionUID = 1;

    private static final int FORMER = 16;

    private final Map<String, Broadcast<SharedModel>> models = new ConcurrentHashMap<>();
    private final transient Deque<Broadcast<SharedModel>> former =
            new ArrayDeque<>(); // of the driver, for queries that run

    /** Registers a model, in place of another of this name. */
    void put(String name, Broadcast<SharedModel> model) {
        keep(models.put(name, model));
    }

    /** Forgets a name; whether there was one. */
    boolean remove(String name) {
        return keep(models.remove(name));
    }

    /** Spark frees a broadcast that nobody on the driver knows; the tasks of a query that runs may still ask for it. */
    private boolean keep(Broadcast<SharedModel> replaced) {
        if (replaced == null) {
            return false;
        }
        synchronized (former) {
            former.add(replaced);
            if (former.size() > FORMER) {
                former.remove();
            }
        }
        return true;
    }

    /** The model of a name, or null when there is none. */
    Model named(String name) {
        Broadcast<SharedModel> registered = models.get(name);
        return registered == null ? null : registered.value().model();
    }

    /**
     * The model of a path that is no name.
     *
     * @throws UncheckedIOException when no model can be read from a file there
     */
    Model inFile(String path) {
        try {
            return LoadedModels.get(path);
        } catch (FileNotFoundException e) {
            String names = models.isEmpty() ? "none" : String.join(", ", new TreeSet<>(models.keySet()));
            throw new UncheckedIOException(
                    "no model at '" + path + "', and no model registered under this name; there are: " + names, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
