package dev.backdraft.column;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.data.Cells;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.json.JsonText;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings of the encoding of columns: what they make of cells, beside values that are computed here. */
class EncodingTest {
    private static Example row(Double x, float weight) {
        double number = x == null ? Double.NaN : x;
        return Example.raw(Cells.of(new double[] {number}, new String[1]), 0).withWeight(weight);
    }

    private static ColumnScan scan(String encoding, List<Example> rows) {
        ColumnScan scan = new ColumnScan(List.of("x"), ColumnSettings.STANDARD.withEncoding(Encoding.of(encoding)));
        rows.forEach(row -> scan.add(row, () -> "a row"));
        return scan;
    }

    private static Columns learn(String encoding, Double... numbers) {
        return scan(encoding, Arrays.stream(numbers).map(x -> row(x, 1)).toList())
                .learn();
    }

    private static float[] encode(Columns columns, Double x) {
        return columns.encode(row(x, 1)).values();
    }

    private static Double[] numbers(int count) {
        Random random = new Random(3);
        Double[] numbers = new Double[count];
        for (int i = 0; i < count; i++) {
            double x = Math.exp(random.nextGaussian());
            numbers[i] = i % 5 == 0 ? Math.rint(x) : x; // some of them several times
        }
        return numbers;
    }

    /** scikit-learn's StandardScaler: the deviation of the population. */
    @Test
    void standardScalingSubtractsTheMeanAndDividesByTheDeviation() {
        Double[] numbers = numbers(500);
        double mean = 0;
        for (double x : numbers) {
            mean += x / numbers.length;
        }
        double variance = 0;
        for (double x : numbers) {
            variance += (x - mean) * (x - mean) / numbers.length;
        }

        Columns columns = learn("scaling=standard,clip=0", numbers);

        for (double x : numbers) {
            assertThat(encode(columns, x))
                    .containsExactly(new float[] {(float) ((x - mean) / Math.sqrt(variance))}, within(1e-6f));
        }
        double far = (40 - mean) / Math.sqrt(variance);
        assertThat(encode(learn("scaling=standard,clip=5", numbers), 40.0)[0])
                .isCloseTo((float) (far / Math.sqrt(1 + far / 5 * (far / 5))), within(1e-5f));
    }

    /** The mean rank of equal numbers, as scipy.stats.rankdata gives it, less a half, of all. */
    @ParameterizedTest
    @CsvSource({"100, 1e-9", "5000, 0.004"})
    void quantileScalingGivesTheRank(int count, double most) {
        Double[] numbers = numbers(count);
        Columns uniform = learn("scaling=quantile-uniform", numbers);
        Columns normal = learn("scaling=quantile-normal", numbers);

        for (double x : numbers) {
            double rank = 0;
            for (double other : numbers) {
                rank += other < x ? 1 : other == x ? 0.5 : 0;
            }
            double share = rank / count;
            assertThat((encode(uniform, x)[0] + 1) / 2.0).isCloseTo(share, within(most + 1e-7));
            assertThat(probability(encode(normal, x)[0])).isCloseTo(share, within(most + 1e-6));
        }
        assertThat(encode(uniform, -1e300)[0]).isEqualTo(encode(uniform, Collections.min(List.of(numbers)))[0]);
        assertThat(encode(normal, 1e300)[0]).isEqualTo(encode(normal, Collections.max(List.of(numbers)))[0]);
        assertThat(ColumnsJson.write(uniform).at("/0/values").size()).isBetween(60, 512);
    }

