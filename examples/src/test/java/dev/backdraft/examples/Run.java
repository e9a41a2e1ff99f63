package dev.backdraft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;

/** What an example printed and drew when it was run as its main runs it. */
record Run(String printed, String picture) {
    /** Runs an example whose picture goes into this directory, and checks that it ended well and told where the picture is. */
    static <O> Run of(O options, Program<O> program, Path directory, String arguments) {
        try {
            Path file = directory.resolve("picture.svg");
            List<String> all = new ArrayList<>(List.of(arguments.split(" ", -1)));
            all.addAll(List.of("--out", file.toString()));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            int code = Program.run(
                    all.toArray(new String[0]),
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    options,
                    program);
            assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
            assertThat(code).isZero();
            String printed = out.toString(StandardCharsets.UTF_8);
            assertThat(printed).contains("picture: " + file);
            String picture = Files.readString(file);
            DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(picture.getBytes(StandardCharsets.UTF_8)));
            return new Run(printed, picture);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
