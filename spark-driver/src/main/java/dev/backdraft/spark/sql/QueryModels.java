package dev.backdraft.spark.sql;

import dev.backdraft.model.Model;
import dev.backdraft.spark.internal.QueryPlanning;
import dev.backdraft.spark.score.SharedModel;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * The models of one query, as the driver found them when it planned the query: those under a name, and those in files whose path
 * the query says, are broadcast, so that every task has the same. The models of paths that come from a column are read by the tasks,
 * each when its first row names it; a task keeps them for all its rows. Thread-safe.
 */
final class QueryModels implements Serializable {
    private static final long serialVersionUID = 1;

    private static final Map<Object, Map<NamedModels, QueryModels>> PLANNED = new WeakHashMap<>();

    private final Map<String, Broadcast<SharedModel>> models;
    private final TreeSet<String> names; // for messages
    private transient volatile Map<String, Seen> seen; // by path; null until a file is read here

    /** A file as its model was read first. The model is read again when memory was short meanwhile. */
    private record Seen(long length, long modifiedMillis, SoftReference<Model> model) {
        Seen(LoadedModels.Loaded loaded) {
            this(loaded.length(), loaded.modifiedMillis(), new SoftReference<>(loaded.model()));
        }

        boolean isOf(LoadedModels.Loaded loaded) {
            return length == loaded.length() && modifiedMillis == loaded.modifiedMillis();
        }
    }

    private QueryModels(NamedModels named) {
        models = new ConcurrentHashMap<>(named.all());
        names = new TreeSet<>(models.keySet());
    }

    /** The models of the query that this thread plans: the same for all calls in it. */
    static QueryModels ofThisQuery(NamedModels named) {
        Object query = QueryPlanning.current();
        if (query == null) {
            return new QueryModels(named);
        }
        synchronized (PLANNED) {
            return PLANNED.computeIfAbsent(query, planned -> new WeakHashMap<>())
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
     * @throws UncheckedIOException when no model can be read from a file there, or another file is there than at first
     */
    Model model(String nameOrPath) {
        Broadcast<SharedModel> settled = models.get(nameOrPath);
        if (settled != null) {
            return settled.value().model();
        }
        Seen known = seen().get(nameOrPath);
        Model model = known == null ? null : known.model().get();
        return model != null ? model : read(nameOrPath);
    }

    private Map<String, Seen> seen() {
        Map<String, Seen> made = seen;
        if (made == null) {
            synchronized (this) {
                if (seen == null) {
                    seen = new ConcurrentHashMap<>();
                }
                made = seen;
            }
        }
        return made;
    }

    private Model read(String path) {
        try {
            LoadedModels.Loaded loaded = LoadedModels.get(path);
            Seen first = seen().get(path);
            if (first != null && !first.isOf(loaded)) {
                throw new IOException(
                        "the model at '" + path + "' was replaced while this query ran: run the query again");
            }
            seen().put(path, new Seen(loaded));
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
