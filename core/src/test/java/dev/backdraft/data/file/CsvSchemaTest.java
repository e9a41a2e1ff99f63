package dev.backdraft.data.file;

import static dev.backdraft.data.file.TestFiles.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CsvSchemaTest {
    private static final List<String> HEADER = List.of("id", "age", "height", "w", "class");

    @Test
    void theLabelIsTheLastColumnUnlessNamed() {
        assertThat(CsvSchema.of(HEADER, null, null)).isEqualTo(new CsvSchema(HEADER, List.of(0, 1, 2, 3), 4, -1));
        assertThat(CsvSchema.of(HEADER, "age", null)).isEqualTo(new CsvSchema(HEADER, List.of(0, 2, 3, 4), 1, -1));
    }

    @Test
    void weightAndIgnoredColumnsAreNoFeatures() {
        CsvSchema schema = CsvSchema.of(HEADER, "class", "w", List.of("id"));

        assertThat(schema).isEqualTo(new CsvSchema(HEADER, List.of(1, 2), 4, 3));
        assertThat(schema.featureNames()).containsExactly("age", "height");
        assertThat(schema.labelName()).isEqualTo("class");
    }

    @Test
    void aNameThatDoesNotExistIsRefusedWithThoseThatDo() {
        assertThat(refusal(() -> CsvSchema.of(HEADER, "klass", null)))
                .isEqualTo(
                        "no label column 'klass' (did you mean 'class'?): the columns are id, age, height, w, class");
        assertThat(refusal(() -> CsvSchema.of(HEADER, null, "weight")))
                .isEqualTo(
                        "no weight column 'weight' (did you mean 'height'?): the columns are id, age, height, w, class");
        assertThat(refusal(() -> CsvSchema.of(HEADER, null, null, List.of("ID"))))
                .isEqualTo("no column 'ID' to ignore (did you mean 'id'?): the columns are id, age, height, w, class");
    }

    @Test
    void aColumnHasOneUse() {
        assertThat(refusal(() -> CsvSchema.of(HEADER, "w", "w")))
                .isEqualTo("column 'w' is the label and cannot be the weight or ignored: name another label");
        assertThat(refusal(() -> CsvSchema.of(HEADER, null, "class")))
                .isEqualTo("column 'class' is the label, being the last, and cannot be the weight or ignored:"
                        + " name another label");
        assertThat(refusal(() -> CsvSchema.of(HEADER, null, null, List.of("class"))))
                .contains("'class' is the label");
        assertThat(refusal(() -> CsvSchema.forFeatures(HEADER, List.of("age", "class"), "class")))
                .isEqualTo("column 'class' is used twice among features, label and weight");
    }

    @Test
    void atLeastOneFeatureMustBeLeft() {
        assertThat(refusal(() -> CsvSchema.of(List.of("class"), null, null)))
                .contains("no feature column remains", "class");
        assertThat(refusal(() -> CsvSchema.of(List.of(), null, null))).isEqualTo("a header without columns");
    }

    @Test
    void aModelFindsItsFeaturesByNameInItsOwnOrder() {
        CsvSchema schema = CsvSchema.forFeatures(HEADER, List.of("height", "age"), "class");

        assertThat(schema).isEqualTo(new CsvSchema(HEADER, List.of(2, 1), 4, -1));
        assertThat(schema.featureNames()).containsExactly("height", "age");
    }

    @Test
    void aModelDoesNotNeedTheLabel() {
        assertThat(CsvSchema.forFeatures(HEADER, List.of("age"), "species").labels())
                .isEmpty();
        assertThat(CsvSchema.forFeatures(HEADER, List.of("age"), null).labelName())
                .isNull();
    }

    @Test
    void allFeaturesThatAModelMissesAreListed() {
        assertThat(refusal(() -> CsvSchema.forFeatures(HEADER, List.of("age", "width", "depth"), "class")))
                .isEqualTo(
                        "2 of the model's 3 features missing: width, depth; the columns are id, age, height, w, class");
    }

    @Test
    void longListsOfNamesAreShortened() {
        List<String> wide = IntStream.range(0, 785).mapToObj(i -> "p" + i).toList();

        assertThat(refusal(() -> CsvSchema.of(wide, "label", null)))
                .startsWith("no label column 'label': the columns are p0, p1, ")
                .endsWith(", p18 … p784 (785 in all)");
    }

    @Test
    void columnsOutsideTheHeaderAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CsvSchema(HEADER, List.of(0), 5, -1))
                .withMessage("column 5 of 5");
    }
}
