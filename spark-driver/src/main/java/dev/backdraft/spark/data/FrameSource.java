package dev.backdraft.spark.data;

import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The rows of a DataFrame brought to the driver one partition after the other, for what runs in this JVM. */
public record FrameSource(Dataset<Row> frame, DataFrameRows columns) implements ExampleSource {
    @Override
    public int parts() {
        return 1;
    }

    @Override
    public ExampleReader open(int part) {
        return columns.reader(frame.toLocalIterator());
    }

    @Override
    public List<String> featureNames() {
        return columns.featureNames();
    }

    @Override
    public String labelName() {
        return columns.labelName();
    }
}
