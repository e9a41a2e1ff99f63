package dev.backdraft.data.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DataFileTest {
    @Test
    void aRelativePathIsReadFromWhereItWasGivenButNamedAsItWas() {
        DataFile file = DataFile.local(Path.of("data", "a.csv"));
        assertThat(file.name()).isEqualTo(Path.of("data", "a.csv").toString());
        assertThat(((DataFile.LocalFile) file).path())
                .isEqualTo(Path.of("data", "a.csv").toAbsolutePath().toString());
    }
}
