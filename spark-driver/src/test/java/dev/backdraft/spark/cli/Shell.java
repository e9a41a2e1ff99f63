package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.json.JsonText;
import dev.backdraft.model.ModelFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** A directory in which a test runs commands as a user does, and what they printed. */
public final class Shell {
    private final Path directory;
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    public Shell(Path directory) {
        this.directory = directory;
    }

    /** Runs a command and returns its exit code. */
    public int run(String... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    /** Runs a command that must succeed. */
    public void succeed(String... arguments) {
        assertThat(run(arguments)).as(err.toString()).isZero();
    }

    /** Runs a command that must be refused with a message that has these parts, without a stack trace or a file in run. */
    void refused(List<String> arguments, String... parts) {
        assertThat(run(arguments.toArray(new String[0]))).as(err.toString()).isEqualTo(2);
        assertThat(err.toString()).contains(parts).doesNotContain("\tat ");
        assertThat(directory.resolve("run")).doesNotExist();
    }

    /** What the last command printed. */
    public String out() {
        return out.toString();
    }

    /** What the last command complained about. */
    public String err() {
        return err.toString();
    }

    public Path path(String name) {
        return directory.resolve(name);
    }

    /** The name of a file or directory, for an argument. */
    public String name(String name) {
        return path(name).toString();
    }

    public Path write(String name, String content) throws IOException {
        return Files.writeString(path(name), content, StandardCharsets.UTF_8);
    }

    /** Writes two clouds of points, named a and b. */
    public Path points(String name, int rows) throws IOException {
        Random random = new Random(1);
        StringBuilder csv = new StringBuilder("x,y,kind\n");
        for (int i = 0; i < rows; i++) {
            double centre = i % 2 == 0 ? -1 : 1;
            csv.append(centre + 0.3 * random.nextGaussian()).append(',');
            csv.append(centre + 0.3 * random.nextGaussian())
                    .append(',')
                    .append(i % 2 == 0 ? "a" : "b")
                    .append('\n');
        }
        return write(name, csv.toString());
    }

    /** The arguments of a short training of a small network into {@code run}; {@code more} go before its own. */
    public List<String> train(Path data, String... more) {
        Map<String, String> own = new LinkedHashMap<>();
        own.put("--data", data.toString());
        own.put("--epochs", "5");
        own.put("--batch-size", "10");
        own.put("--learning-rate", "0.05");
        own.put("--layers", "2,4,2");
        own.put("--l2", "0");
        own.put("--out", name("run"));
        List<String> arguments = new ArrayList<>(List.of("train"));
        own.forEach((option, value) -> {
            if (Stream.of(more).noneMatch(given -> given.equals(option) || given.startsWith(option + "="))) {
                arguments.addAll(List.of(option, value));
            }
        });
        if (Stream.of(more).noneMatch(given -> given.endsWith("-standardize") || given.equals("--standardize"))) {
            arguments.add("--no-standardize");
        }
        if (Stream.of(more).noneMatch(given -> given.startsWith("--early-stopping"))) {
            arguments.add("--early-stopping=none");
        }
        arguments.addAll(List.of(more));
        return arguments;
    }

    /** Runs {@link #train}, which must succeed. */
    public void trains(Path data, String... more) {
        succeed(train(data, more).toArray(new String[0]));
    }

    /** The hash of the weights of a run. */
    public String hash(String run) throws IOException {
        return ModelFile.read(path(run).resolve("model.backdraft")).weightsSha256();
    }

    /** The configuration that a run has left. */
    ObjectNode config(String run) throws IOException {
        return JsonText.read(Files.readString(path(run).resolve("config.json")));
    }
}
