package dev.backdraft.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Records come back from their JSON; what is left out is as usual, and whatever is not understood is refused with the way out. */
class RecordJsonTest {
    /** A family for the test. */
    interface Shape {
        String name();
    }

    enum Fill {
        NONE,
        CROSS_HATCHED
    }

    record Circle(double radius, Fill fill) implements Shape {
        Circle {
            if (!(radius > 0)) {
                throw new IllegalArgumentException("the radius must be positive: " + radius);
            }
        }

        Circle() {
            this(1, Fill.NONE);
        }

        @Override
        public String name() {
            return "circle";
        }
    }

    record Dot() implements Shape {
        @Override
        public String name() {
            return "dot";
        }
    }

    record Pen(int width, long colour, boolean dashed) {
        Pen() {
            this(1, 0, false);
        }
    }

    record Frame(Shape inside, Pen pen, List<Integer> corners, String title) implements Shape {
        Frame() {
            this(new Dot(), new Pen(), List.of(1, 2), "");
        }

        @Override
        public String name() {
            return "frame";
        }
    }

    private static final Catalog<Shape> SHAPES =
            new Catalog<>(Shape.class, "shape", Shape::name, List.of(new Circle(), new Dot(), new Frame()));
    private static final RecordJson JSON = new RecordJson(List.of(SHAPES));

    private static Shape read(String json) {
        return JSON.read(JsonText.read("{\"it\":" + json + "}").get("it"), SHAPES);
    }

    record Star(int points, double size) implements Shape {
        @Override
        public String name() {
            return "star-" + points;
        }
    }

