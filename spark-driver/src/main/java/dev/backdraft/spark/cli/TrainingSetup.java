package dev.backdraft.spark.cli;

import dev.backdraft.column.ColumnScan;
import dev.backdraft.column.ColumnSettings;
import dev.backdraft.column.Columns;
import dev.backdraft.data.DataException;
import dev.backdraft.data.DataScan;
import dev.backdraft.data.DataSummary;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.data.InvalidValue;
import dev.backdraft.data.LabelScale;
import dev.backdraft.data.RowEncoder;
import dev.backdraft.data.TestSplit;
import dev.backdraft.evaluate.Evaluation;
import dev.backdraft.label.LabelRules;
import dev.backdraft.model.Model;
import dev.backdraft.spark.engine.Aggregation;
import dev.backdraft.spark.engine.SparkTraining;
import dev.backdraft.train.Chosen;
import dev.backdraft.train.Fit;
import dev.backdraft.train.InitialModel;
import dev.backdraft.train.RunDescription;
import dev.backdraft.train.TrainingDraft;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.engine.LocalPreparation;
import dev.backdraft.train.engine.PreparedTraining;
import dev.backdraft.train.plan.StepPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a command trains on, how and where, as its settings say; checked as far as it can be before the rows are read. */
final class TrainingSetup {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingSetup.class);

    private final String data; // what the user calls it
    private TrainingDraft draft;
    private int features; // as the columns tell, or 0
    private Input rows;
    private Input held; // rows to measure on, or null
    private Input test; // rows to evaluate on at the end, or null
    private final ColumnSettings table; // how the columns of a table are encoded; null: they must be numbers
    private final int networkInputs; // of a network that is given, as far as it says; else 0
    private final double testShare; // of the data, or 0 when they are none or of a file
    private final String master;
    private final Aggregation aggregation; // if it is not local
    private final boolean local;
    private final LazySession session;
    private RowEncoder columns; // null: the rows are numbers as they are
    private TrainingRequest request; // null before prepare
    private List<Chosen> chosen = List.of();
    private long testRows; // known after checkTest

    private TrainingSetup(
            String data,
            TrainingDraft draft,
            int features,
            Input rows,
            Input held,
            Input test,
            ColumnSettings table,
            int networkInputs,
            double testShare,
            String master,
            Aggregation aggregation,
            boolean local,
            LazySession session,
            RowEncoder columns) {
        this.data = data;
        this.draft = draft;
        this.features = features;
        this.rows = rows;
        this.held = held;
        this.test = test;
        this.table = table;
        this.networkInputs = networkInputs;
        this.testShare = testShare;
        this.master = master;
        this.aggregation = aggregation;
        this.local = local;
        this.session = session;
        this.columns = columns;
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
        StepPlan.Route route = settings.route();
        boolean local = route == null ? !Sessions.runsOnSpark(master) : route == StepPlan.Route.LOCAL;
        Start start = Start.of(settings);
        Input rows = start.rows(data);
        Input held = validation == null ? null : start.measured(validation, rows, session);
        Input test = test(settings, start, rows, session);
        Input training = settings.testShare() == 0 ? rows : rows.only(testSplit(settings), false);
        int columns = rows.featureCount(session);
        ColumnSettings table = start.model() == null ? table(settings, rows) : null;
        if (!settings.hasNetwork() || start.model() != null) {
            settings.checkTraining();
        } else if (table == null) {
            checkWidth(settings.request(columns).network().inputSize(), columns, data);
        }
        return new TrainingSetup(
                data.data(),
                start.draft(),
                start.features(columns),
                training,
                held,
                test,
                table,
                settings.networkInputs(),
                settings.testShare(),
                master,
                onSpark(route),
                local,
                session,
                start.encoder());
    }

    /**
     * What a training starts from: what the settings say, or a model, whose network, label scale and encoding it has
     * then.
     *
     * @param model null for none
     * @param scale on which the label is learned
     */
    private record Start(TrainingDraft draft, InitialModel model, LabelScale scale) {
        static Start of(Settings settings) throws IOException {
            InitialModelSetting setting = settings.initialModel();
            if (setting == null) {
                return new Start(settings.draft(), null, settings.labelScale());
            }
            InitialModel model = setting.read();
            TrainingDraft draft =
                    UsageException.check(null, () -> settings.draft().withInitial(model));
            return new Start(draft, model, model.model().preprocessing().labelScale());
        }

        Input rows(InputSpec data) throws IOException {
            return (model == null ? Input.forTraining(data) : Input.forTraining(data, model)).onScale(scale);
        }

        /** Rows to measure on while these rows are trained on. */
        Input measured(InputSpec data, Input rows, LazySession session) throws IOException {
            Input input = Input.forValidation(data, rows, session).onScale(scale);
            return encoder() == null ? input : input.encoded(encoder());
        }

        /** What encodes the rows; null when that is yet to be learned, or they stay as they are. */
        RowEncoder encoder() {
            return model == null ? null : model.model().preprocessing().columns();
        }

        /** The number of features when the rows have this many columns of them. */
        int features(int columns) {
            return model == null ? columns : model.model().network().inputSize();
        }
    }

    /**
     * How columns are encoded if not all of them are numbers; null where they must be. A network is made for columns
     * as they are, unless something is said of them.
     */
    private static ColumnSettings table(Settings settings, Input rows) {
        ColumnSettings table = settings.table();
        if (!table.isSet()) {
            return rows.isTable() && !settings.hasNetwork() && !settings.saysInvalid() ? table : null;
        }
        if (!rows.isTable()) {
            throw new UsageException(
                    option(table) + " is for named columns, which these files do not have: leave it out");
        }
        if (settings.saysInvalid()) {
            throw new UsageException(option(table)
                    + " is for columns that are encoded, which does not go with --invalid: leave one of them out");
        }
        return table;
    }

    /** The option that makes a table of all columns. */
    private static String option(ColumnSettings table) {
        return table.kinds().isEmpty() ? "--encoding" : "--kinds";
    }

    private static Input test(Settings settings, Start start, Input rows, LazySession session) throws IOException {
        InputSpec file = settings.testFile();
        if (file != null) {
            return start.measured(file, rows, session);
        }
        return settings.testShare() == 0 ? null : rows.only(testSplit(settings), true);
    }

    private static TestSplit testSplit(Settings settings) {
        return new TestSplit(settings.seed(), settings.testShare());
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

    /** What is trained, and which settings were chosen, in a few lines. */
    List<String> describe(PreparedTraining prepared) {
        List<String> lines = new ArrayList<>(RunDescription.of(prepared.fit(), chosen));
        List<String> names = prepared.fit().preprocessing().featureNames();
        if (columns == null && !names.isEmpty() && !prepared.counting().isEmpty()) {
            String note = rows.choice()
                    .noteOnCounting(prepared.counting().stream().map(names::get).toList());
            if (note != null) {
                lines.add(note);
            }
        }
        if (test != null) {
            String share = testShare == 0 ? "" : ", drawn with a share of " + RowShare.percent(testShare);
            lines.add(String.format(
                    Locale.ROOT, "test: %,d row%s%s; evaluated at the end", testRows, testRows == 1 ? "" : "s", share));
        }
        return lines;
    }

    /**
     * Checks that all test rows can be evaluated, so that a long training does not end with an error; does nothing without any.
     *
     * @throws DataException naming the first row that cannot
     */
    void checkTest(Fit fit) throws IOException {
        if (test == null) {
            return;
        }
        try {
            countTest(fit);
        } catch (DataException e) {
            throw mayBeTable(e)
                    ? e.or("add --kinds " + test.local(session).featureNames().get(0)
                            + "=number, which makes a table of the training rows, so that others may have gaps")
                    : e;
        }
        if (testRows == 0) {
            throw new DataException("--test: there are no test rows; choose a larger share, or a file with rows");
        }
    }

    private void countTest(Fit fit) throws IOException {
        ExampleSource source = test.local(session);
        DataScan check =
                request.withValidationFraction(0).withStandardize(false).newScan();
        int outputs = fit.network().outputSize();
        testRows = 0;
        for (int part = 0; part < source.parts(); part++) {
            try (ExampleReader reader = source.open(part)) {
                for (Example row = reader.read(); row != null; row = reader.read()) {
                    check.add(row, reader::where);
                    LabelRules.resolve(row, fit.preprocessing(), fit.loss(), outputs, reader::where);
                    testRows++;
                }
            }
        }
    }

    /** Evaluates a model on the test rows; null without any. */
    Evaluation evaluate(Model model) throws IOException {
        return test == null ? null : Evaluation.of(model, test.local(session));
    }

    /** Reads the rows; the caller closes what comes back before the session. */
    PreparedTraining prepare() throws IOException {
        try {
            return read();
        } catch (DataException e) {
            throw e.reason() == DataException.Reason.NO_ROWS ? e.in(data) : counted(e, rows); // core knows no files
        }
    }

    /**
     * The mistake of a row that may be skipped, with the number of all such rows, for which the rows are read once
     * more.
     */
    private DataException counted(DataException e, Input all) throws IOException {
        if (!e.isOfFirstRow()) {
            return e;
        }
        Input skipping = all.skippingInvalid();
        try {
            DataSummary summary = local
                    ? LocalPreparation.summarize(skipping.local(session))
                    : skipping.distributed(session.get()).summarize();
            return e.among(summary.skipped());
        } catch (DataException another) {
            return e;
        }
    }

    /** Reads the rows as a table, or as numbers where those are wanted and all that there is. */
    private PreparedTraining read() throws IOException {
        if (table != null && (draft.encodesNumbers() || table.isSet())) {
            learnColumns(table.isSet());
        }
        try {
            return readNumbers();
        } catch (DataException e) {
            if (!mayBeTable(e)) {
                throw e;
            }
            if (e.invalidValue() == InvalidValue.INFINITE) {
                learnColumnsAfter(e);
            } else {
                learnColumns(true);
            }
        }
        return readNumbers();
    }

    /** Whether rows with this problem may be those of a table. */
    private boolean mayBeTable(DataException e) {
        return table != null
                && columns == null
                && e.invalidValue() != InvalidValue.OFF_SCALE
                && (e.reason() == DataException.Reason.TEXT_FEATURE || e.invalidValue() != null);
    }

    /** Numbers that a float cannot hold are no problem in a table, but do not make one: texts or gaps do. */
    private void learnColumnsAfter(DataException tooLarge) throws IOException {
        try {
            learnColumns(false);
        } catch (DataException e) {
            throw tooLarge;
        }
        if (columns == null) {
            throw tooLarge;
        }
    }

    /**
     * Encodes the rows from now on.
     *
     * @param always even if they are numbers that should stay as they are
     */
    private void learnColumns(boolean always) throws IOException {
        ColumnScan scan = scanColumns(rows.raw());
        Columns learned = scan.learn();
        if (!always && !draft.encodes(learned.inputs(), scan.rows())) {
            return;
        }
        checkEncodedWidth(learned.width());
        columns = learned;
        draft = draft.withInputs(scan.inputs(learned, TrainingDraft.BINS));
        features = columns.width();
        rows = rows.encoded(columns);
        held = held == null ? null : held.encoded(columns);
        test = test == null ? null : test.encoded(columns);
    }

    private ColumnScan scanColumns(Input raw) throws IOException {
        try {
            return local
                    ? LocalPreparation.scan(
                            raw.local(session),
                            new ColumnScan(raw.local(session).featureNames(), table))
                    : raw.distributed(session.get()).scanColumns(table);
        } catch (DataException e) {
            throw e.isOfFirstRow() ? ofTable(counted(e, raw)) : e;
        }
    }

    /** The mistake of a label or a weight in a table, whose rows cannot be skipped: --invalid is for numbers. */
    private static DataException ofTable(DataException e) {
        return new DataException("%s", e.getMessage());
    }

    private void checkEncodedWidth(int encoded) {
        if (networkInputs > 0 && networkInputs != encoded) {
            throw new UsageException(String.format(
                    Locale.ROOT,
                    "the columns are encoded as %d features, but the network takes %d: leave out the network (--layers), or"
                            + " %s, without which columns stay as they are",
                    encoded,
                    networkInputs,
                    option(table)));
        }
    }

    private PreparedTraining readNumbers() throws IOException {
        boolean complete = draft.isComplete(held != null);
        if (!local) {
            SparkSession spark = session.get();
            resolve(complete ? null : rows.distributed(spark).summarize());
            return new SparkTraining(JavaSparkContext.fromSparkContext(spark.sparkContext()), aggregation)
                    .prepare(request, rows.distributed(spark), held == null ? null : held.distributed(spark));
        }
        int threads = Sessions.isLocal(master)
                ? Sessions.threads(master)
                : Runtime.getRuntime().availableProcessors();
        resolve(complete ? null : LocalPreparation.summarize(rows.local(session)));
        LOG.debug("gradients: {} thread{} of this JVM", threads, threads == 1 ? "" : "s");
        return LocalPreparation.prepare(
                request, rows.local(session), held == null ? null : held.local(session), threads);
    }

    private void resolve(DataSummary summary) {
        try {
            TrainingDraft.Resolved resolved = draft.resolve(summary, features, held != null);
            request = resolved.request();
            chosen = resolved.chosen();
        } catch (DataException e) {
            throw e; // about the rows, not about what the user wrote
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    /** How gradients come together on Spark; null for a route without Spark. */
    private static Aggregation onSpark(StepPlan.Route route) {
        if (route == null) {
            return Aggregation.AUTO;
        }
        return switch (route) {
            case LOCAL -> null;
            case JOB -> Aggregation.JOB;
            case RESIDENT -> Aggregation.RESIDENT;
        };
    }
}
