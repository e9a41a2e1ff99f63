package dev.backdraft.spark.cli;

import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkException;

/** Says in one message why a command failed unexpectedly, and on which executor when that was where. */
final class Failure {
    private static final Pattern TASK =
            Pattern.compile("Task \\d+(?:\\.\\d+)? in stage \\S+ failed (\\d+) times?, most recent failure:"
                    + " Lost task \\S+ in stage \\S+ \\(TID \\d+\\) \\((\\S+) executor (\\S+)\\): (.*)");

    /** Kinds that add nothing to their message. */
    private static final Set<Class<?>> SAYS_NOTHING = Set.of(
            IllegalStateException.class,
            IllegalArgumentException.class,
            RuntimeException.class,
            IOException.class,
            SparkException.class);

    private Failure() {}

    /** The message, without a stack trace. */
    static String message(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Matcher task = TASK.matcher(String.valueOf(cause.getMessage()));
            if (task.find()) {
                return "a task failed" + where(task) + ": "
                        + (cause.getCause() == null ? task.group(4) : named(root(cause)));
            }
            root = cause;
        }
        return named(root);
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static String where(Matcher task) {
        int times = Integer.parseInt(task.group(1));
        String executor = task.group(3).equals("driver") ? "" : " on " + task.group(2) + ", executor " + task.group(3);
        return times == 1 ? executor : String.format(Locale.ROOT, "%s, %,d times", executor, times);
    }

    /** An error with its kind, because many messages mean nothing without it. */
    private static String named(Throwable error) {
        String name = error.getClass().getSimpleName();
        if (error.getMessage() == null) {
            return name;
        }
        String message = error.getMessage().strip();
        return SAYS_NOTHING.contains(error.getClass()) ? message : name + ": " + message;
    }
}
