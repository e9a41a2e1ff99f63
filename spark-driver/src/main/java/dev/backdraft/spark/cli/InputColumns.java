package dev.backdraft.spark.cli;

import dev.backdraft.data.DataException;
import dev.backdraft.data.LabelColumns;
import dev.backdraft.data.file.CsvSchema;
import dev.backdraft.spark.data.DataFrameRows;
import dev.backdraft.spark.data.ListColumns;
import dev.backdraft.train.InitialModel;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.StructType;

/** Which columns are taken, whatever the format. */
interface InputColumns {
    CsvSchema csv(List<String> header);

    DataFrameRows parquet(StructType schema);

    /** Whether labels are read. */
    default boolean labels() {
        return true;
    }

    /** Whether the last column is the label when no other is named. */
    default boolean lastIsLabel() {
        return false;
    }

    /** The last column is the label when none is named, and all others are features. */
    record OfTraining(String label, String weight, ColumnChoice choice) implements InputColumns {
        @Override
        public CsvSchema csv(List<String> header) {
            if (choice.isAll()) {
                return CsvSchema.of(header, label, weight);
            }
            String known = label(header);
            return CsvSchema.forValidation(header, choice.ofTraining(header, known, weight), known, weight);
        }

        @Override
        public DataFrameRows parquet(StructType schema) {
            if (choice.isAll()) {
                return DataFrameRows.forTraining(schema, label, weight);
            }
            List<String> columns = List.of(schema.fieldNames());
            String known = label(columns);
            return DataFrameRows.of(schema, choice.ofTraining(columns, known, weight), known, weight);
        }

        private String label(List<String> columns) {
            return label != null ? label : columns.get(columns.size() - 1);
        }

        @Override
        public boolean lastIsLabel() {
            return true;
        }
    }

    /**
     * The columns that the training rows have, by name; where their features have no names, columns are chosen as for training.
     *
     * @param features names of the training rows' features; empty when they have none
     * @param columns of Parquet that the features are in: their names, or a column of vectors
     * @param label of the training rows
     */
    record OfValidation(OfTraining training, List<String> features, List<String> columns, String label)
            implements InputColumns {
        @Override
        public CsvSchema csv(List<String> header) {
            return features.isEmpty()
                    ? training.csv(header)
                    : CsvSchema.forValidation(header, features, label, training.weight());
        }

        @Override
        public DataFrameRows parquet(StructType schema) {
            return columns.isEmpty()
                    ? training.parquet(schema)
                    : DataFrameRows.forValidation(schema, columns, label, training.weight());
        }

        @Override
        public boolean lastIsLabel() {
            return columns.isEmpty();
        }
    }

    /**
     * The columns of rows to train a model further on: features by the names of the model, which must be all columns
     * that would be features without it; where it knows no names, columns are chosen as for training.
     */
    record OfInitial(OfTraining training, InitialModel initial) implements InputColumns {
        @Override
        public CsvSchema csv(List<String> header) {
            List<String> names = names();
            if (names.isEmpty()) {
                return training.csv(header);
            }
            String label = label(header, names);
            checkSame(header, label, names);
            return CsvSchema.forValidation(header, names, label, training.weight());
        }

        @Override
        public DataFrameRows parquet(StructType schema) {
            List<String> names = ListColumns.sources(schema, names());
            if (names.isEmpty()) {
                return training.parquet(schema);
            }
            List<String> columns = List.of(schema.fieldNames());
            String label = label(columns, names);
            checkSame(columns, label, names);
            return DataFrameRows.forValidation(schema, names, label, training.weight());
        }

        private List<String> names() {
            return initial.model().preprocessing().featureNames();
        }

        private String label(List<String> columns, List<String> names) {
            String known = initial.model().preprocessing().labelName();
            if (training.label() != null || known == null) {
                return training.label(columns);
            }
            boolean lastMayBe = !names.contains(columns.get(columns.size() - 1));
            return LabelColumns.findIfPresent(columns, known).isEmpty() && lastMayBe ? training.label(columns) : known;
        }

        private void checkSame(List<String> columns, String label, List<String> names) {
            if (columns.containsAll(names)) {
                training.choice().ofModel(columns, names); // refuses a choice that is not the model's
            }
            List<String> found = training.choice().ofTraining(columns, label, training.weight());
            if (found.size() == names.size() && found.containsAll(names)) {
                return;
            }
            List<String> more =
                    found.stream().filter(name -> !names.contains(name)).toList();
            if (more.isEmpty() || !columns.containsAll(names)) {
                initial.checkFeatures(found); // refuses them
            }
            List<String> ignored = new ArrayList<>(training.choice().ignored(columns));
            ignored.addAll(more);
            throw new DataException(
                    "the model to start from does not take %s: it takes %s; add --ignore %s",
                    LabelColumns.shortened(more),
                    LabelColumns.shortened(names),
                    Advice.quoted(LabelColumns.join(ignored)));
        }

        @Override
        public boolean lastIsLabel() {
            return names().isEmpty();
        }
    }

    /**
     * Features by the names of a model, or all but the label when it knows none.
     *
     * @param named the label as the user named it, or null
     */
    record OfModel(List<String> features, String label, String named, int inputs, boolean labels, ColumnChoice choice)
            implements InputColumns {
        @Override
        public CsvSchema csv(List<String> header) {
            checkNamed(header);
            List<String> chosen = choice.ofModel(header, features);
            CsvSchema schema = chosen.isEmpty()
                    ? byPosition(header)
                    : CsvSchema.forFeatures(header, chosen, label(header, chosen));
            return labels ? schema : schema.withoutLabel();
        }

        /** The label's column; the last one when nothing names it and it is no feature. */
        private String label(List<String> columns, List<String> chosen) {
            String last = columns.get(columns.size() - 1);
            return label == null && !choice.isAll() && !chosen.contains(last) ? last : label;
        }

        private CsvSchema byPosition(List<String> header) {
            List<String> left = choice.chosen(header);
            return left.size() == inputs && named == null
                    ? CsvSchema.forFeatures(header, left, null)
                    : CsvSchema.of(header, named, null, choice.ignored(header));
        }

        @Override
        public DataFrameRows parquet(StructType schema) {
            List<String> columns = List.of(schema.fieldNames());
            checkNamed(columns);
            List<String> chosen = choice.ofModel(columns, ListColumns.sources(schema, features));
            if (chosen.isEmpty() && !choice.isAll()) {
                chosen = new ArrayList<>(choice.chosen(columns));
                chosen.removeAll(LabelColumns.findIfPresent(columns, label).stream()
                        .map(columns::get)
                        .toList());
                if (label == null && chosen.size() == inputs + 1) {
                    chosen.remove(chosen.size() - 1); // the label, as in CSV
                }
            }
            String known = label(columns, chosen);
            return labels
                    ? DataFrameRows.forModel(schema, chosen, known)
                    : DataFrameRows.forPrediction(schema, chosen, known);
        }

        private void checkNamed(List<String> columns) {
            if (!labels || label == null) {
                return;
            }
            if (named != null) {
                LabelColumns.find(columns, named);
            }
            List<String> names = LabelColumns.split(label);
            boolean someMissing = !columns.contains(label) && !columns.containsAll(names);
            if (someMissing && names.stream().anyMatch(columns::contains)) {
                LabelColumns.find(columns, label); // names the one that is missing
            }
        }
    }
}
