package dev.backdraft.spark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.column.ColumnSettings;
import dev.backdraft.column.Columns;
import dev.backdraft.train.InitialModel;
import java.io.IOException;
import java.util.Locale;

/**
 * The model that a training starts from, as its {@link Settings} name it.
 *
 * @param name of a model file, or of a directory that has one
 * @param sha256 of the file that the run started from; null when any will do
 * @param encoding of columns as the settings say it; missing or null when they say nothing
 * @param kinds of columns as the settings say them; null when they say nothing
 * @param configuration file of the settings; null when they are options only
 */
record InitialModelSetting(String name, String sha256, JsonNode encoding, String kinds, String configuration) {
    static final String OPTION = "--initial-model";

    /**
     * Reads the model.
     *
     * @throws UsageException when settings contradict it, or its file is not the one that the run started from
     */
    InitialModel read() throws IOException {
        InitialModel initial = ModelOptions.readInitial(name);
        if (sha256 != null && !sha256.equals(initial.sha256())) {
            throw new UsageException(String.format(
                    Locale.ROOT,
                    "%s: the model to start from, %s, has the SHA-256 %s, but the run started from one with %s:"
                            + " put that file back, or start a new run with %s %s",
                    configuration,
                    name,
                    initial.sha256(),
                    sha256,
                    OPTION,
                    Advice.quoted(name)));
        }
        if (!encoding.isMissingNode() && !encoding.isNull()) {
            throw contradiction("encoding", encoding.toString(), "encodes columns as it has learned to");
        }
        String known = initial.model().preprocessing().columns() instanceof Columns columns
                ? ColumnSettings.text(columns.kinds())
                : null;
        if (kinds != null && !kinds.equals(known)) {
            throw contradiction(
                    "kinds", '"' + kinds + '"', known == null ? "takes numbers as they are" : "has the kinds " + known);
        }
        return initial;
    }

    private UsageException contradiction(String key, String value, String ofModel) {
        return new UsageException((configuration == null ? "" : configuration + ": ") + key + " is " + value
                + ", but the model to start from " + ofModel + ": leave out "
                + (configuration == null ? "--" : "") + key);
    }

    /**
     * Refuses to start from the file that the run will write: an interrupted run could not be resumed, and nobody could
     * repeat it.
     *
     * @param model that the run will write
     */
    void checkIsNot(OutputFile model) throws IOException {
        if (ModelOptions.isFile(name, model.name())) {
            throw new UsageException(OPTION + " " + name
                    + " is the model that this run would write over: choose another directory for --out");
        }
    }
}
