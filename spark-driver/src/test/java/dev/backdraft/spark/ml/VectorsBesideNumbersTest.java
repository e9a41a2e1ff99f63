package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.NumericAttribute;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code featuresCols} takes columns of vectors beside numbers, as {@link VectorAssembler} puts them together. */
class VectorsBesideNumbersTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    private static final String[] COLUMNS = {"flag", "v", "a", "w"};

    private static Dataset<Row> rows(Vector ofLast) {
        StructField named = new AttributeGroup("w", new Attribute[] {
                    NumericAttribute.defaultAttr().withName("red"),
                    NumericAttribute.defaultAttr().withName("blue")
                })
                .toStructField();
        StructType schema = new StructType()
                .add("label", DataTypes.DoubleType)
                .add("flag", DataTypes.BooleanType)
                .add("v", SQLDataTypes.VectorType())
                .add("a", DataTypes.IntegerType)
                .add(named);
        return SPARK.get()
                .createDataFrame(
                        List.of(
                                row(0, true, Vectors.dense(1, 2), 3, Vectors.dense(4, 5)),
                                row(1, false, Vectors.dense(-1, 0), 2, Vectors.dense(0, 1)),
                                row(
                                        0,
                                        true,
                                        Vectors.sparse(2, new int[] {1}, new double[] {7}),
                                        1,
                                        Vectors.dense(1, 1)),
                                row(1, false, Vectors.dense(0, 0), 0, ofLast)),
                        schema);
    }

    private static Row row(double label, boolean flag, Vector v, int a, Vector w) {
        return RowFactory.create(label, flag, v, a, w);
    }

    @Test
    void theyAreTheFeaturesOfTheAssembledVector() {
        Dataset<Row> rows = rows(Vectors.dense(9, 8));
        NeuralNetworkClassificationModel model =
                Samples.classifier().setFeaturesCols(COLUMNS).fit(rows);
        Dataset<Row> assembled = new VectorAssembler()
                .setInputCols(COLUMNS)
                .setOutputCol("features")
                .transform(rows);
        NeuralNetworkClassificationModel expected = Samples.classifier().fit(assembled);
        assertThat(model.model().weightsSha256()).isEqualTo(expected.model().weightsSha256());
        assertThat(model.model().preprocessing().featureNames())
                .containsExactly("flag", "v[0]", "v[1]", "a", "red", "blue");
        assertThat(model.transform(rows).select("probability").collectAsList())
                .isEqualTo(expected.transform(assembled).select("probability").collectAsList());
    }

    @Test
    void aVectorOfAnotherSizeIsRefused() {
        Dataset<Row> rows = rows(Vectors.dense(9, 8, 7));
        assertThatThrownBy(() -> Samples.classifier().setFeaturesCols(COLUMNS).fit(rows))
                .hasMessageContaining("7 features instead of 6");
    }

    @Test
    void invalidRowsAreSkipped() {
        Dataset<Row> rows = rows(Vectors.dense(9, Double.NaN));
        NeuralNetworkClassificationModel model = Samples.classifier()
                .setFeaturesCols(COLUMNS)
                .setHandleInvalid("skip")
                .fit(rows);
        assertThat(model.transform(rows).count()).isEqualTo(3);
        assertThatThrownBy(() -> Samples.classifier().setFeaturesCols(COLUMNS).fit(rows))
                .hasMessageContaining("column 'w[1]'");
    }
}
