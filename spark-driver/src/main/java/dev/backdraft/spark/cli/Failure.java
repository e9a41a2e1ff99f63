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

    /**
     * The message, without a stack trace: what the root cause says, and before it what our own code says of it, such as
     * what to do. What Java and Spark say of a cause is only that there is one.
     */
    static String message(Throwable failure) {
        return message(failure, false);
    }

    /** @param ofTask whether a task's failure is told already */
    private static String message(Throwable failure, boolean ofTask) {
        StringBuilder message = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Matcher task = TASK.matcher(String.valueOf(cause.getMessage()));
            if (!ofTask && (cause.getCause() == null || says(cause)) && task.find()) {
                String why = cause.getCause() == null ? task.group(4) : message(cause.getCause(), true);
                return message + "a task failed" + where(task) + ": " + why;
            }
            if (cause.getCause() == null) {
                boolean isSaid = cause.getMessage() != null && message.indexOf(cause.getMessage()) >= 0;
                return isSaid ? message.substring(0, message.length() - 2) : message + named(cause);
            }
            if (isOurs(cause) && says(cause)) {
                message.append(named(cause)).append(": ");
            }
        }
        return message.toString();
    }

    private static boolean isOurs(Throwable failure) {
        StackTraceElement[] stack = failure.getStackTrace();
        return stack.length > 0 && stack[0].getClassName().startsWith("dev.backdraft.");
    }

    /** Whether it has words of its own: without any, an exception has those of its cause. */
    private static boolean says(Throwable failure) {
        return failure.getMessage() != null
                && !failure.getMessage().equals(failure.getCause().toString())
                && !failure.getMessage().equals(failure.getCause().getMessage());
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
