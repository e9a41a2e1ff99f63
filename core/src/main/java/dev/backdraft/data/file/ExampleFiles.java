package dev.backdraft.data.file;

import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import java.io.IOException;
import java.util.List;

/** Data sets in files: CSV, LibSVM and IDX. A part is a file. */
public final class ExampleFiles {
    private ExampleFiles() {}

    /** CSV files of one schema, whose separator is detected. One of several files may be empty. */
    public static ExampleSource csv(List<DataFile> files, CsvSchema schema) {
        return csv(files, schema, CsvFormat.AUTO.withHeader(CsvFormat.Header.FIRST_LINE));
    }

    /** CSV files of one schema and format. One of several files may be empty. */
    public static ExampleSource csv(List<DataFile> files, CsvSchema schema, CsvFormat format) {
        return new Csv(List.copyOf(files), schema, format);
    }

    /** LibSVM files. */
    public static ExampleSource libSvm(List<DataFile> files) {
        return new LibSvm(List.copyOf(files), true);
    }

    /** LibSVM files whose labels are ignored; they may be missing or invalid. */
    public static ExampleSource libSvmWithoutLabels(List<DataFile> files) {
        return new LibSvm(List.copyOf(files), false);
    }

    /** A pair of IDX files; {@code labels} may be null when they are not needed. */
    public static ExampleSource idx(DataFile images, DataFile labels) {
        return new Idx(images, labels);
    }

    /** See {@link #csv}. */
    private record Csv(List<DataFile> files, CsvSchema schema, CsvFormat format) implements ExampleSource {
        @Override
        public int parts() {
            return files.size();
        }

        @Override
        public ExampleReader open(int part) throws IOException {
            DataFile file = files.get(part);
            return files.size() > 1 ? CsvReader.ofPart(file, schema, format) : new CsvReader(file, schema, format);
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

    /** See {@link #libSvm} and {@link #libSvmWithoutLabels}. */
    private record LibSvm(List<DataFile> files, boolean labels) implements ExampleSource {
        @Override
        public int parts() {
            return files.size();
        }

        @Override
        public ExampleReader open(int part) throws IOException {
            DataFile file = files.get(part);
            return labels ? new LibSvmReader(file) : LibSvmReader.withoutLabels(file);
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
    private record Idx(DataFile images, DataFile labels) implements ExampleSource {
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
