package dev.backdraft.spark.sql;

import dev.backdraft.model.Model;
import dev.backdraft.spark.score.SharedModel;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.QueryPlanningTracker;
import scala.Option;

/**
 * The models of one query, as the driver found them when it planned the query: those under a name, and those in files whose path
 * the query says, are broadcast, so that every task has the same. A path that comes from a column is read by the tasks, which refuse
 * a file that was written after the query was planned. Thread-safe.
 */
final class QueryModels implements Serializable {
    private static final long serialVersionUID = 1;

    private static final Map<QueryPlanningTracker, Map<NamedModels, QueryModels>> PLANNED = new WeakHashMap<>();

    private final Map<String, Broadcast<SharedModel>> models;
    private final TreeSet<String> names; // for messages
    private final long plannedMillis = System.currentTimeMillis();
    private transient volatile Used used; // last; most queries name one file

    /** The model of a file. */
    private record Used(String path, Model model) {}

    private QueryModels(NamedModels named) {
        models = new ConcurrentHashMap<>(named.all());
        names = new TreeSet<>(models.keySet());
    }

    /** The models of the query that this thread plans: the same for all calls in it. */
    static QueryModels ofThisQuery(NamedModels named) {
        Option<QueryPlanningTracker> query = QueryPlanningTracker.get();
        if (query.isEmpty()) {
            return new QueryModels(named);
        }
        synchronized (PLANNED) {
            return PLANNED.computeIfAbsent(query.get(), tracker -> new WeakHashMap<>())
                    .computeIfAbsent(named, QueryModels::new);
        }
    }

    /**
     * Settles the model of a name or path, on the driver.
     *
     * @throws UncheckedIOException when there is none of this name, and none can be read from a file there
     */
    void settle(String nameOrPath) {
        if (!models.containsKey(nameOrPath)) {
            try {
                models.put(nameOrPath, LoadedModels.get(nameOrPath).broadcast(SparkContext.getOrCreate()));
            } catch (IOException e) {
                throw unreadable(nameOrPath, e);
            }
        }
    }

    /**
     * The model of a name or path.
     *
     * @throws UncheckedIOException when no model can be read from a file there, or it is newer than the query
     */
    Model model(String nameOrPath) {
        Broadcast<SharedModel> settled = models.get(nameOrPath);
        if (settled != null) {
            return settled.value().model();
        }
        Used last = used;
        if (last == null || !last.path().equals(nameOrPath)) {
            last = new Used(nameOrPath, read(nameOrPath));
            used = last;
        }
        return last.model();
    }

    private Model read(String path) {
        try {
            LoadedModels.Loaded loaded = LoadedModels.get(path);
            if (loaded.modifiedMillis() > plannedMillis) {
                throw new IOException("the model at '" + path
                        + "' was written after this query had been planned: run the query again");
            }
            return loaded.model();
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private UncheckedIOException unreadable(String path, IOException e) {
        if (e instanceof FileNotFoundException) {
            String known = names.isEmpty() ? "none" : String.join(", ", names);
            return new UncheckedIOException(
                    "no model at '" + path + "', and no model registered under this name; there are: " + known, e);
        }
        return new UncheckedIOException(e.getMessage(), e);
    }
}
