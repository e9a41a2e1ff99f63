package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.file.CsvReader;
import dev.backdraft.data.file.CsvSchema;
import dev.backdraft.data.file.DataFile;
import dev.backdraft.explain.FeatureImportance;
import dev.backdraft.explain.Importances;
import dev.backdraft.explain.PermutationImportance;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.model.Predictor;
import dev.backdraft.spark.rdd.RddModel;
import dev.backdraft.spark.sql.BackdraftFunctions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tables as people have them: numbers with nulls, texts, booleans, decimals, dates and timestamps. */
class TableTest {
    private static final String[] FEATURES = {"age", "city", "member", "price", "opened", "seen", "zip"};

    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    @TempDir
    Path directory;

    private static Dataset<Row> table(int rows) {
        Random random = new Random(8);
        List<Row> all = new ArrayList<>();
        ZoneId zone = ZoneId.of(SPARK.get().conf().get("spark.sql.session.timeZone"));
        for (int i = 0; i < rows; i++) {
            Integer age = random.nextInt(9) == 0 ? null : 18 + random.nextInt(60);
            String city = random.nextInt(12) == 0 ? null : "city " + random.nextInt(30);
            LocalDateTime seen =
                    LocalDateTime.of(2026, 1 + random.nextInt(12), 1 + random.nextInt(28), random.nextInt(24), 15);
            boolean member = random.nextBoolean();
            double yes = (age == null ? 0 : (age - 48) / 15.0) + (member ? 1 : -1) + (seen.getHour() > 12 ? 1 : -1);
            all.add(RowFactory.create(
                    age,
                    city,
                    member,
                    java.math.BigDecimal.valueOf(random.nextInt(10_000), 2),
                    Date.valueOf(seen.toLocalDate()),
                    Timestamp.from(seen.atZone(zone).toInstant()),
                    3000 + random.nextInt(4),
                    yes + random.nextGaussian() > 0 ? 1.0 : 0.0));
        }
        StructType schema = new StructType()
                .add("age", DataTypes.IntegerType)
                .add("city", DataTypes.StringType)
                .add("member", DataTypes.BooleanType)
                .add("price", DataTypes.createDecimalType(10, 2))
                .add("opened", DataTypes.DateType)
                .add("seen", DataTypes.TimestampType)
                .add("zip", DataTypes.IntegerType)
                .add("label", DataTypes.DoubleType);
        return SPARK.get().createDataFrame(all, schema);
    }

    private static NeuralNetworkClassifier classifier() {
        return new NeuralNetworkClassifier()
                .setFeaturesCols(FEATURES)
                .setColumnKinds("zip=category")
                .setMaxIter(2)
                .setSeed(3);
    }

    @Test
    void aTableIsTrainedOnAndScoredAsItIs() {
        Dataset<Row> table = table(800);
        NeuralNetworkClassificationModel model = classifier().setMaxIter(8).fit(table);

        Dataset<Row> scored = model.transform(table);
        assertThat(scored.where("prediction = label").count()).isGreaterThan(600);
        assertThat(model.model().preprocessing().featureNames()).containsExactly(FEATURES);
        assertThatThrownBy(() -> model.predict(Vectors.dense(new double[FEATURES.length])))
                .hasMessageContaining("use transform");
        assertThatThrownBy(() -> new RddModel(model.model())).hasMessageContaining("use spark.ml");
    }

    /** Ranks and means of all rows are what core, transform and SQL find in the model, too. */
    @Test
    void anEncodingIsPartOfTheModel() {
        Dataset<Row> table = table(300);
        NeuralNetworkClassifier classifier = classifier().setColumnEncoding("scaling=quantile-normal,missing=mean");
        NeuralNetworkClassificationModel model = classifier.fit(table);
        assertThat(classifier.fit(table.repartition(5)).model().weightsSha256())
                .isEqualTo(model.model().weightsSha256())
                .isNotEqualTo(classifier().fit(table).model().weightsSha256());
        BackdraftFunctions.register(SPARK.get(), "ranked", model.model());
        model.transform(table)
                .withColumn(
                        "sql", functions.expr("backdraft_predict('ranked', " + String.join(", ", FEATURES) + ")[0]"))
                .select("probability", "sql")
                .collectAsList()
                .forEach(row -> assertThat(row.getDouble(1))
                        .isEqualTo((float) row.<Vector>getAs(0).apply(1)));
        assertThatThrownBy(() -> classifier.setColumnEncoding("scaling=log"))
                .hasMessageContaining("scaling is \"log\", but must be robust or standard");
    }

