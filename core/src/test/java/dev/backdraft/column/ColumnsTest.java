package dev.backdraft.column;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.data.Cells;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.data.InvalidValue;
import dev.backdraft.data.MemorySource;
import dev.backdraft.json.JsonText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is learned of columns, and how cells become numbers. */
class ColumnsTest {
    private static final double CLIP = 3;

    private static Columns learn(List<String> names, String... rows) {
        return scan(names, ColumnSettings.STANDARD, List.of(rows)).learn();
    }

    private static ColumnScan scan(List<String> names, ColumnSettings settings, List<String> rows) {
        ColumnScan scan = new ColumnScan(names, settings);
        rows.forEach(row -> scan.add(raw(row), () -> row));
        return scan;
    }

    private static Example raw(String row) {
        return Example.raw(Cells.of(row.split(",", -1)), 0);
    }

    private static float[] encode(Columns columns, String row) {
        return columns.encode(raw(row)).values();
    }

    private static double clipped(double x) {
        return x / Math.sqrt(1 + x / CLIP * (x / CLIP));
    }

    @Test
    void numbersAreScaledByMedianAndQuartiles() {
        Columns columns = learn(List.of("x"), "1", "2", "3", "4", "100");

        double spread = (4 - 2) / 1.349;
        assertThat(columns.inputs()).extracting(ColumnInput::name).containsExactly("x");
        assertThat(encode(columns, "3")).containsExactly(0);
        assertThat(encode(columns, "4")[0]).isCloseTo((float) clipped(1 / spread), within(1e-6f));
        assertThat(encode(columns, "1e30")[0]).isEqualTo((float) CLIP);
        assertThat(encode(columns, "-1e300")[0]).isEqualTo((float) -CLIP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "NA", "nan", "null", "None", "?", "n/a"})
    void gapsAmongNumbersBecomeTheMedianAndAFlag(String gap) {
        Columns columns = learn(List.of("x"), "1", gap, "2", "3");

        assertThat(columns.inputs()).extracting(ColumnInput::name).containsExactly("x", "x missing");
        assertThat(encode(columns, gap)).containsExactly(0, 1);
        assertThat(encode(columns, "2")).containsExactly(0, 0);
    }

    @Test
    void gapsAreHandledAtScoringEvenIfTrainingHadNone() {
        Columns columns = learn(List.of("x", "c"), "1,a", "2,b", "3,a", "3,b");

        assertThat(encode(columns, ",")).containsExactly(0, 0, 0);
    }

    @Test
    void fewCategoriesBecomeFlags() {
        Columns columns = learn(List.of("c"), "b", "a", "", "b", "a", "z");

        assertThat(columns.inputs()).extracting(ColumnInput::name).containsExactly("c=a", "c=b", "c missing", "c rare");
        assertThat(encode(columns, "a")).containsExactly(1, 0, 0, 0);
        assertThat(encode(columns, "b")).containsExactly(0, 1, 0, 0);
        assertThat(encode(columns, "")).containsExactly(0, 0, 1, 0);
        assertThat(encode(columns, "unseen")).containsExactly(0, 0, 0, 1);
    }

    @Test
    void manyCategoriesBecomeCodes() {
        List<String> rows = IntStream.range(0, 40).mapToObj(i -> "c" + i % 20).toList();
        Columns columns = learn(List.of("c"), rows.toArray(String[]::new));

        assertThat(columns.inputs()).containsExactly(ColumnInput.code("c", 22));
        assertThat(encode(columns, "c0")).containsExactly(2);
        assertThat(encode(columns, "c9")).containsExactly(21); // the last in alphabetical order
        assertThat(encode(columns, "")).containsExactly(0);
        assertThat(encode(columns, "unseen")).containsExactly(1);
    }

    @Test
    void ofTooManyCategoriesTheMostFrequentOnesStay() {
        ColumnSettings settings = ColumnSettings.STANDARD.withEncoding(Encoding.of("maxCategories=2"));
        Columns columns = scan(List.of("c"), settings, List.of("d", "d", "a", "a", "a", "b", "b", "c", "c", "c", "e"))
                .learn();

        assertThat(columns.inputs()).extracting(ColumnInput::name).containsExactly("c=a", "c=c", "c rare");
    }

