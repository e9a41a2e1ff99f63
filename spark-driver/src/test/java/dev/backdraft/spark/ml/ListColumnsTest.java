package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.data.Cells;
import dev.backdraft.explain.PermutationImportance;
import dev.backdraft.model.Model;
import dev.backdraft.spark.sql.BackdraftFunctions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Vectors and arrays among the columns of a table are the numbers in them, one column each. */
class ListColumnsTest {
    private static final String[] LISTS = {"city", "text", "age", "clicks"};
    private static final String[] NUMBERS = {"city", "text[0]", "text[1]", "text[2]", "age", "clicks[0]", "clicks[1]"};

    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    /** Rows with lists, some of them null, and with each of their numbers as a column, too. */
    private static Dataset<Row> table() {
        Random random = new Random(4);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            double[] text = {random.nextGaussian(), 0, random.nextGaussian()};
            float[] clicks = {random.nextInt(5) / 10f, random.nextInt(3)};
            boolean noText = i % 11 == 3;
            boolean noClick = i % 7 == 2;
            Vector vector =
                    i % 2 == 0 ? Vectors.dense(text) : Vectors.dense(text).toSparse();
            rows.add(RowFactory.create(
                    "city " + random.nextInt(9),
                    noText ? null : vector,
                    noText ? null : text[0],
                    noText ? null : text[1],
                    noText ? null : text[2],
                    random.nextInt(60),
                    new Float[] {clicks[0], noClick ? null : clicks[1]},
                    clicks[0],
                    noClick ? null : clicks[1],
                    text[0] + clicks[0] > 0.2 ? 1.0 : 0.0));
        }
        StructType schema = new StructType()
                .add("city", DataTypes.StringType)
                .add("text", SQLDataTypes.VectorType())
                .add("text[0]", DataTypes.DoubleType)
                .add("text[1]", DataTypes.DoubleType)
                .add("text[2]", DataTypes.DoubleType)
                .add("age", DataTypes.IntegerType)
                .add("clicks", DataTypes.createArrayType(DataTypes.FloatType))
                .add("clicks[0]", DataTypes.FloatType)
                .add("clicks[1]", DataTypes.FloatType)
                .add("label", DataTypes.DoubleType);
        return SPARK.get().createDataFrame(rows, schema);
    }

    private static NeuralNetworkClassifier classifier(String... features) {
        return new NeuralNetworkClassifier()
                .setFeaturesCols(features)
                .setMaxIter(3)
                .setSeed(3);
    }

    private static Dataset<Row> lists() {
        return table().select("city", "text", "age", "clicks", "label");
    }

    @Test
    void aListIsTheColumnsOfItsNumbers() {
        Model lists = classifier(LISTS).fit(lists()).model();
        Model numbers = classifier(NUMBERS).fit(table()).model();

        assertThat(lists.preprocessing().featureNames()).containsExactly(NUMBERS);
        assertThat(lists.weightsSha256()).isEqualTo(numbers.weightsSha256());
    }

    @Test
    void everyRouteTakesLists() {
        Dataset<Row> table = lists();
        NeuralNetworkClassificationModel model = classifier(LISTS).fit(table);
        BackdraftFunctions.register(SPARK.get(), "lists", model.model());
        List<Row> scored = model.transform(table)
                .withColumn("one", functions.expr("backdraft_predict('lists', city, text, age, clicks)[0]"))
                .withColumn("row", functions.expr("backdraft_predict('lists', struct(clicks, age, text, city))[0]"))
                .select("probability", "one", "row")
                .collectAsList();
        List<Row> numbers = table().select("city", "text[0]", "text[1]", "text[2]", "age", "clicks[0]", "clicks[1]")
                .collectAsList();
        for (int i = 0; i < scored.size(); i++) {
            String[] texts = new String[NUMBERS.length];
            for (int k = 0; k < texts.length; k++) {
                texts[k] =
                        numbers.get(i).isNullAt(k) ? "" : numbers.get(i).get(k).toString();
            }
            double expected = model.model().predict(Cells.of(texts))[0];
            assertThat((float) scored.get(i).<Vector>getAs(0).apply(1)).isEqualTo((float) expected);
            assertThat(scored.get(i).getDouble(1)).isEqualTo(expected);
            assertThat(scored.get(i).getDouble(2)).isEqualTo(expected);
        }
        model.transform(table.withColumn("text", functions.expr("IF(true, NULL, text)")))
                .withColumn("null", functions.expr("backdraft_predict('lists', city, NULL, age, clicks)[0]"))
                .select("probability", "null")
                .collectAsList()
                .forEach(
                        row -> assertThat((float) row.<Vector>getAs(0).apply(1)).isEqualTo((float) row.getDouble(1)));
        assertThat(model.setFeaturesCols(NUMBERS)
                        .transform(table())
                        .select("probability")
                        .collectAsList())
                .isEqualTo(model.setFeaturesCols(LISTS)
                        .transform(table)
                        .select("probability")
                        .collectAsList());
        assertThat(model.permutationImportance(table, new PermutationImportance(), 100)
                        .features())
                .hasSize(NUMBERS.length);
    }

    /** NULL as one of several values is a gap. Vectors beside numbers, without texts, are numbers. */
    @Test
    void sqlTakesNullsOfTablesAndListsOfNumbers() {
        Dataset<Row> table = lists();
        NeuralNetworkClassificationModel gaps = classifier("city", "age").fit(table);
        BackdraftFunctions.register(SPARK.get(), "gaps", gaps.model());
        Row row = table.select(
                        functions.expr("backdraft_predict('gaps', NULL, age)[0]"),
                        functions.expr("backdraft_predict('gaps', struct(NULL AS city, age))[0]"),
                        functions.col("age"))
                .head();
        double expected = gaps.model().predict(Cells.of("", Integer.toString(row.getInt(2))))[0];
        assertThat(row.getDouble(0)).isEqualTo(expected);
        assertThat(row.getDouble(1)).isEqualTo(expected);

        Dataset<Row> whole = table.where("text IS NOT NULL");
        NeuralNetworkClassificationModel numbers =
                classifier("text", "age").setHiddenLayers(4).fit(whole);
        BackdraftFunctions.register(SPARK.get(), "numbers", numbers.model());
        numbers.transform(whole)
                .withColumn("sql", functions.expr("backdraft_predict('numbers', text, age)[0]"))
                .withColumn("row", functions.expr("backdraft_predict('numbers', struct(age, text))[0]"))
                .select("probability", "sql", "row")
                .collectAsList()
                .forEach(scored -> {
                    assertThat((float) scored.<Vector>getAs(0).apply(1)).isEqualTo((float) scored.getDouble(1));
                    assertThat(scored.getDouble(2)).isEqualTo(scored.getDouble(1));
                });
    }

    @Test
    void listsThatDoNotFitAreRefused() {
        Dataset<Row> table = lists();
        Dataset<Row> shorter = table.withColumn("clicks", functions.expr("IF(age = 30, array(float(1)), clicks)"));
        assertThatThrownBy(() -> classifier(LISTS).fit(shorter))
                .hasMessageContaining("column 'clicks': a list of 1 numbers instead of 2: all lists of a column must");
        assertThatThrownBy(() ->
                        classifier("city", "clicks").fit(table.withColumn("clicks", functions.expr("array(city)"))))
                .hasMessageContaining("column 'clicks' is of type array<string>, but the columns of a table hold");
        NeuralNetworkClassificationModel model = classifier(LISTS).fit(table);
        assertThatThrownBy(() ->
                        model.setFeaturesCols("text", "city", "age", "clicks").transform(table))
                .hasMessageContaining("column 'text' is of type")
                .hasMessageContaining("but the model takes one value there, its column 'city'");
        assertThatThrownBy(() -> model.setFeaturesCols("city", "text", "age").transform(table))
                .hasMessageContaining("featuresCols: 5 features, but the model takes 7");
        Dataset<Row> infinite =
                table.withColumn("clicks", functions.expr("IF(age = 30, array(float('Infinity'), float(1)), clicks)"));
        assertThat(model.setFeaturesCols(LISTS)
                        .setHandleInvalid("skip")
                        .transform(infinite)
                        .count())
                .isEqualTo(table.where("age <> 30").count());
    }
}
