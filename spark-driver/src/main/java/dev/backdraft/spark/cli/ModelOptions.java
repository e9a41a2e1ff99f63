package dev.backdraft.spark.cli;

import dev.backdraft.data.DataFile;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A model, and rows for it; shared by the commands that use one. */
final class ModelOptions {
    @Option(names = "--model", required = true, paramLabel = "FILE", description = "A model.backdraft file.")
    private String model;

    @Mixin(name = "Data")
    private DataOptions data;

    @Option(
            names = "--master",
            paramLabel = "URL",
            description = "Spark's master for reading Parquet (default: spark-submit's, else local[*]).")
    private String master;

    Model model() throws IOException {
        return read(model);
    }

    /** Reads the model file of this name. */
    static Model read(String name) throws IOException {
        DataFile file = InputFiles.one(name);
        try (InputStream in = file.open()) {
            return ModelFile.read(in, file.name());
        }
    }

    Input input(Model forModel) throws IOException {
        return Input.forModel(data.spec(), forModel);
    }

    LazySession session() {
        return new LazySession(Sessions.master(master));
    }
}