    @Test
    void moreCategoriesThanCanBeListedAreHashed() {
        List<String> names = IntStream.range(0, 8192).mapToObj(i -> "c" + i).toList(); // room for 256 texts each
        ColumnScan wide = new ColumnScan(names, ColumnSettings.STANDARD);
        for (int row = 0; row < 600; row++) {
            String[] cells = new String[names.size()];
            Arrays.fill(cells, "same");
            cells[0] = "text" + row;
            wide.add(Example.raw(Cells.of(cells), 0), () -> "row");
        }
        Columns columns = wide.learn();

        assertThat(columns.describe().get(0)).isEqualTo("category, hashed into 16384 codes");
        assertThat(columns.describe().get(1)).isEqualTo("not used: the same in all rows");
    }

    @Test
    void datesBecomeNumbersCirclesAndDays() {
        Columns columns = learn(List.of("d"), "2026-01-01", "2026-01-02", "2026-06-30", "2026-12-31");

        assertThat(columns.inputs())
                .extracting(ColumnInput::name)
                .containsExactly(
                        "d day",
                        "d day of year",
                        "d day of month",
                        "d day of year sine",
                        "d day of year cosine",
                        "d weekday 1",
                        "d weekday 2",
                        "d weekday 3",
                        "d weekday 4",
                        "d weekday 5",
                        "d weekday 6",
                        "d weekday 7");
        float[] newYear = encode(columns, "2026-01-01"); // a Thursday
        assertThat(newYear[3]).isZero();
        assertThat(newYear[4]).isEqualTo(1);
        assertThat(Arrays.copyOfRange(newYear, 5, 12)).containsExactly(0, 0, 0, 1, 0, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-01 06:00:00",
                "2026-01-01T06:00",
                "2026-01-01T06:00:00Z",
                "2026-01-01T08:00:00+02:00",
                "2026-01-01 06:00:00.000"
            })
    void timesOfDayHaveAPlaceOnACircle(String six) {
        Columns columns = learn(List.of("d"), "2026-01-01 00:00:00", "2026-01-05 12:00:00");

        int sine = columns.inputs().stream().map(ColumnInput::name).toList().indexOf("d time sine");
        assertThat(encode(columns, six)[sine]).isEqualTo(1);
        assertThat(encode(columns, six)[sine + 1]).isCloseTo(0, within(1e-6f));
    }

    @Test
    void kindsCanBeSaid() {
        ColumnSettings settings = ColumnSettings.STANDARD.withKinds(ColumnSettings.kinds("zip=category"));
        ColumnScan scan = new ColumnScan(List.of("zip"), settings);
        for (int zip : new int[] {3000, 3000, 8000, 8000}) {
            scan.add(Example.raw(Cells.of(new double[] {zip}, new String[1]), 0), () -> "");
        }

        assertThat(scan.learn().inputs()).extracting(ColumnInput::name).containsExactly("zip=3000", "zip=8000");
        assertThat(encode(scan.learn(), "8000")).containsExactly(0, 1);
    }

    @Test
    void kindsThatAreFoundOutCanBeSaidWithTheSameResult() {
        String[] rows = IntStream.range(0, 40)
                .mapToObj(
                        i -> i + ",c" + i % 20 + ",2026-01-" + (10 + i % 9) + "," + (i % 2 == 0 ? "yes" : "no") + ",1")
                .toArray(String[]::new);
        List<String> names = List.of("x", "a,b", "d", "e\"", "same");
        Columns found = learn(names, rows);
        String text = ColumnSettings.text(found.kinds());

        assertThat(text).isEqualTo("\"a,b=category\",d=date,e\"=category,x=number");
        ColumnSettings said = ColumnSettings.STANDARD.withKinds(ColumnSettings.kinds(text));
        assertThat(said.kinds()).isEqualTo(found.kinds());
        assertThat(ColumnsJson.write(scan(names, said, List.of(rows)).learn())).isEqualTo(ColumnsJson.write(found));
        assertThat(ColumnSettings.text(ColumnSettings.STANDARD.kinds())).isNull();
    }

    @Test
    void aNumberAndItsTextAreTheSameCell() {
        Columns columns = learn(List.of("x", "b"), "1,true", "2,false", "4,true");

        Example numbers = Example.raw(Cells.of(new double[] {2, 1}, new String[2]), 0);
        assertThat(columns.encode(numbers).values()).isEqualTo(encode(columns, "2,TRUE"));
    }

