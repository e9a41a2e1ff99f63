package dev.backdraft.spark.cli;

import dev.backdraft.data.DataException;
import dev.backdraft.data.LabelColumns;
import dev.backdraft.train.InsufficientMemoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** Which options of a command fix what the core has found wrong; the core knows no options. */
final class Advice {
    private static final Set<String> MISSING =
            Set.of("na", "n/a", "#n/a", "null", "none", "nil", "missing", "unknown", "?", "-", "--", ".");
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}_./%+-]+");

    private final CommandSpec command;

    private Advice(CommandSpec command) {
        this.command = command;
    }

    /** Sentences for the user of a command, or none. */
    static List<String> on(DataException mistake, CommandSpec command) {
        Advice advice = new Advice(command);
        return switch (mistake.reason()) {
            case INVALID_VALUE ->
                advice.has("--invalid")
                        ? List.of("to leave such rows out and count them, add --invalid skip")
                        : List.of();
            case TEXT_FEATURE -> advice.onText(mistake.column(), mistake.text());
            case ONE_CLASS -> advice.onOneClass();
            case OTHER, NO_ROWS -> advice.onSettings(mistake.settings());
        };
    }

    /** Where the user of the command line sets the memory, or none. */
    static List<String> on(InsufficientMemoryException tooLittle) {
        return tooLittle.isInOneJvm()
                ? List.of(Launcher.memory() + "; --aggregation job trains with one Spark job per step")
                : List.of();
    }

    private List<String> onText(String column, String text) {
        List<String> sentences = new ArrayList<>();
        boolean isMissing = text != null && MISSING.contains(text.strip().toLowerCase(Locale.ROOT));
        if (isMissing) {
            sentences.add(
                    "if '" + text + "' stands for a missing value, make the cell empty and add --invalid skip, which"
                            + " leaves out rows with an empty cell, NaN or an infinite number");
        } else if (InvalidOption.Handling.SKIP == value("--invalid") && text != null) {
            sentences.add(
                    "--invalid skip leaves out rows with an empty cell, NaN or an infinite number, but not rows with"
                            + " text such as '" + text + "'");
        }
        if (trains()) {
            sentences.add(withoutColumn(column));
        }
        return sentences;
    }

    private String withoutColumn(String column) {
        if (value("--features") != null) {
            return "to leave the column out, remove it from --features";
        }
        Object ignored = value("--ignore");
        String all = quoted(ignored == null ? column : ignored + "," + LabelColumns.listed(column));
        String label = value("--label") == null ? "; if it is the label, add --label " + quoted(column) : "";
        return "to leave the column out, " + (ignored == null ? "add" : "use") + " --ignore " + all + label;
    }

    private List<String> onSettings(Set<DataException.Setting> settings) {
        List<String> where = new ArrayList<>();
        if (settings.contains(DataException.Setting.LAYERS) && has("--layers")) {
            where.add("the layers are set with --layers");
        }
        if (settings.contains(DataException.Setting.LABEL) && has("--label")) {
            where.add("the label column is set with --label");
        }
        return where.isEmpty() ? List.of() : List.of(String.join("; ", where));
    }

    private List<String> onOneClass() {
        if (!trains()) {
            return List.of();
        }
        return List.of(
                value("--label") instanceof String label
                        ? "the label column is set with --label " + quoted(label)
                        : "if another column is the label, name it with --label COLUMN");
    }

    /** Whether the columns are the user's choice, and not those of a model. */
    private boolean trains() {
        return has("--ignore") && !has("--model");
    }

    private boolean has(String option) {
        return command.findOption(option) != null;
    }

    private Object value(String option) {
        ArgSpec found = command.findOption(option);
        return found == null ? null : found.getValue();
    }

    /** A value as a shell takes it for one word. */
    static String quoted(String value) {
        String bare = value.replace(",", "");
        return PLAIN.matcher(bare).matches() ? value : "'" + value.replace("'", "'\\''") + "'";
    }
}
