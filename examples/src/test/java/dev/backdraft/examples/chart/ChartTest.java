package dev.backdraft.examples.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ChartTest {
    private static final Axis X = Axis.linear("x").within(0, 10);
    private static final Axis Y = Axis.linear("y").within(0, 1);

    @TempDir
    Path directory;

    @Test
    void aChartIsWellFormedWhateverItsTextsHold() throws Exception {
        Chart chart = new Chart("a < b & \"c\" > 'd'", Axis.linear("θ₁ <unit>"), Axis.logarithmic("& y"))
                .line("<line>", new double[] {1, 2, 3}, new double[] {1, 10, 100})
                .points("&points;", new double[] {1, 2}, new double[] {3, 4})
                .dashed("--", new double[] {1, 3}, new double[] {2, 2})
                .faint(new double[] {1, 3}, new double[] {5, 5});
        Document document = parse(Chart.svg(chart, chart));
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(texts(document)).contains("a < b & \"c\" > 'd'", "<line>", "&points;", "θ₁ <unit>", "& y", "--");
    }

    @Test
    void pointsStandWhereTheAxesSay() throws Exception {
        Chart chart = new Chart("t", X, Y).points("p", new double[] {0, 5, 10}, new double[] {0, 0.5, 1});
        Document document = parse(Chart.svg(chart));
        Element frame =
                (Element) document.getElementsByTagName("clipPath").item(0).getFirstChild();
        double left = number(frame, "x");
        double top = number(frame, "y");
        double width = number(frame, "width");
        double height = number(frame, "height");
        NodeList circles = document.getElementsByTagName("circle");
        for (int i = 0; i < 3; i++) {
            Element circle = (Element) circles.item(i);
            assertThat(number(circle, "cx")).isEqualTo(left + width * i / 2);
            assertThat(number(circle, "cy")).isEqualTo(top + height * (2 - i) / 2); // upwards
        }
    }

    @Test
    void whatCannotBeShownInterruptsTheLine() {
        double[] x = {0, 2, 4, 6, 8, 10};
        double[] y = {0, 1, Double.NaN, 1, 0, Double.POSITIVE_INFINITY};
        String line = Chart.svg(new Chart("t", X, Y).line("l", x, y))
                .lines()
                .filter(text -> text.contains("stroke-linejoin"))
                .findFirst()
                .orElseThrow();
        assertThat(line.chars().filter(c -> c == 'M').count()).isEqualTo(2);
        assertThat(line).doesNotContain("NaN").doesNotContain("Infinity");
    }

    @Test
    void aLineOfManyPointsIsThinnedButKeepsItsEnds() {
        int count = 1_000_000;
        double[] x = new double[count];
        double[] y = new double[count];
        for (int i = 0; i < count; i++) {
            x[i] = 10.0 * i / (count - 1);
            y[i] = 0.5;
        }
        String svg = Chart.svg(new Chart("t", X, Y).line("l", x, y));
        assertThat(svg.length()).isLessThan(30_000);
        assertThat(svg).contains("L598.0 216.0\"");
    }

    @Test
    void theFileAndItsDirectoryAreMade() throws Exception {
        Path file = Chart.write(
                directory.resolve("new/picture.svg"), new Chart("t", X, Y).line("l", new double[2], new double[2]));
        assertThat(texts(parse(Files.readString(file)))).contains("t", "x", "y", "l", "0.2", "10");
    }

    @Test
    void arraysOfUnequalLengthAreRefused() {
        assertThatThrownBy(() -> new Chart("t", X, Y).line("l", new double[2], new double[3]))
                .hasMessage("series 'l': 2 x values but 3 y values");
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> texts(Document document) {
        NodeList nodes = document.getElementsByTagName("text");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}
