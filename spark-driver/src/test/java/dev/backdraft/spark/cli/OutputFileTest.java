package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever cannot write a file is told which, and why. */
class OutputFileTest {
    @TempDir
    private Path directory;

    @Test
    void aFullDiskIsSaidWithTheFile() {
        OutputFile file = new OutputFile(directory.resolve("config.json").toString());
        IOException full = new IOException("No space left on device");
        assertThatThrownBy(() -> file.replace(out -> {
                    throw full;
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot write " + file + ": No space left on device")
                .satisfies(e -> assertThat(Failure.message(new UncheckedIOException((IOException) e)))
                        .isEqualTo("cannot write " + file + ": No space left on device"));
    }

    @Test
    void anErrorWithoutWordsIsNamed() {
        OutputFile file = new OutputFile(directory.resolve("config.json").toString());
        assertThat(file.failure("cannot read ", new IOException())).hasMessage("cannot read " + file + ": IOException");
    }
}
