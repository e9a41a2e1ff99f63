package dev.backdraft.benchmarks.peer;

import dev.backdraft.data.DataFile;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * MNIST's pictures (LeCun, Cortes and Burges) from their four files, the grey levels divided by 255.
 *
 * @param files as {@link ExampleSource#idx} reads them
 */
record Mnist(ExampleSource files) implements ExampleSource {
    static Mnist training(Path directory) {
        return of(directory, "train");
    }

    static Mnist test(Path directory) {
        return of(directory, "t10k");
    }

    private static Mnist of(Path directory, String set) {
        return new Mnist(ExampleSource.idx(
                DataFile.local(directory.resolve(set + "-images-idx3-ubyte.gz")),
                DataFile.local(directory.resolve(set + "-labels-idx1-ubyte.gz"))));
    }

    @Override
    public int parts() {
        return files.parts();
    }

    @Override
    public ExampleReader open(int part) throws IOException {
        return new Scaled(files.open(part));
    }

    @Override
    public List<String> featureNames() {
        return files.featureNames();
    }

    @Override
    public String labelName() {
        return files.labelName();
    }

    private record Scaled(ExampleReader reader) implements ExampleReader {
        @Override
        public Example read() throws IOException {
            Example row = reader.read();
            if (row == null) {
                return null;
            }
            float[] values = row.values().clone();
            for (int i = 0; i < values.length; i++) {
                values[i] /= 255;
            }
            return row.isSparse()
                    ? Example.sparse(row.indices(), values, row.label())
                    : Example.dense(values, row.label());
        }

        @Override
        public String where() {
            return reader.where();
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}
