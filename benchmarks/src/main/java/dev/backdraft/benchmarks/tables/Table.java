package dev.backdraft.benchmarks.tables;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.column.ColumnKind;
import dev.backdraft.data.Example;
import dev.backdraft.data.MemorySource;
import dev.backdraft.data.file.CsvReader;
import dev.backdraft.data.file.CsvSchema;
import dev.backdraft.data.file.DataFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A table whose last two columns are the number of a fold and the label. Folds 0 to 3 are to train on, fold 4 is to
 * test on.
 *
 * @param classifies whether the label is a class
 * @param classNames the classes of the training rows, sorted; none of numbers
 * @param kinds of the columns
 * @param train raw rows
 * @param test raw rows
 * @param fewestScored rows in a pass of scoring at least, so that the fixed cost of a pass does not count
 */
record Table(
        String name,
        boolean classifies,
        List<String> classNames,
        SortedMap<String, ColumnKind> kinds,
        MemorySource train,
        MemorySource test,
        int fewestScored) {
    private static final int TEST_FOLD = 4;
    private static final int SCORED = 100_000;

    /**
     * Reads a table.
     *
     * @param directory of the file
     * @param description the entry of {@code tables.json}
     */
    static Table read(Path directory, String name, JsonNode description) throws IOException {
        SortedMap<String, ColumnKind> kinds = new TreeMap<>();
        for (JsonNode column : description.get("columns")) {
            kinds.put(column.get("name").asText(), kind(column.get("kind").asText()));
        }
        boolean log = description.get("label_transform").asText().equals("log");
        boolean classifies = !description.get("task").asText().equals("regression");
        String label = description.get("label").asText();
        DataFile file = DataFile.local(directory.resolve(description.get("file").asText()));
        List<String> header = CsvReader.readHeader(file);
        CsvSchema schema =
                CsvSchema.of(header, label, null, List.of("fold")).raw().withKept(List.of(header.indexOf("fold")));
        List<Example> train = new ArrayList<>();
        List<Example> test = new ArrayList<>();
        try (CsvReader reader = new CsvReader(file, schema)) {
            for (Example row = reader.read(); row != null; row = reader.read()) {
                Example labeled = log ? row.withLabel(Math.log(row.label())) : row;
                (Integer.parseInt(reader.kept().get(0)) == TEST_FOLD ? test : train).add(labeled);
            }
        }
        List<String> features = schema.featureNames();
        return new Table(
                name,
                classifies,
                classifies
                        ? train.stream()
                                .map(Example::labelText)
                                .distinct()
                                .sorted()
                                .toList()
                        : List.of(),
                kinds,
                new MemorySource(train, features, label),
                new MemorySource(test, features, label),
                SCORED);
    }

    /** This table with another number of rows in a pass of scoring, at least. */
    Table withFewestScored(int rows) {
        return new Table(name, classifies, classNames, kinds, train, test, rows);
    }

    /** The number of a row's class, or its label. */
    double target(Example row) {
        return classifies ? classNames.indexOf(row.labelText()) : row.label();
    }

    /** The test rows, repeated until there are many. */
    List<Example> scored() {
        return Collections.nCopies(1 + fewestScored / test.rows().size(), test.rows()).stream()
                .flatMap(List::stream)
                .toList();
    }

    private static ColumnKind kind(String text) {
        return switch (text) {
            case "number" -> ColumnKind.NUMBER;
            case "category" -> ColumnKind.CATEGORY;
            default -> ColumnKind.DATE;
        };
    }
}
