package dev.backdraft.data;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/** A data set in files, divided into parts. Any machine that can access the files can read a part. */
public interface ExampleSource extends Serializable {
    /** Number of parts. */
    int parts();

    /** Opens a part, counted from 0; the caller closes it. */
    ExampleReader open(int part) throws IOException;

    /** Names of the features in order; empty when the source has none. */
    List<String> featureNames();

    /** Name of the label, or null. */
    String labelName();

    /** CSV files of one schema, whose separator is detected. One of several files may be empty. */
    static ExampleSource csv(List<DataFile> files, CsvSchema schema) {
        return csv(files, schema, CsvFormat.AUTO.withHeader(CsvFormat.Header.FIRST_LINE));
    }

    /** CSV files of one schema and format. One of several files may be empty. */
    static ExampleSource csv(List<DataFile> files, CsvSchema schema, CsvFormat format) {
        return new Csv(List.copyOf(files), schema, format);
    }

    /** LibSVM files. */
    static ExampleSource libSvm(List<DataFile> files) {
        return new LibSvm(List.copyOf(files), true);
    }

    /** LibSVM files whose labels are ignored; they may be missing or invalid. */
    static ExampleSource libSvmWithoutLabels(List<DataFile> files) {
        return new LibSvm(List.copyOf(files), false);
    }

    /** A pair of IDX files; {@code labels} may be null when they are not needed. */
    static ExampleSource idx(DataFile images, DataFile labels) {
        return new Idx(images, labels);
    }

    /** The same rows without those that have an {@linkplain InvalidValue invalid value}; readers count them. */
    default ExampleSource skippingInvalid() {
        return new SkippingSource(this);
    }

    /** See {@link #csv}. */
    record Csv(List<DataFile> files, CsvSchema schema, CsvFormat format) implements ExampleSource {
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
    record LibSvm(List<DataFile> files, boolean labels) implements ExampleSource {
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