    /** Values one by one, a struct with the columns in any order, and nulls, which are gaps. */
    @Test
    void sqlTakesTheRowsOfATable() {
        Dataset<Row> table = table(300);
        NeuralNetworkClassificationModel model = classifier().fit(table);
        BackdraftFunctions.register(SPARK.get(), "people", model.model());
        String columns = String.join(", ", FEATURES);
        model.transform(table)
                .withColumn("one", functions.expr("backdraft_predict('people', " + columns + ")[0]"))
                .withColumn("class", functions.expr("backdraft_predict_class('people', " + columns + ")"))
                .withColumn(
                        "row",
                        functions.expr("backdraft_predict('people', struct(zip, label, seen, age, member,"
                                + " city, price, opened))[0]"))
                .select("probability", "prediction", "one", "class", "row")
                .collectAsList()
                .forEach(row -> {
                    assertThat(row.getDouble(2))
                            .isEqualTo((float) row.<Vector>getAs(0).apply(1));
                    assertThat(Double.parseDouble(row.getString(3))).isEqualTo(row.getDouble(1));
                    assertThat(row.getDouble(4)).isEqualTo(row.getDouble(2));
                });
        assertThatThrownBy(() -> table.select(functions.expr("backdraft_predict('people', age, city)"))
                        .collectAsList())
                .hasStackTraceContaining("a row has 2 cells, but the model takes a table with the columns age, city");
        assertThatThrownBy(() -> table.select(functions.expr("backdraft_predict('people', age, array(city))")))
                .hasMessageContaining("argument 3 must be a number, text, date or list of numbers");
        assertThatThrownBy(
                        () -> table.select(functions.expr("backdraft_predict('people', struct(age, array(city) c))")))
                .hasMessageContaining("field 'c' must be a number, text, date or list of numbers, not array<string>");
    }

    @Test
    void infiniteNumbersOfATableAreRefusedOrSkippedOrKept() {
        Dataset<Row> table = table(300).withColumn("x", functions.expr("rand(5)"));
        Dataset<Row> bad = table.withColumn("x", functions.expr("IF(price < 30, DOUBLE('Infinity'), x)"));
        long infinite = bad.where("price < 30").count();
        NeuralNetworkClassifier classifier =
                classifier().setFeaturesCols("age", "city", "x").setColumnKinds("");
        assertThat(infinite).isPositive();
        assertThatThrownBy(() -> classifier.fit(bad))
                .hasMessageContaining("column 'x': " + infinite + " of 300 cells are infinite");
        String skipped = classifier.setHandleInvalid("skip").fit(bad).model().weightsSha256();
        NeuralNetworkClassificationModel model = classifier.fit(bad.where("price >= 30"));
        assertThat(skipped).isEqualTo(model.model().weightsSha256());

        assertThat(model.transform(bad).count()).isEqualTo(300 - infinite);
        assertThat(model.setHandleInvalid("keep")
                        .transform(bad)
                        .where("isnan(prediction)")
                        .count())
                .isEqualTo(infinite);
        assertThatThrownBy(() -> model.setHandleInvalid("error").transform(bad).collectAsList())
                .hasStackTraceContaining("a row: column 'x': 'Infinity' is not a finite number");
    }

    @Test
    void columnsOfNumbersAreATableUnlessAPlainNetworkIsWanted() {
        Dataset<Row> numbers = table(1000).withColumn("x", functions.expr("rand(5)"));
        NeuralNetworkClassifier classifier = new NeuralNetworkClassifier()
                .setFeaturesCols("zip", "x", "price")
                .setMaxIter(1);
        assertThat(isTable(classifier, numbers)).isTrue();
        assertThat(isTable(classifier, numbers.limit(999))).isFalse();
        assertThat(isTable(classifier.copy(new ParamMap()).setHiddenLayers(4), numbers))
                .isFalse();
        assertThat(isTable(classifier.copy(new ParamMap()).setStandardize(true), numbers))
                .isFalse();
        assertThat(isTable(classifier.copy(new ParamMap()).setHandleInvalid("skip"), numbers))
                .isFalse();
        assertThat(isTable(classifier.copy(new ParamMap()).setPreset("none"), numbers))
                .isFalse();
        assertThat(isTable(classifier.setPreset("tabular").setHiddenLayers(4), numbers))
                .isTrue();
    }

    private static boolean isTable(NeuralNetworkClassifier classifier, Dataset<Row> rows) {
        return classifier.fit(rows).model().preprocessing().columns() != null;
    }

