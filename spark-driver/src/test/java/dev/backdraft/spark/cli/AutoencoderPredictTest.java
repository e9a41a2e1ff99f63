package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.backdraft.column.ColumnSettings;
import dev.backdraft.data.Cells;
import dev.backdraft.data.Example;
import dev.backdraft.data.file.CsvReader;
import dev.backdraft.data.file.CsvSchema;
import dev.backdraft.data.file.DataFile;
import dev.backdraft.data.file.ExampleFiles;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.model.Predictor;
import dev.backdraft.train.TrainingDraft;
import dev.backdraft.train.local.LocalTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line writes what an autoencoder makes of rows. */
class AutoencoderPredictTest {
    private static final String ON_SPARK = "spark.ui.enabled"; // asks for what only Spark shows

    @TempDir
    private Path directory;

    private Shell shell;

    @BeforeEach
    void open() {
        shell = new Shell(directory);
    }

    private Model train(Path csv) throws IOException {
        DataFile file = DataFile.local(csv);
        CsvSchema schema = CsvSchema.forFeatures(
                CsvReader.readHeader(file), CsvReader.readHeader(file).subList(0, 4), null);
        Model model = LocalTraining.train(
                TrainingDraft.automatic()
                        .withHidden(6)
                        .with("epochs", IntNode.valueOf(3))
                        .asAutoencoder(2),
                ColumnSettings.STANDARD,
                ExampleFiles.csv(List.of(file), schema.raw()),
                1,
                List.of());
        ModelFile.write(model, shell.path("model.backdraft"));
        return model;
    }

    private List<String> predict(Path csv, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "predict",
                "--model",
                shell.name("model.backdraft"),
                "--data",
                csv.toString(),
                "--out",
                shell.name("out.csv"),
                "--overwrite"));
        arguments.addAll(List.of(more));
        shell.succeed(arguments.toArray(String[]::new));
        return Files.readAllLines(shell.path("out.csv"));
    }

    @Test
    void errorAndCodeFollowTheReconstructionOnBothRoutes() throws IOException {
        StringBuilder csv = new StringBuilder("age,city,left,zip\n");
        for (int i = 0; i < 240; i++) {
            String age = i % 7 == 0 ? "" : Integer.toString(20 + i % 50);
            csv.append(age + ",city " + i % 12 + "," + i % 3 + "," + (3000 + i % 5) + "\n");
        }
        Path table = shell.write("table.csv", csv.toString());
        Model model = train(table);
        Cells cells = Cells.of("21", "city 1", "1", "3001");
        Predictor predictor = model.predictor(1);
        predictor.load(List.of(Example.raw(cells, 0)));
        List<String> expected = new ArrayList<>();
        for (double value : model.predict(cells)) {
            expected.add(Float.toString((float) value));
        }
        int outputs = expected.size();
        expected.add(Float.toString((float) predictor.reconstructionError(0)));
        for (float value : model.embed(cells, Model.NARROWEST)) {
            expected.add(Float.toString(value));
        }

        List<String> here = predict(table, "--reconstruction-error", "--embedding=-2");

        assertThat(here).hasSize(241);
        List<String> names = List.of(here.get(0).split(",", -1));
        assertThat(names.subList(outputs, names.size()))
                .containsExactly("reconstruction_error", "embedding_0", "embedding_1");
        assertThat(here.get(2).split(",", -1)).containsExactly(expected.toArray(String[]::new));
        System.setProperty(ON_SPARK, "true");
        try {
            assertThat(predict(table, "--reconstruction-error", "--embedding=-2", "--master", "local[2]"))
                    .isEqualTo(here);
        } finally {
            System.clearProperty(ON_SPARK);
        }
    }

    @Test
    void reconstructionsOfNumbersHaveTheNamesOfTheirColumns() throws IOException {
        Path numbers = shell.write("numbers.csv", "a,b,c,d\n1,2,3,4\n2,3,4,6\n0,1,5,5\n4,2,2,1\n");
        List<Example> rows = new ArrayList<>();
        DataFile file = DataFile.local(numbers);
        List<String> header = CsvReader.readHeader(file);
        try (CsvReader reader = new CsvReader(file, CsvSchema.forFeatures(header, header, null))) {
            for (Example row = reader.read(); row != null; row = reader.read()) {
                rows.add(row);
            }
        }
        Model model = LocalTraining.train(
                TrainingDraft.automatic().with("epochs", IntNode.valueOf(2)).asAutoencoder(1), rows);
        ModelFile.write(
                model.withPreprocessing(model.preprocessing().withNames(header, null)), shell.path("model.backdraft"));
        assertThat(predict(numbers, "--reconstruction-error").get(0))
                .isEqualTo("prediction_a,prediction_b,prediction_c,prediction_d,reconstruction_error");
    }

    @Test
    void otherModelsHaveNoReconstruction() throws IOException {
        Path csv = shell.write("rows.csv", "a,b,label\n1,2,x\n2,1,y\n3,1,x\n4,4,y\n");
        shell.succeed("train", "--data", csv.toString(), "--out", shell.name("run"), "--epochs", "1");
        assertThat(shell.run(
                        "predict",
                        "--model",
                        shell.name("run"),
                        "--data",
                        csv.toString(),
                        "--reconstruction-error",
                        "--out",
                        shell.name("no.csv")))
                .isEqualTo(2);
        assertThat(shell.err()).contains("--reconstruction-error is for an autoencoder");
        assertThat(shell.path("no.csv")).doesNotExist();
    }
}
