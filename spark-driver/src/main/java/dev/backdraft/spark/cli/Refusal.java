package dev.backdraft.spark.cli;

import dev.backdraft.json.NearMiss;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What is wrong with the arguments, and no more: the whole help would hide it. */
final class Refusal {
    private Refusal() {}

    /** Prints what is wrong, the nearest right name, and where to find all names. */
    static void print(CommandLine.ParameterException mistake) {
        CommandLine command = mistake.getCommandLine();
        CommandSpec spec = command.getCommandSpec();
        PrintWriter err = command.getErr();
        err.println("backdraft: " + message(mistake, spec));
        err.println(pointer(spec));
    }

    /** Where all options of a command are, or all commands. */
    static String pointer(CommandSpec spec) {
        String arguments = spec.parent() == null ? "--help" : spec.name() + " --help";
        return "'" + Launcher.command(arguments) + "' lists the "
                + (spec.subcommands().isEmpty() ? "options" : "commands");
    }

    private static String message(CommandLine.ParameterException mistake, CommandSpec spec) {
        List<String> unmatched = unmatched(mistake);
        if (mistake instanceof CommandLine.MissingParameterException missing && unmatched.isEmpty()) {
            List<ArgSpec> options = missing.getMissing();
            if (!options.isEmpty() && options.stream().allMatch(ArgSpec::isOption)) {
                return "missing: "
                        + options.stream()
                                .map(option -> ((OptionSpec) option).longestName() + " " + option.paramLabel())
                                .collect(Collectors.joining(", "));
            }
        }
        if (unmatched.isEmpty()) {
            return mistake.getMessage();
        }
        String found = unmatched.get(0);
        if (found.startsWith("-")) {
            String name = found.replaceFirst("=.*", "");
            return "unknown option '" + name + "'" + NearMiss.suggestion(name, options(spec));
        }
        if (!spec.subcommands().isEmpty()) {
            return "unknown command '" + found + "'"
                    + NearMiss.suggestion(found, spec.subcommands().keySet());
        }
        OptionSpec data = spec.findOption("--data");
        boolean mayBeData = data != null && data.getValue() == null;
        return "unexpected argument '" + found + "'"
                + (mayBeData ? ": if it is the data, write --data " + Advice.quoted(found) : "");
    }

    /** An option that is missing may have been misspelled, and then that is what to say. */
    private static List<String> unmatched(CommandLine.ParameterException mistake) {
        if (mistake instanceof CommandLine.UnmatchedArgumentException unmatched) {
            return unmatched.getUnmatched();
        }
        return mistake instanceof CommandLine.MissingParameterException
                ? mistake.getCommandLine().getUnmatchedArguments()
                : List.of();
    }

    private static Set<String> options(CommandSpec spec) {
        Set<String> names = new TreeSet<>();
        for (OptionSpec option : spec.options()) {
            if (!option.hidden()) {
                names.add(option.longestName());
            }
        }
        return names;
    }
}
