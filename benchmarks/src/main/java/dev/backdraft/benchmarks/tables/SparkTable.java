package dev.backdraft.benchmarks.tables;

import dev.backdraft.column.ColumnKind;
import dev.backdraft.data.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.Imputer;
import org.apache.spark.ml.feature.OneHotEncoder;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A table as Spark's own learners take it. Dates are numbers here, the same ones as in {@link TreeFeatures}; gaps are
 * null. Columns are named by their places.
 */
final class SparkTable {
    /** What becomes of the columns of a table. */
    enum Features {
        /** Numbers with medians in place of gaps, categories as indices: for trees. */
        INDICES,
        /** Numbers with medians in place of gaps, a flag for each category: for linear models, which standardize. */
        FLAGS,
        /** The same with standardized numbers. */
        STANDARDIZED
    }

    static final String LABEL = "label";
    static final String FEATURES = "features";
    static final String HELD = "held"; // a fifth of the rows, to stop early
    private static final String[] PARTS_OF_DATE = {"day", "month", "weekday", "hour"};

    private final SparkSession spark;
    private final Table table;
    private final List<String> numbers = new ArrayList<>();
    private final List<String> categories = new ArrayList<>();
    private final StructType schema;

    SparkTable(SparkSession spark, Table table) {
        this.spark = spark;
        this.table = table;
        List<StructField> fields = new ArrayList<>();
        List<String> names = table.train().featureNames();
        for (int i = 0; i < names.size(); i++) {
            ColumnKind kind = table.kinds().get(names.get(i));
            if (kind == ColumnKind.CATEGORY) {
                categories.add("c" + i);
                fields.add(DataTypes.createStructField("c" + i, DataTypes.StringType, true));
                continue;
            }
            for (String part : kind == ColumnKind.DATE ? PARTS_OF_DATE : new String[] {""}) {
                numbers.add("c" + i + part);
                fields.add(DataTypes.createStructField("c" + i + part, DataTypes.DoubleType, true));
            }
        }
        fields.add(DataTypes.createStructField(LABEL, DataTypes.DoubleType, false));
        fields.add(DataTypes.createStructField(HELD, DataTypes.BooleanType, false));
        schema = new StructType(fields.toArray(new StructField[0]));
    }

    /** Rows in memory, a partition for each core, in their order. */
    Dataset<Row> cached(List<Example> examples, long seed) {
        Random random = new Random(seed);
        List<Row> rows = new ArrayList<>();
        for (Example example : examples) {
            List<Object> values = new ArrayList<>();
            for (int i = 0; i < table.train().featureNames().size(); i++) {
                addValues(example, i, values);
            }
            values.add(table.target(example));
            values.add(random.nextInt(5) == 0);
            rows.add(RowFactory.create(values.toArray()));
        }
        Dataset<Row> cached = spark.createDataFrame(rows, schema).cache();
        cached.count();
        return cached;
    }

    private void addValues(Example example, int column, List<Object> values) {
        String text = example.cells().text(column);
        switch (table.kinds().get(table.train().featureNames().get(column))) {
            case CATEGORY -> values.add(text);
            case NUMBER -> values.add(text == null ? null : example.cells().number(column));
            case DATE -> {
                float[] parts = new float[TreeFeatures.PARTS_OF_DATE];
                TreeFeatures.date(text, parts, 0);
                for (float part : parts) {
                    values.add(Float.isNaN(part) ? null : (double) part);
                }
            }
        }
    }

    /** Makes a vector of features from the columns. */
    Pipeline pipeline(Features features) {
        List<PipelineStage> stages = new ArrayList<>();
        List<String> vector = new ArrayList<>();
        String[] filled = names(numbers, " filled");
        if (!numbers.isEmpty()) {
            stages.add(new Imputer()
                    .setStrategy("median")
                    .setInputCols(names(numbers, ""))
                    .setOutputCols(filled));
            if (features == Features.STANDARDIZED) {
                stages.add(new VectorAssembler().setInputCols(filled).setOutputCol("numbers"));
                stages.add(new StandardScaler()
                        .setWithMean(true)
                        .setInputCol("numbers")
                        .setOutputCol("standardized"));
                vector.add("standardized");
            } else {
                vector.addAll(List.of(filled));
            }
        }
        if (!categories.isEmpty()) {
            String[] indices = names(categories, " index");
            stages.add(new StringIndexer()
                    .setHandleInvalid("keep") // gaps, and what the training rows do not have
                    .setInputCols(names(categories, ""))
                    .setOutputCols(indices));
            if (features == Features.INDICES) {
                vector.addAll(List.of(indices));
            } else {
                String[] flags = names(categories, " flags");
                stages.add(new OneHotEncoder().setInputCols(indices).setOutputCols(flags));
                vector.addAll(List.of(flags));
            }
        }
        stages.add(new VectorAssembler()
                .setInputCols(vector.toArray(new String[0]))
                .setOutputCol(FEATURES));
        return new Pipeline().setStages(stages.toArray(new PipelineStage[0]));
    }

    /** The most categories of a column, with one for what is none of them; 0 without such columns. */
    int mostCategories() {
        List<String> names = table.train().featureNames();
        int most = 0;
        for (int i = 0; i < names.size(); i++) {
            if (table.kinds().get(names.get(i)) == ColumnKind.CATEGORY) {
                int column = i;
                long count = table.train().rows().stream()
                        .map(row -> row.cells().text(column))
                        .filter(text -> text != null)
                        .distinct()
                        .count();
                most = Math.max(most, (int) count + 1);
            }
        }
        return most;
    }

    private static String[] names(List<String> names, String end) {
        return names.stream().map(name -> name + end).toArray(String[]::new);
    }
}