    /** Its points tell the name of a star. Its size does not, though the two have different ones by default. */
    @Test
    void aSettingWithDifferentDefaultsStaysASetting() {
        Catalog<Shape> stars =
                new Catalog<>(Shape.class, "shape", Shape::name, List.of(new Star(5, 1), new Star(6, 2)));
        RecordJson json = new RecordJson(List.of(stars));
        assertThat(json.read("star-6", stars)).isEqualTo(new Star(6, 2));
        assertThat(json.read("star-5:size=3", stars)).isEqualTo(new Star(5, 3));
        assertThat(json.write(new Star(6, 3))).hasToString("{\"type\":\"star-6\",\"size\":3.0}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> json.read("star-5:points=6", stars))
                .withMessageContaining("unknown key 'points'");
    }

    static Stream<Shape> shapes() {
        Shape inner =
                new Frame(new Circle(2, Fill.CROSS_HATCHED), new Pen(3, Long.MIN_VALUE, true), List.of(), "{\"a\"}, ü");
        return Stream.of(
                new Dot(),
                new Circle(),
                new Circle(1e-300, Fill.CROSS_HATCHED),
                new Circle(0.1, Fill.NONE),
                inner,
                new Frame(inner, new Pen(), List.of(7), "x"));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void whatIsWrittenIsReadAgain(Shape shape) {
        JsonNode json = JSON.write(shape);

        assertThat(JSON.read(json, SHAPES)).isEqualTo(shape);
        assertThat(read(json.toString())).as("as text").isEqualTo(shape);
        assertThat(JSON.write(JSON.read(json, SHAPES))).isEqualTo(json);
    }

    @Test
    void everySettingIsWritten() {
        assertThat(JSON.write(new Circle())).hasToString("{\"type\":\"circle\",\"radius\":1.0,\"fill\":\"none\"}");
        assertThat(JSON.write(new Dot())).as("nothing but a name").hasToString("\"dot\"");
        assertThat(JSON.write(new Pen()))
                .as("no member of a family")
                .hasToString("{\"width\":1,\"colour\":0,\"dashed\":false}");
    }

    @Test
    void whatIsLeftOutIsAsUsual() {
        assertThat(read("\"circle\"")).isEqualTo(new Circle());
        assertThat(read("{\"type\":\"circle\"}")).isEqualTo(new Circle());
        assertThat(read("{\"type\":\"circle\",\"radius\":3}")).isEqualTo(new Circle(3, Fill.NONE));
        assertThat(read("{\"type\":\"frame\",\"pen\":{\"dashed\":true}}"))
                .isEqualTo(new Frame(new Dot(), new Pen(1, 0, true), List.of(1, 2), ""));
        assertThat(JSON.readRecord(JsonText.read("{\"width\":4}"), new Pen(2, 9, true), "pen"))
                .as("as in another record")
                .isEqualTo(new Pen(4, 9, true));
    }

    @Test
    void aShortTextSpellsSettingsOut() {
        assertThat(JSON.read("dot", SHAPES)).isEqualTo(new Dot());
        assertThat(JSON.read("circle:", SHAPES)).isEqualTo(new Circle());
        assertThat(JSON.read("circle:radius=2.5e-1, fill=cross-hatched", SHAPES))
                .isEqualTo(new Circle(0.25, Fill.CROSS_HATCHED));
        assertThat(JSON.read("frame:inside=dot,corners=3;4;5,title=a b", SHAPES))
                .isEqualTo(new Frame(new Dot(), new Pen(), List.of(3, 4, 5), "a b"));
        assertThat(JSON.read("frame:corners=3", SHAPES)).isEqualTo(new Frame(new Dot(), new Pen(), List.of(3), ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"circel\"' | unknown shape 'circel' (did you mean 'circle'?): use circle, dot, frame",
                "'{\"radius\":1}' | shape: found {\"radius\":1} instead of a name or an object with a \"type\"",
                "'{\"type\":1}' | instead of a name or an object",
                "'7' | shape: found 7 instead of",
                "'null' | shape: found null instead of",
                "'[\"dot\"]' | shape: found [\"dot\"] instead of",
                "'{\"type\":\"dot\",\"size\":1}' | shape dot: unknown key 'size': it has no settings",
                "'{\"type\":\"circle\",\"Radius\":1}' | shape circle: unknown key 'Radius' (did you mean 'radius'?): use radius, fill",
                "'{\"type\":\"circle\",\"radius\":\"1\"}' | shape circle: radius is \"1\", but must be a number",
                "'{\"type\":\"circle\",\"radius\":null}' | shape circle: radius is null, but must be a number",
                "'{\"type\":\"circle\",\"radius\":0}' | shape circle: the radius must be positive: 0.0",
                "'{\"type\":\"circle\",\"fill\":\"NONE\"}' | fill is \"NONE\", but must be none or cross-hatched",
                "'{\"type\":\"circle\",\"fill\":0}' | fill is 0, but must be none or cross-hatched",
                "'{\"type\":\"frame\",\"pen\":{\"width\":1.0}}' | shape frame: pen: width is 1.0, but must be a whole number",
                "'{\"type\":\"frame\",\"pen\":{\"width\":2147483648}}' | width is 2147483648, but must be from -2147483648 to 2147483647",
                "'{\"type\":\"frame\",\"pen\":{\"colour\":true}}' | colour is true, but must be a whole number",
                "'{\"type\":\"frame\",\"pen\":{\"dashed\":1}}' | dashed is 1, but must be true or false",
                "'{\"type\":\"frame\",\"pen\":{\"with\":1}}' | shape frame: pen: unknown key 'with' (did you mean 'width'?)",
                "'{\"type\":\"frame\",\"pen\":3}' | shape frame: pen: found 3 instead of an object",
                "'{\"type\":\"frame\",\"corners\":[1,\"2\"]}' | corners is \"2\", but must be a whole number",
                "'{\"type\":\"frame\",\"corners\":{}}' | corners is {}, but must be a list",
                "'{\"type\":\"frame\",\"title\":1}' | title is 1, but must be a text",
                "'{\"type\":\"frame\",\"inside\":\"line\"}' | unknown shape 'line'",
                "'\"circle:radius\"' | settings are written as in key=value,key=value",
                "'\"circle:=1\"' | settings are written as in key=value,key=value",
            })
    void whatIsNotUnderstoodIsRefused(String json, String says) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(says);
    }

    @Test
    void aCatalogueListsWhatExists() {
        assertThat(SHAPES.list()).containsExactly("circle", "dot", "frame");
        assertThat(SHAPES.all()).containsExactly(new Circle(), new Dot(), new Frame());
        assertThat(SHAPES.has("dot")).isTrue();
        assertThat(SHAPES.has("Dot")).isFalse();
        assertThat(SHAPES.named("circle")).isEqualTo(new Circle());
    }

    @Test
    void anUnknownNameInAFileHasAnotherWayOut() {
        assertThatThrownBy(() -> SHAPES.named("line"))
                .isInstanceOfSatisfying(UnknownNameException.class, e -> assertThat(e.inFile())
                        .startsWith("unknown shape 'line'; a newer Backdraft may know it")
                        .doesNotContain("circle"));
    }
}