    /** 0.1 as a float is not 0.1 as a double, but both are the 0.1 of a file. */
    @Test
    void floatsAreTheNumbersThatTheirTextsSay() {
        Dataset<Row> doubles = table(200).withColumn("x", functions.expr("round(rand(5), 2)"));
        Dataset<Row> floats = doubles.withColumn("x", functions.expr("float(x)"));
        NeuralNetworkClassifier classifier =
                classifier().setFeaturesCols("city", "x").setColumnKinds("");

        assertThat(classifier.fit(floats).model().weightsSha256())
                .isEqualTo(classifier.fit(doubles).model().weightsSha256());
    }

    @Test
    void partitionsDoNotChangeTheBits() {
        Dataset<Row> table = table(400);
        String one = classifier().fit(table.coalesce(1)).model().weightsSha256();

        assertThat(classifier().fit(table.repartition(5)).model().weightsSha256())
                .isEqualTo(one);
    }

    @Test
    void aModelOfATableGivesTheSameAnswersWithoutSparkFromACsvFile() throws Exception {
        Dataset<Row> table = table(300);
        NeuralNetworkClassificationModel fitted = classifier().fit(table);
        Path file = directory.resolve("model.backdraft");
        ModelFile.write(fitted.model(), file);
        String csv = directory.resolve("rows").toString();
        table.coalesce(1)
                .write()
                .option("header", true)
                .option("timestampFormat", "yyyy-MM-dd HH:mm:ss")
                .csv(csv);
        List<Row> expected = fitted.transform(SPARK.get()
                        .read()
                        .option("header", true)
                        .schema(table.schema())
                        .csv(csv))
                .select("probability")
                .collectAsList();

        Model model = ModelFile.read(file);
        Predictor predictor = model.predictor(1);
        Path part;
        try (var files = Files.list(Path.of(csv))) {
            part = files.filter(path -> path.toString().endsWith(".csv"))
                    .findFirst()
                    .orElseThrow();
        }
        DataFile data = DataFile.local(part);
        CsvSchema schema = CsvSchema.forFeatures(
                        CsvReader.readHeader(data), model.preprocessing().featureNames(), null)
                .raw();
        int row = 0;
        try (CsvReader reader = new CsvReader(data, schema)) {
            for (Example example = reader.read(); example != null; example = reader.read()) {
                predictor.load(List.of(example));
                predictor.predictValues();
                assertThat(predictor.probability(1, 0))
                        .isEqualTo(expected.get(row++).<Vector>getAs(0).apply(1));
            }
        }
        assertThat(row).isEqualTo(300);
    }

    @Test
    void aSavedModelTakesTheTableToo() throws Exception {
        Dataset<Row> table = table(200);
        NeuralNetworkClassificationModel model = classifier().fit(table);
        String path = directory.resolve("saved").toString();
        model.write().save(path);

        Dataset<Row> scored = NeuralNetworkClassificationModel.load(path).transform(table);
        assertThat(scored.select("probability").collectAsList())
                .isEqualTo(model.transform(table).select("probability").collectAsList());
    }

    @Test
    void importanceIsThatOfWholeColumns() {
        Dataset<Row> table = table(400);
        Importances importances =
                classifier().setMaxIter(8).fit(table).permutationImportance(table, new PermutationImportance(), 400);

        assertThat(importances.features()).extracting(FeatureImportance::name).containsExactly(FEATURES);
        assertThat(importances.ranked().get(0).name()).isIn("age", "member", "seen");
    }

    @Test
    void numbersWithGapsAreATableUnlessItIsSetWhatHappensToThem() {
        Dataset<Row> table = table(200);
        NeuralNetworkClassifier numbers =
                new NeuralNetworkClassifier().setFeaturesCols("age", "price").setMaxIter(2);

        assertThat(numbers.fit(table).transform(table).count()).isEqualTo(200);
        assertThatThrownBy(() -> numbers.setHandleInvalid("error").fit(table))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("column 'age': the value is missing");
        assertThat(numbers.setHandleInvalid("skip").fit(table).transform(table).count())
                .isEqualTo(table.where("age is not null").count());
    }

    @Test
    void aColumnThatIsNoCellOfATableIsRefusedBeforeAnyJob() {
        Dataset<Row> table = table(50).withColumn("list", org.apache.spark.sql.functions.array());

        assertThatThrownBy(() -> classifier()
                        .setFeaturesCols("age", "city", "list")
                        .setColumnKinds("")
                        .fit(table))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("column 'list' is of type array");
        assertThatThrownBy(() -> classifier().setColumnKinds("zap=category").fit(table))
                .hasMessageContaining("the kind of column 'zap' is given")
                .hasMessageContaining("zip");
    }
}
