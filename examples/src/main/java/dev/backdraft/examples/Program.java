package dev.backdraft.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * What an example does with its options.
 *
 * @param <O> the class of the options, whose fields picocli fills
 */
@FunctionalInterface
interface Program<O> {
    /** Runs the example; throws IllegalArgumentException when its options do not fit each other. */
    void run(O options, PrintStream out) throws IOException;

    /** Runs an example with the arguments of its main, and ends the program with exit code 2 when they are wrong. */
    static <O> void main(String[] arguments, O options, Program<O> program) {
        int code = run(arguments, System.out, System.err, options, program);
        if (code != 0) {
            System.exit(code);
        }
    }

    /**
     * Runs an example with these arguments; returns the exit code.
     *
     * @param options changed as the arguments say
     */
    static <O> int run(String[] arguments, PrintStream out, PrintStream err, O options, Program<O> program) {
        CommandLine line = new CommandLine(options).setOverwrittenOptionsAllowed(true);
        line.getCommandSpec()
                .name("examples/run " + options.getClass().getEnclosingClass().getSimpleName())
                .addOption(OptionSpec.builder("--help")
                        .usageHelp(true)
                        .description("show this text")
                        .build());
        line.getCommandSpec().usageMessage().sortOptions(false).showDefaultValues(true);
        try {
            if (line.parseArgs(arguments).isUsageHelpRequested()) {
                line.usage(out);
                return 0;
            }
            line.getCommandSpec().options().forEach(Program::check);
            program.run(options, out);
            return 0;
        } catch (ParameterException | IllegalArgumentException e) {
            err.println(e.getMessage() + "; --help shows all options");
            return line.getCommandSpec().exitCodeOnInvalidInput();
        } catch (IOException e) {
            err.println("cannot read or write: " + e.getMessage());
            return line.getCommandSpec().exitCodeOnExecutionException();
        }
    }

    private static void check(OptionSpec option) {
        Object value = option.getValue();
        if (!(option.userObject() instanceof Field field) || value == null) {
            return;
        }
        int count = value.getClass().isArray() ? Array.getLength(value) : 1;
        for (int i = 0; i < count; i++) {
            Object one = value.getClass().isArray() ? Array.get(value, i) : value;
            if (one instanceof Number number) {
                check(option.longestName(), field, number);
            }
        }
    }

    private static void check(String name, Field field, Number number) {
        AtLeast least = field.getAnnotation(AtLeast.class);
        if (!Double.isFinite(number.doubleValue())) {
            throw new IllegalArgumentException(name + " must be a number: '" + number + "'");
        }
        if (least != null && number.doubleValue() < least.value()) {
            throw new IllegalArgumentException(name + " must be at least " + least.value() + ": '" + number + "'");
        }
        if (field.isAnnotationPresent(Positive.class) && number.doubleValue() <= 0) {
            throw new IllegalArgumentException(name + " must be above 0: '" + number + "'");
        }
    }
}
