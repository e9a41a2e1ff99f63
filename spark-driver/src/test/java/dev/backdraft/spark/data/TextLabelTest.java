package dev.backdraft.spark.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Labels of a DataFrame that are text. */
class TextLabelTest {
    private static final StructType SCHEMA =
            new StructType().add("x", DataTypes.DoubleType).add("y", DataTypes.StringType);

    private static ExampleReader reader(String label) {
        Row row = new GenericRowWithSchema(new Object[] {1699999988.212, label}, SCHEMA);
        return DataFrameRows.forTraining(SCHEMA, "y", null).reader(List.of(row).iterator());
    }

    @Test
    void aTextThatIsANumberBeyondFloatIsRefused() {
        assertThatThrownBy(() -> reader("1e39").read())
                .isInstanceOf(DataException.class)
                .hasMessage("row 1, column 'y': '1e39' is beyond the range of a 32-bit float: scale the data down");
        assertThatThrownBy(() -> reader("-Infinity").read()).hasMessageContaining("is not a finite number");
    }

    @Test
    void otherTextIsAClassAndDoublesKeepTheirDigits() throws IOException {
        Example row = reader("cat").read();

        assertThat(row.labelText()).isEqualTo("cat");
        assertThat(row.label()).isNaN();
        assertThat(row.value(0)).isEqualTo(1699999988.212);
    }
}