    @Test
    void whatIsLearnedDependsOnNeitherOrderNorParts() {
        Random random = new Random(1);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            rows.add(String.join(
                    ",",
                    random.nextInt(10) == 0 ? "" : Double.toString(random.nextGaussian()),
                    "c" + random.nextInt(200),
                    random.nextBoolean() ? "yes" : "no",
                    String.format(
                            Locale.ROOT,
                            "20%02d-%02d-%02d",
                            random.nextInt(30),
                            1 + random.nextInt(12),
                            1 + random.nextInt(28))));
        }
        List<String> names = List.of("x", "c", "b", "d");
        ColumnScan whole = scan(names, ColumnSettings.STANDARD, rows);
        Collections.shuffle(rows, random);
        ColumnScan parts = new ColumnScan(names, ColumnSettings.STANDARD);
        for (int from = 0; from < rows.size(); from += 700) {
            parts.add(scan(names, ColumnSettings.STANDARD, rows.subList(from, Math.min(from + 700, rows.size()))));
        }

        assertThat(ColumnsJson.write(parts.learn())).isEqualTo(ColumnsJson.write(whole.learn()));
        assertThat(parts.inputs(parts.learn(), 16)).isEqualTo(whole.inputs(whole.learn(), 16));
    }

    /**
     * A sample has room for 512 of these rows: parts are thinned or not, and may be thinned more than their sum so far.
     */
    @ParameterizedTest
    @CsvSource({"2000, 300", "700, 600", "700, 100"})
    void aSampleOfRowsDependsOnNeitherOrderNorParts(int count, int firstPart) {
        Random random = new Random(2);
        int wide = 1 << 13;
        List<String> names = IntStream.range(0, wide).mapToObj(i -> "x" + i).toList();
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double[] numbers = new double[wide];
            numbers[0] = random.nextGaussian();
            numbers[1] = i;
            rows.add(Example.raw(Cells.of(numbers, new String[wide]), 0));
        }
        ColumnScan whole = scanOf(names, rows);
        Collections.shuffle(rows, random);
        ColumnScan parts = new ColumnScan(names, ColumnSettings.STANDARD);
        for (int from = 0; from < count; from += firstPart) {
            parts.add(scanOf(names, rows.subList(from, Math.min(from + firstPart, count))));
        }

        assertThat(ColumnsJson.write(parts.learn())).isEqualTo(ColumnsJson.write(whole.learn()));
        NumberColumn counting = (NumberColumn) whole.learn().encoders().get(1);
        assertThat(counting.scale().center()).isCloseTo(count / 2.0, within(count / 10.0)); // of some hundred rows
    }

    /** A sample has room for 512 of these rows that differ, and here are only three, often. */
    @Test
    void manyEqualRowsAreOneRowOfASample() {
        int wide = 1 << 13;
        List<String> names = IntStream.range(0, wide).mapToObj(i -> "x" + i).toList();
        ColumnScan scan = new ColumnScan(names, ColumnSettings.STANDARD);
        for (int i = 0; i < 900; i++) {
            double[] numbers = new double[wide];
            numbers[0] = new double[] {1, 5, 9}[i % 3];
            scan.add(Example.raw(Cells.of(numbers, new String[wide]), 0), () -> "");
        }

        NumberColumn column = (NumberColumn) scan.learn().encoders().get(0);
        assertThat(column.scale().center()).isEqualTo(5);
        assertThat(column.scale().divisor()).isCloseTo((9 - 1) / 1.349, within(1e-12));
    }

    /** Of numbers and of texts, as many as are kept. */
    @Test
    void aScanTakesNoMoreBytesThanItSays() throws IOException {
        int wide = 1 << 13;
        ColumnScan numbers =
                new ColumnScan(IntStream.range(0, wide).mapToObj(i -> "x" + i).toList(), ColumnSettings.STANDARD);
        for (int row = 0; row < 512; row++) {
            double[] values = new double[wide];
            values[0] = row;
            numbers.add(Example.raw(Cells.of(values, new String[wide]), 0), () -> "");
        }
        ColumnScan texts = new ColumnScan(List.of("c"), ColumnSettings.STANDARD);
        for (int row = 0; row < 1 << 17; row++) {
            texts.add(raw(String.format(Locale.ROOT, "%031dx", row)), () -> "");
        }

        assertThat(sizeOf(numbers)).isBetween(8L * 512 * wide, numbers.mostBytes());
        assertThat(sizeOf(texts)).isBetween(32L << 17, texts.mostBytes());
    }

    private static long sizeOf(ColumnScan scan) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(scan);
        }
        return bytes.size();
    }

    /** There is room for 8,192 characters of each of these columns. */
    @ParameterizedTest
    @CsvSource({"100, 100, 'category, hashed into 16384 codes'", "100, 70, 'category, a code for each of 100 (000'"})
    void longTextsAreHashedSoonerThanShortOnes(int count, int length, String expected) {
        int wide = 1 << 13;
        List<String> names = IntStream.range(0, wide).mapToObj(i -> "c" + i).toList();
        ColumnScan whole = new ColumnScan(names, ColumnSettings.STANDARD);
        ColumnScan parts = new ColumnScan(names, ColumnSettings.STANDARD);
        for (int part = 0; part < 2; part++) {
            ColumnScan scan = new ColumnScan(names, ColumnSettings.STANDARD);
            for (int i = 0; i < count; i++) {
                String[] cells = new String[wide];
                cells[0] = String.format(Locale.ROOT, "%0" + length + "d", i) + "x";
                scan.add(Example.raw(Cells.of(cells), 0), () -> "");
                whole.add(Example.raw(Cells.of(cells), 0), () -> "");
            }
            parts.add(scan);
        }

        assertThat(whole.learn().describe().get(0)).startsWith(expected);
        assertThat(ColumnsJson.write(parts.learn())).isEqualTo(ColumnsJson.write(whole.learn()));
    }

    @Test
    void infiniteNumbersAreRefusedHoweverManyThereAre() {
        ColumnScan scan = new ColumnScan(List.of("x"), ColumnSettings.STANDARD);
        for (double x : new double[] {1, 2, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN}) {
            scan.add(Example.raw(Cells.of(new double[] {x}, new String[1]), 0), () -> "");
        }

        assertThatThrownBy(scan::learn)
                .isInstanceOf(DataException.class)
                .hasMessage("column 'x': 2 of 4 cells are infinite: correct or empty them");
    }

    @Test
    void rowsThatCannotBeEncodedAreSkippedAndCounted() throws Exception {
        Columns columns = learn(List.of("x"), "1", "2");
        ExampleSource raw = new MemorySource(List.of(raw("1"), raw("inf"), raw(""), raw("-1e999")), List.of("x"), null);

        try (ExampleReader rows =
                new EncodedSource(raw, columns).skippingInvalid().open(0)) {
            assertThat(rows.read().values()).isEqualTo(encode(columns, "1"));
            assertThat(rows.read().values()).isEqualTo(encode(columns, ""));
            assertThat(rows.read()).isNull();
            assertThat(rows.skipped().count(InvalidValue.INFINITE)).isEqualTo(2);
        }
        try (ExampleReader rows = new EncodedSource(raw, columns).open(0)) {
            rows.read();
            assertThatThrownBy(rows::read).hasMessage("row 1: column 'x': 'inf' is not a finite number");
        }
    }

    private static ColumnScan scanOf(List<String> names, List<Example> rows) {
        ColumnScan scan = new ColumnScan(names, ColumnSettings.STANDARD);
        rows.forEach(row -> scan.add(row, () -> ""));
        return scan;
    }

    @Test
    void aRowOfWeightTwoIsTwoRows() {
        List<String> names = List.of("x");
        ColumnScan twice = scan(names, ColumnSettings.STANDARD, List.of("1", "5", "5", "9"));
        ColumnScan weighed = new ColumnScan(names, ColumnSettings.STANDARD);
        weighed.add(raw("1"), () -> "");
        weighed.add(raw("5").withWeight(2), () -> "");
        weighed.add(raw("9"), () -> "");
        weighed.add(raw("77").withWeight(0), () -> "");

        assertThat(ColumnsJson.write(weighed.learn())).isEqualTo(ColumnsJson.write(twice.learn()));
    }

    @Test
    void jsonKeepsEverything() {
        Columns columns = learn(
                List.of("x", "c", "k", "d", "same"),
                IntStream.range(0, 60)
                        .mapToObj(i -> (i % 7 == 0 ? "" : i / 3.0) + "," + "uvw".charAt(i % 3) + ",k" + i % 30
                                + ",2026-01-" + (10 + i % 20) + ",1")
                        .toArray(String[]::new));
        Columns read = ColumnsJson.read(ColumnsJson.write(columns));

        assertThat(ColumnsJson.write(read)).isEqualTo(ColumnsJson.write(columns));
        assertThat(read.describe()).isEqualTo(columns.describe());
        assertThat(encode(read, "1.5,v,k7,2026-05-05,1")).isEqualTo(encode(columns, "1.5,v,k7,2026-05-05,1"));
    }

    @Test
    void badTablesAreRefusedClearly() {
        List<String> numbers = new ArrayList<>(Collections.nCopies(99, "1"));
        numbers.add("x7");
        assertThatThrownBy(() ->
                        scan(List.of("n"), ColumnSettings.STANDARD, numbers).learn())
                .isInstanceOf(DataException.class)
                .hasMessage(
                        "column 'n': 99 of 100 cells are numbers, but others are not, such as 'x7': correct or empty them, or"
                                + " say that the column is a category (n=category)");
        List<String> dates = new ArrayList<>(Collections.nCopies(99, "2026-01-31"));
        dates.add("2026-13-45");
        assertThatThrownBy(
                        () -> scan(List.of("d"), ColumnSettings.STANDARD, dates).learn())
                .hasMessageContaining("99 of 100 cells are dates, but others are not, such as '2026-13-45'");
        ColumnSettings date = ColumnSettings.STANDARD.withKinds(ColumnSettings.kinds("d=date"));
        assertThatThrownBy(() -> scan(List.of("d"), date, List.of("2026-01-01", "10000-01-01"))
                        .learn())
                .hasMessageContaining("1 of 2 cells are not dates from the years 1 to 9999, such as '10000-01-01'");
        assertThatThrownBy(() -> new ColumnScan(List.of("a"), date)).hasMessageContaining("column 'd'");
        assertThatThrownBy(() -> learn(List.of("a", "b"), ",1", ",1"))
                .hasMessage("nothing to learn from: each of the columns a, b is the same in all rows");
        assertThatThrownBy(() -> ColumnSettings.kinds("zip=text")).hasMessageContaining("'zip=text'");
    }

    @Test
    void aNullInTheListsOfAFileIsRefused() {
        assertThatThrownBy(() -> ColumnsJson.read(
                        JsonText.read("{\"columns\": [{\"type\": \"codes\", \"name\": \"c\", \"values\": [null]}]}")
                                .get("columns")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("null");
    }

    @Test
    void aCategoryForEachRowTellsNothing() {
        Columns columns = learn(List.of("id", "x"), "a,1", "b,2", "c,3");

        assertThat(columns.describe().get(0)).isEqualTo("not used: another category in each row, or nearly");
        assertThat(columns.width()).isEqualTo(1);
    }

    @Test
    void aTextAmongNumbersIsRefusedAtScoring() {
        Columns columns = learn(List.of("x"), "1", "2");

        assertThatThrownBy(() -> encode(columns, "many")).hasMessage("column 'x': 'many' is not a number");
        assertThatThrownBy(() -> encode(columns, "Infinity"))
                .hasMessage("column 'x': 'Infinity' is not a finite number");
        assertThatThrownBy(() -> encode(columns, "1,2")).hasMessageContaining("a row has 2 cells");
    }

    @Test
    void tenThousandColumnsAreScannedInModestMemory() {
        List<String> names = IntStream.range(0, 10_000).mapToObj(i -> "x" + i).toList();
        ColumnScan scan = new ColumnScan(names, ColumnSettings.STANDARD);
        Random random = new Random(3);
        for (int row = 0; row < 50; row++) {
            String[] cells = new String[names.size()];
            Arrays.setAll(cells, i -> Integer.toString(random.nextInt(100)));
            scan.add(Example.raw(Cells.of(cells), 0), () -> "");
        }

        assertThat(scan.learn().width()).isEqualTo(10_000);
    }

    /** 200 columns of 8,000 categories of 15 characters would need a header of 32 MB. */
    @Test
    void columnsThatNoModelFileHoldsAreRefusedBeforeTraining() {
        List<ColumnEncoder> encoders = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int length = i == 7 ? 18 : 15;
            List<String> values = IntStream.range(0, 8000)
                    .mapToObj(k -> String.format(Locale.ROOT, "%0" + length + "d", k))
                    .toList();
            encoders.add(new CodeColumn("c" + i, values, ""));
        }
        assertThatThrownBy(() -> ColumnSize.check(new Columns(encoders)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("the largest are 'c7' (8,000 categories, 184,000 bytes)")
                .hasMessageContaining("say what the columns hold");
        ColumnSize.check(new Columns(encoders.subList(0, 70)));
    }

    @Test
    void manyShortCategoriesAreCounted() {
        List<ColumnEncoder> encoders = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            List<String> values = IntStream.range(0, 10_000)
                    .mapToObj(k -> Integer.toString(k, 36))
                    .sorted()
                    .toList();
            encoders.add(new CodeColumn("c" + i, values, ""));
        }
        assertThatThrownBy(() -> ColumnSize.check(new Columns(encoders)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("the 1,000,000 categories of 100 columns");
        ColumnSize.check(new Columns(encoders.subList(0, 90)));
    }
}
