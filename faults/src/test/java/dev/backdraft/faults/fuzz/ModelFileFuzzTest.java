package dev.backdraft.faults.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.model.ModelFileException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * A model file is a model that predicts, and that is written as it was read, or it is refused. The files have no
 * checksums, as those of the first version, so that what is changed is looked at.
 */
class ModelFileFuzzTest {
    @FuzzTest(maxDuration = "25s")
    void isAModelOrRefused(byte[] file) throws IOException {
        Bounds.check(() -> read(file));
    }

    private static void read(byte[] file) throws IOException {
        Model model;
        try {
            model = ModelFile.read(new ByteArrayInputStream(file), "m.backdraft");
        } catch (ModelFileException e) {
            assertThat(e.getMessage()).startsWith("m.backdraft: ").hasSizeLessThan(1000);
            return;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ModelFile.write(model, out);
        Model again = ModelFile.read(new ByteArrayInputStream(out.toByteArray()), "m.backdraft");
        assertThat(again.weightsSha256()).isEqualTo(model.weightsSha256());
        assertThat(again.network()).isEqualTo(model.network());
    }
}