    /** The share of a normal distribution below a number: Simpson's rule on the density. */
    private static double probability(double x) {
        int steps = 2000;
        double h = x / steps;
        double sum = 0;
        for (int i = 0; i <= steps; i++) {
            double weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * Math.exp(-(i * h) * (i * h) / 2);
        }
        return 0.5 + sum * h / 3 / Math.sqrt(2 * Math.PI);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-12, 1e-6, 0.01, 0.07, 0.075, 0.3, 0.5, 0.7, 0.925, 0.999, 1 - 1e-9})
    void theNormalQuantileIsTheInverseOfTheDistribution(double p) {
        assertThat(probability(NormalQuantile.of(p))).isCloseTo(p, within(1e-13));
        assertThat(NormalQuantile.of(1 - p)).isCloseTo(-NormalQuantile.of(p), within(1e-5)); // 1 − p is rounded
    }

    /** Published in tables: the 97.5 % point, and that of a billionth. */
    @Test
    void theNormalQuantileHasKnownValues() {
        assertThat(NormalQuantile.of(0.975)).isCloseTo(1.95996398454005, within(1e-13));
        assertThat(NormalQuantile.of(1e-9)).isCloseTo(-5.9978070150077, within(1e-12));
        assertThat(NormalQuantile.of(1e-20)).isCloseTo(-9.262340089798, within(1e-11));
    }

    @ParameterizedTest
    @CsvSource({
        "'', 3",
        "missing=median, 3",
        "missing=mean, 29",
        "'missing=constant,constant=-7', -7",
        "missing=constant, 0"
    })
    void gapsBecomeWhatIsSaidAndAreFlagged(String encoding, double fill) {
        Columns columns = learn(encoding, 1.0, 2.0, 3.0, 39.0, 100.0, null);
        float[] number = encode(columns, fill);

        assertThat(encode(columns, null)).containsExactly(number[0], 1);
        assertThat(number[1]).isZero();
    }

    /** Of a column with a constant for gaps, it is not the constant. */
    @ParameterizedTest
    @ValueSource(strings = {"", "scaling=standard", "scaling=quantile-normal", "missing=constant,constant=-99"})
    void aUsualRowIsInTheMiddle(String encoding) {
        float[] usual = {1, 1};
        learn(encoding, 1.0, 2.0, 3.0, 39.0, 100.0, null).encodeUsual(usual, 0);

        assertThat(usual).containsExactly(0, 0);
    }

    @Test
    void rowsOfWeightTwoCountAsTwoRows() {
        for (String encoding : List.of("scaling=standard,missing=mean", "scaling=quantile-normal")) {
            ColumnScan twice = scan(encoding, List.of(row(1.0, 1), row(5.0, 1), row(5.0, 1), row(null, 1)));
            ColumnScan weighed = scan(encoding, List.of(row(1.0, 1), row(5.0, 2), row(null, 1)));

            assertThat(ColumnsJson.write(weighed.learn())).isEqualTo(ColumnsJson.write(twice.learn()));
        }
    }

    /** Numbers of which a sum of doubles depends on the order. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "scaling=standard",
                "missing=mean,scaling=quantile-uniform",
                "scaling=quantile-normal,missing=mean"
            })
    void columnsDependOnNeitherOrderNorParts(String encoding) throws Exception {
        Random random = new Random(5);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            double x = random.nextGaussian() * Math.pow(10, random.nextInt(20));
            rows.add(row(random.nextInt(10) == 0 ? null : x, random.nextFloat() + 0.1f));
        }
        Columns whole = scan(encoding, rows).learn();
        Collections.shuffle(rows, random);
        ColumnScan parts = scan(encoding, rows.subList(0, 3));
        for (int from = 3; from < rows.size(); from += 613) {
            parts.add(sent(scan(encoding, rows.subList(from, Math.min(from + 613, rows.size())))));
        }

        assertThat(ColumnsJson.write(parts.learn())).isEqualTo(ColumnsJson.write(whole));
        assertThat(parts.inputs(parts.learn(), 16).get(0).boundaries()).hasSizeBetween(10, 17);
    }

    private static ColumnScan sent(ColumnScan scan) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(scan);
        }
        assertThat((long) bytes.size()).isLessThan(scan.mostBytes());
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (ColumnScan) in.readObject();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "scaling=standard,missing=mean",
                "scaling=quantile-normal",
                "scaling=quantile-uniform,missing=constant"
            })
    void columnsAreTheSameInAModelFile(String encoding) {
        Columns columns = learn(encoding, 1.0, 2.0, 2.0, 3.0, 39.0, 100.0, null);
        Columns read = ColumnsJson.read(ColumnsJson.write(columns));

        for (Double x : new Double[] {null, -5.0, 1.0, 1.7, 2.0, 20.0, 100.0, 1e200}) {
            assertThat(encode(read, x)).isEqualTo(encode(columns, x));
        }
        assertThat(read.describe()).isEqualTo(columns.describe());
    }

    /** The columns of a model that was written before there were settings of the encoding. */
    @Test
    void oldFilesAreReadAndTheDefaultsWriteTheSame() {
        String old =
                "[{\"type\":\"number\",\"name\":\"x\",\"scale\":{\"center\":2.0,\"divisor\":1.4825796886582654,\"limit\":3.0},"
                        + "\"fill\":2.0,\"flagsGaps\":true}]";
        Columns columns = learn("", 1.0, 2.0, 3.0, null);

        assertThat(ColumnsJson.write(columns).toString()).isEqualTo(old);
        assertThat(encode(
                        ColumnsJson.read(
                                JsonText.read("{\"columns\": " + old + "}").get("columns")),
                        7.0))
                .isEqualTo(encode(columns, 7.0));
    }

    @Test
    void categoriesAreCountedAsIsSaid() {
        List<String> cells = List.of("a", "a", "a", "b", "b", "c");
        assertThat(inputs("", cells)).containsExactly("x=a", "x=b", "x rare");
        assertThat(inputs("minFrequency=1", cells)).containsExactly("x=a", "x=b", "x=c");
        assertThat(inputs("minFrequency=3", cells)).containsExactly("x=a", "x rare");
        assertThat(inputs("minFrequency=1,maxCategories=1", cells)).containsExactly("x=a", "x rare");
        assertThat(inputs("oneHotLimit=1", cells)).containsExactly("x");
    }

    private static List<String> inputs(String encoding, List<String> cells) {
        ColumnScan scan = new ColumnScan(List.of("x"), ColumnSettings.STANDARD.withEncoding(Encoding.of(encoding)));
        cells.forEach(cell -> scan.add(Example.raw(Cells.of(cell), 0), () -> "a row"));
        return scan.learn().inputs().stream().map(ColumnInput::name).toList();
    }

    /** They are no problem for quartiles. */
    @Test
    void numbersWithoutAMeanAreRefusedWhereOneIsNeeded() {
        assertThat(encode(learn("", 1.0, 2.0, 1e200), 2.0)).hasSize(1);
        for (String encoding : List.of("missing=mean", "scaling=standard")) {
            assertThatThrownBy(() -> learn(encoding, 1.0, 2.0, 1e200))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("column 'x': 1 of 3 cells are beyond 3.4028235E38")
                    .hasMessageContaining("scaling=robust");
        }
    }

    @Test
    void whatIsWrittenIsReadAndWrongSettingsAreNamed() {
        Encoding encoding = Encoding.of("scaling=quantile-normal,missing=constant,constant=1.5,minFrequency=3");
        assertThat(Encoding.read(encoding.write())).isEqualTo(encoding);
        assertThat(Encoding.of("")).isEqualTo(new Encoding());
        refused("scaling=rank", "encoding: scaling is \"rank\"", "quantile-normal");
        refused("scalin=robust", "unknown key 'scalin'", "did you mean 'scaling'");
        refused("constant=3", "constant is 3.0, but nothing uses it", "missing=constant");
        refused("clip=-1", "clip", "-1");
        refused("minFrequency=0", "minFrequency", "at least 1");
        refused("maxCategories=1.5", "maxCategories is 1.5", "whole number");
    }

    private static void refused(String encoding, String... parts) {
        assertThatThrownBy(() -> Encoding.of(encoding))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(parts));
    }
}
