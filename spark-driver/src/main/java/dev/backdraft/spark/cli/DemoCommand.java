package dev.backdraft.spark.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.data.file.CsvFormat;
import dev.backdraft.evaluate.Evaluation;
import dev.backdraft.model.Model;
import dev.backdraft.spark.demo.Mnist1d;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The first command to try: generates data, trains on Spark, evaluates. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Generate the MNIST-1D data set (Greydanus 2020), train a network with two hidden layers of"
                + " 100 units on Spark, and evaluate it. Needs no input and no download.")
final class DemoCommand implements Callable<Integer> {
    private static final int SAMPLES = 5000;
    private static final int DATA_SEED = 42; // of the published data set

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "backdraft-demo",
            description = "Output directory (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--overwrite", description = "Replace the files of an earlier demo in --out.")
    private boolean overwrite;

    @Option(names = "--epochs", defaultValue = "50", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private int epochs;

    @Option(names = "--seed", defaultValue = "42", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--master",
            paramLabel = "URL",
            description = "Spark's master (default: spark-submit's, else local[*]).")
    private String master;

    @Mixin
    private VerboseOption verbose;

    @Override
    public Integer call() throws IOException {
        RunDirectory.forNewRun(out.toString(), overwrite);
        PrintWriter console = spec.commandLine().getOut();
        Path train = out.resolve("data").resolve("train.csv");
        Path test = out.resolve("data").resolve("test.csv");
        Files.createDirectories(train.getParent());
        Mnist1d data = Mnist1d.generate(DATA_SEED, SAMPLES);
        write(data.train(), train);
        write(data.test(), test);
        console.printf(
                Locale.ROOT,
                "MNIST-1D: %,d training and %,d test signals of %d samples, 10 classes%n",
                data.train().size(),
                data.test().size(),
                Mnist1d.FEATURES);
        String model = out.resolve("model.backdraft").toString();
        List<String> training = new ArrayList<>(List.of(
                "train",
                "--data",
                train.toString(),
                "--validation",
                test.toString(),
                "--layers",
                "40,100,100,10",
                "--batch-size",
                "100",
                "--learning-rate",
                "0.001",
                "--no-standardize",
                "--l2",
                "0",
                "--early-stopping",
                "none",
                "--epochs",
                Integer.toString(epochs),
                "--seed",
                Long.toString(seed),
                "--aggregation",
                "resident",
                "--out",
                out.toString(),
                "--overwrite"));
        if (master != null) {
            training.addAll(List.of("--master", master));
        }
        if (verbose.isSet()) {
            training.add(VerboseOption.NAME);
        }
        int code = run(training.toArray(new String[0]));
        if (code == 0) {
            console.println();
            console.println("$ " + Launcher.command("evaluate --model " + model + " --data " + test));
            evaluate(model, test);
        }
        return code;
    }

    /** As the command does, but in this JVM: an application that has ended may not be able to start another. */
    private void evaluate(String file, Path test) throws IOException {
        Model model = ModelOptions.read(file);
        InputSpec rows = new InputSpec(
                test.toString(), InputSpec.Format.CSV, null, null, null, CsvFormat.AUTO, ColumnChoice.ALL, false);
        ExampleSource source = Input.forModel(rows, model).local(null);
        EvaluateCommand.print(
                model, Evaluation.of(model, source), spec.commandLine().getOut());
    }

    private int run(String... arguments) {
        CommandLine root = spec.commandLine().getParent();
        return Main.run(root.getOut(), root.getErr(), arguments);
    }

    private static void write(List<Example> rows, Path file) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            CsvWriter csv = CsvText.to(writer);
            List<String> names = new ArrayList<>();
            for (int i = 0; i < Mnist1d.FEATURES; i++) {
                names.add("x" + i);
            }
            names.add("label");
            csv.writeRecord(names);
            for (Example row : rows) {
                List<String> record = new ArrayList<>();
                for (float value : row.values()) {
                    record.add(Float.toString(value));
                }
                record.add(Integer.toString((int) row.label()));
                csv.writeRecord(record);
            }
        }
    }
}
