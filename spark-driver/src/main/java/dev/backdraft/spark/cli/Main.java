package dev.backdraft.spark.cli;

import dev.backdraft.data.DataException;
import dev.backdraft.linalg.Blas;
import dev.backdraft.model.ModelFileException;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.InsufficientMemoryException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import org.apache.spark.SparkThrowable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The entry point of {@code ./backdraft} and {@code spark-submit}. */
@Command(
        name = "backdraft",
        description = "Trains neural networks on Apache Spark, with the same bits on any cluster.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            TrainCommand.class,
            EvaluateCommand.class,
            PredictCommand.class,
            InspectCommand.class,
            FindLearningRateCommand.class,
            CheckGradientCommand.class,
            DemoCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        footerHeading = "%n",
        exitCodeList = {
            "0:success",
            "1:failed for a reason that is not in the arguments or the data",
            "2:the arguments, the data or a model file cannot be used, or there is too little memory;"
                    + " nothing was written",
            "3:training diverged; train has saved the last epoch whose numbers are finite",
            "4:check-gradient found an error above the tolerance",
            "130, 143:ended by Ctrl-C or SIGTERM; train has saved the last finished epoch"
        })
public final class Main {
    private static final int WIDEST_OPTION = 34;
    private static final int FAILED = 1;
    private static final int NOT_USABLE = 2;
    static final int DIVERGED = 3;
    private static final String FAILED_READ_FILE = "FAILED_READ_FILE"; // how Spark calls a damaged or missing file

    @Option(
            names = "--blas",
            scope = ScopeType.INHERIT,
            paramLabel = "portable|native|vector|java|auto",
            description =
                    "Backend of matrix products: portable, the default (auto), gives the same bits on every machine;"
                            + " native is OpenBLAS, vector and java are netlib's, and their last bits differ.")
    void useBlas(String wish) {
        try {
            Blas.use(wish);
        } catch (IllegalArgumentException | IllegalStateException e) {
            String remedy = wish.equals("native") && e instanceof IllegalStateException ? ": use --blas portable" : "";
            throw new CommandLine.ParameterException(spec.commandLine(), "--blas: " + e.getMessage() + remedy, e);
        }
    }

    @Spec
    private CommandSpec spec;

    private Main() {}

    public static void main(String[] arguments) {
        OutputStream err = Terminal.wrap(System.err, Terminal.ERR);
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8)); // before a log opens it
        int code = run(
                new PrintWriter(Terminal.wrap(System.out, Terminal.OUT), true, StandardCharsets.UTF_8),
                new PrintWriter(err, true, StandardCharsets.UTF_8),
                arguments);
        if (code != 0) {
            System.exit(code); // with 0 the JVM ends by itself: spark-submit takes exit() for a failure
        }
    }

    /** Runs a command and returns the exit code. */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine commands = new CommandLine(new Main());
        commands.setOut(out);
        commands.setErr(err);
        commands.setCaseInsensitiveEnumValuesAllowed(true);
        commands.setResourceBundle(new OptionTexts());
        commands.setUsageHelpWidth(Terminal.helpWidth());
        commands.getCommandSpec().usageMessage().longOptionsMaxWidth(WIDEST_OPTION); // of the root alone
        GroupedHelp.install(commands);
        commands.setParameterExceptionHandler((mistake, written) -> {
            Refusal.print(mistake);
            return NOT_USABLE;
        });
        commands.setExecutionExceptionHandler((exception, command, parsed) -> report(exception, command));
        return arguments.length == 0 ? usage(commands) : commands.execute(arguments);
    }

    private static int usage(CommandLine commands) {
        PrintWriter err = commands.getErr();
        err.println("backdraft: a command is missing; to see it work, try: " + Launcher.command("demo"));
        err.println();
        commands.usage(err);
        return NOT_USABLE;
    }

    private static int report(Exception exception, CommandLine command) {
        PrintWriter err = command.getErr();
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof DataException mistake) {
                err.println("backdraft: " + mistake.getMessage());
                Advice.on(mistake, command.getCommandSpec()).forEach(err::println);
                return NOT_USABLE;
            }
            if (cause instanceof UsageException mistake) {
                err.println("backdraft: " + mistake.getMessage());
                if (mistake.isIncomplete()) {
                    err.println(Refusal.pointer(command.getCommandSpec()));
                }
                return NOT_USABLE;
            }
            if (cause instanceof InsufficientMemoryException tooLittle) {
                err.println("backdraft: " + tooLittle.getMessage());
                Advice.on(tooLittle).forEach(err::println);
                return NOT_USABLE;
            }
            if (cause instanceof ModelFileException) {
                err.println("backdraft: " + cause.getMessage());
                return NOT_USABLE;
            }
            if (cause instanceof NoSuchFileException) {
                err.println("backdraft: no such file: " + cause.getMessage());
                return NOT_USABLE;
            }
            if (cause instanceof SparkThrowable known
                    && String.valueOf(known.getCondition()).startsWith(FAILED_READ_FILE)) {
                err.println("backdraft: " + ParquetFiles.unreadable(cause).getMessage());
                return NOT_USABLE;
            }
            if (cause instanceof DivergedException) {
                err.println("backdraft: " + cause.getMessage());
                return DIVERGED;
            }
        }
        boolean verbose = command.getParseResult().hasMatchedOption(VerboseOption.NAME);
        if (verbose) {
            exception.printStackTrace(err);
        }
        err.println("backdraft: " + Failure.message(exception)
                + (verbose ? "" : "; " + VerboseOption.NAME + " shows the log and the stack trace"));
        return FAILED;
    }

    /** The version and the commit that the jar was built from. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"backdraft " + current()};
        }

        static String current() {
            String version = Main.class.getPackage().getImplementationVersion();
            if (version == null) {
                return "(development)";
            }
            int unknown = version.indexOf(" (commit ${"); // built outside a git checkout
            return unknown < 0 ? version : version.substring(0, unknown);
        }
    }
}
