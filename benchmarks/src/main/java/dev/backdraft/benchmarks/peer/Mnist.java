package dev.backdraft.benchmarks.peer;

import dev.backdraft.data.ExampleSource;
import dev.backdraft.data.file.DataFile;
import dev.backdraft.data.file.ExampleFiles;
import java.nio.file.Path;

/** MNIST's pictures (LeCun, Cortes and Burges) from their four files, gray levels from 0 to 1. */
final class Mnist {
    private Mnist() {}

    static ExampleSource training(Path directory) {
        return of(directory, "train");
    }

    static ExampleSource test(Path directory) {
        return of(directory, "t10k");
    }

    private static ExampleSource of(Path directory, String set) {
        return ExampleFiles.idx(
                DataFile.local(directory.resolve(set + "-images-idx3-ubyte.gz")),
                DataFile.local(directory.resolve(set + "-labels-idx1-ubyte.gz")));
    }
}
