package dev.backdraft.spark.cli;

import dev.backdraft.data.DataException;
import dev.backdraft.data.DataLook;
import dev.backdraft.spark.engine.Aggregation;
import dev.backdraft.spark.engine.SparkTraining;
import dev.backdraft.train.LocalTraining;
import dev.backdraft.train.PreparedTraining;
import dev.backdraft.train.TaskLine;
import dev.backdraft.train.TrainingDraft;
import dev.backdraft.train.TrainingRequest;
import java.io.IOException;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a command trains on, how and where, as its settings say; checked as far as it can be before the rows are read. */
final class TrainingSetup {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingSetup.class);

    private final String data; // what the user calls it
    private final TrainingDraft draft;
    private final int columns; // features as the columns' names tell, or 0
    private final Input rows;
    private final Input held; // rows to measure on, or null
    private final String master;
    private final RunOptions.Aggregation aggregation;
    private final boolean local;
    private final LazySession session;
    private TrainingRequest request; // null until the rows have been looked at, unless all is said

    private TrainingSetup(
            String data,
            TrainingDraft draft,
            int columns,
            Input rows,
            Input held,
            String master,
            RunOptions.Aggregation aggregation,
            boolean local,
            LazySession session) {
        this.data = data;
        this.draft = draft;
        this.columns = columns;
        this.rows = rows;
        this.held = held;
        this.master = master;
        this.aggregation = aggregation;
        this.local = local;
        this.session = session;
    }

    /**
     * Opens the files and makes the request.
     *
     * @param session for the settings' master; started when it is needed
     */
    static TrainingSetup of(Settings settings, LazySession session) throws IOException {
        InputSpec data = settings.data();
        InputSpec validation = settings.validation();
        String master = Sessions.master(settings.master());
        boolean local =
                switch (settings.aggregation()) {
                    case LOCAL -> true;
                    case JOB, RESIDENT -> false;
                    case AUTO -> Sessions.isLocal(master) && !Sessions.isWatched();
                };
        Input rows = Input.forTraining(data);
        Input held = validation == null ? null : Input.forValidation(validation, rows, session);
        int columns = rows.featureCount(session);
        TrainingDraft draft = settings.draft();
        if (settings.hasNetwork()) {
            checkWidth(settings.request(columns).network().inputSize(), columns, data);
        } else {
            settings.checkTraining();
        }
        return new TrainingSetup(data.data(), draft, columns, rows, held, master, settings.aggregation(), local, session);
    }

    private static void checkWidth(int inputs, int columns, InputSpec data) {
        if (columns > 0 && columns != inputs) {
            throw new UsageException(String.format(
                    Locale.ROOT,
                    "the network takes %d features, but %s has %d feature columns: start --layers with %d, or check that"
                            + " --label names the right column",
                    inputs,
                    data.data(),
                    columns,
                    columns));
        }
    }

    /** What to train and how; null before {@link #prepare}. */
    TrainingRequest request() {
        return request;
    }

    /** The rows to train on. */
    Input rows() {
        return rows;
    }

    /** Spark's master, used or not. */
    String master() {
        return master;
    }

    /** What is trained and how, as a line. */
    String describe(PreparedTraining prepared) {
        return TaskLine.of(prepared, request, held != null);
    }

    /** Reads the rows; the caller closes what comes back before the session. */
    PreparedTraining prepare() throws IOException {
        try {
            return read();
        } catch (DataException e) {
            if (String.valueOf(e.getMessage()).startsWith("no rows to train on")) { // core knows no files
                throw new UsageException(data + ": " + e.getMessage());
            }
            throw e;
        }
    }

    private PreparedTraining read() throws IOException {
        boolean complete = draft.isComplete(held != null);
        if (!local) {
            SparkSession spark = session.get();
            settle(complete ? null : rows.distributed(spark).look());
            return new SparkTraining(JavaSparkContext.fromSparkContext(spark.sparkContext()), onSpark())
                    .prepare(request, rows.distributed(spark), held == null ? null : held.distributed(spark));
        }
        int threads = Sessions.isLocal(master)
                ? Sessions.threads(master)
                : Runtime.getRuntime().availableProcessors();
        settle(complete ? null : LocalTraining.look(rows.local(session)));
        LOG.info("gradients: {} thread{} of this JVM", threads, threads == 1 ? "" : "s");
        return LocalTraining.prepare(request, rows.local(session), held == null ? null : held.local(session), threads);
    }

    private void settle(DataLook look) {
        request = UsageException.check(null, () -> draft.settle(look, columns, held != null));
    }

    private Aggregation onSpark() {
        return switch (aggregation) {
            case JOB -> Aggregation.JOB;
            case RESIDENT -> Aggregation.RESIDENT;
            default -> Aggregation.AUTO;
        };
    }
}
