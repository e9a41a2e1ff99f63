package dev.backdraft.data;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/** A data set as its files give it: parts, each readable on its own, by any machine that reaches the files. */
public interface ExampleSource extends Serializable {
    /** Number of parts. */
    int parts();

    /** Opens a part, counted from 0; the caller closes it. */
    ExampleReader open(int part) throws IOException;

    /** Names of the features in order; empty when the source has none. */
    List<String> featureNames();

    /** Name of the label, or null. */
    String labelName();

    /** CSV files of one schema. */
    static ExampleSource csv(List<DataFile> files, CsvSchema schema) {
        return new Csv(List.copyOf(files), schema);
    }

    /** LibSVM files. */
    static ExampleSource libSvm(List<DataFile> files) {
        return new LibSvm(List.copyOf(files));
    }

    /** A pair of IDX files; {@code labels} may be null when they are not needed. */
    static ExampleSource idx(DataFile images, DataFile labels) {
        return new Idx(images, labels);
    }

    /** See {@link #csv}. */
    record Csv(List<DataFile> files, CsvSchema schema) implements ExampleSource {
        @Override
        public int parts() {
            return files.size();
        }

        @Override
        public ExampleReader open(int part) throws IOException {
            return new CsvReader(files.get(part), schema);
        }

        @Override
        public List<String> featureNames() {
            return schema.featureNames();
        }

        @Override
        public String labelName() {
            return schema.labelName();
        }
    }

    /** See {@link #libSvm}. */
    record LibSvm(List<DataFile> files) implements ExampleSource {
        @Override
        public int parts() {
            return files.size();
        }

        @Override
        public ExampleReader open(int part) throws IOException {
            return new LibSvmReader(files.get(part));
        }

        @Override
        public List<String> featureNames() {
            return List.of();
        }

        @Override
        public String labelName() {
            return null;
        }
    }

    /** See {@link #idx}. */
    record Idx(DataFile images, DataFile labels) implements ExampleSource {
        @Override
        public int parts() {
            return 1;
        }

        @Override
        public ExampleReader open(int part) throws IOException {
            return new IdxReader(images, labels);
        }

        @Override
        public List<String> featureNames() {
            return List.of();
        }

        @Override
        public String labelName() {
            return null;
        }
    }
}
