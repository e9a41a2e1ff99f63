package dev.backdraft.examples.chart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A chart of lines and points, as SVG: title, axes with ticks and grid, legend. A value that cannot be shown (NaN, infinite, or
 * not positive on a logarithmic axis) interrupts its line.
 *
 * <p>Written here because the Java chart libraries whose licence suits this project either write SVG through a library under
 * the LGPL or measure text with the fonts of AWT, which a server without a display may not have; and a picture that is text can be
 * compared, byte for byte. The colours are those of Okabe and Ito (2008), told apart with any kind of colour vision, on white;
 * points differ in shape too.
 */
public final class Chart {
    private static final int WIDTH = 520; // of the plot within the axes, pixels
    private static final int HEIGHT = 340;
    private static final int LEFT = 78;
    private static final int TOP = 46;
    private static final int BOTTOM = 58;
    private static final int RIGHT = 20;
    private static final double LETTER = 7.4; // width of a letter of the legend, about
    private static final double NEAREST = 0.6; // points of a line that lie closer, in pixels, are not drawn
    private static final String[] COLOURS = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"
    };

    private enum Style {
        LINE,
        DASHED,
        FAINT,
        POINTS
    }

    /** The number, counted over the coloured ones, gives points their shape. */
    private record Series(String name, double[] x, double[] y, Style style, String colour, int number) {}

    private final String title;
    private final Axis xAxis;
    private final Axis yAxis;
    private final List<Series> series = new ArrayList<>();
    private int coloured;

    public Chart(String title, Axis xAxis, Axis yAxis) {
        this.title = title;
        this.xAxis = xAxis;
        this.yAxis = yAxis;
    }

    /** Adds a line through (x[i], y[i]) in the next colour. The arrays are kept, not copied, and read only. */
    public Chart line(String name, double[] x, double[] y) {
        return add(name, x, y, Style.LINE);
    }

    /** Adds a black dashed line, for what the others are compared with. The arrays are kept, not copied, and read only. */
    public Chart dashed(String name, double[] x, double[] y) {
        return add(name, x, y, Style.DASHED);
    }

    /** Adds a thin gray line that the legend leaves out, as contours are. The arrays are kept, not copied, and read only. */
    public Chart faint(double[] x, double[] y) {
        return add("", x, y, Style.FAINT);
    }

    /** Adds points in the next colour. The arrays are kept, not copied, and read only. */
    public Chart points(String name, double[] x, double[] y) {
        return add(name, x, y, Style.POINTS);
    }

    private Chart add(String name, double[] x, double[] y, Style style) {
        if (x.length != y.length) {
            throw new IllegalArgumentException(
                    "series '" + name + "': " + x.length + " x values but " + y.length + " y values");
        }
        String colour =
                switch (style) {
                    case DASHED -> "#000000";
                    case FAINT -> "#9a9a9a";
                    case LINE, POINTS -> COLOURS[coloured++ % COLOURS.length];
                };
        series.add(new Series(name, x, y, style, colour, coloured - 1));
        return this;
    }

    /** Writes charts, one below the other, into one file, making its directory where needed, and returns the file. */
    public static Path write(Path file, Chart... charts) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        return Files.writeString(file, svg(charts));
    }

    /** Charts, one below the other, as an SVG document. */
    public static String svg(Chart... charts) {
        StringBuilder body = new StringBuilder();
        double width = 0;
        int height = 0;
        for (int i = 0; i < charts.length; i++) {
            body.append("<g transform=\"translate(0,").append(height).append(")\">\n");
            charts[i].draw(body, "plot" + i);
            body.append("</g>\n");
            width = Math.max(width, charts[i].width());
            height += TOP + HEIGHT + BOTTOM;
        }
        String head = String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"%1$.0f\" height=\"%2$d\""
                        + " viewBox=\"0 0 %1$.0f %2$d\" font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\""
                        + " font-size=\"13\" fill=\"#222222\">%n<title>%3$s</title>%n"
                        + "<rect width=\"%1$.0f\" height=\"%2$d\" fill=\"#ffffff\"/>%n",
                width,
                height,
                escaped(charts.length == 0 ? "" : charts[0].title));
        return (head + body + "</svg>\n").replace("\r\n", "\n");
    }

    private double width() {
        int longest = 0;
        for (Series one : series) {
            longest = Math.max(longest, one.name.length());
        }
        return LEFT + WIDTH + RIGHT + (longest == 0 ? 0 : Math.ceil(44 + LETTER * longest));
    }

    private void draw(StringBuilder svg, String clip) {
        Axis x = xAxis.fit(series.stream().map(Series::x).toList());
        Axis y = yAxis.fit(series.stream().map(Series::y).toList());
        text(svg, LEFT, 26, "start", " font-size=\"16\" font-weight=\"bold\"", title);
        for (int i = 0; i < x.ticks().size(); i++) {
            double at = LEFT + WIDTH * x.at(x.ticks().get(i));
            rule(svg, at, TOP, at, TOP + HEIGHT);
            text(svg, at, TOP + HEIGHT + 19, "middle", "", x.texts().get(i));
        }
        for (int i = 0; i < y.ticks().size(); i++) {
            double at = TOP + HEIGHT * (1 - y.at(y.ticks().get(i)));
            rule(svg, LEFT, at, LEFT + WIDTH, at);
            text(svg, LEFT - 8, at + 4.5, "end", "", y.texts().get(i));
        }
        text(svg, LEFT + WIDTH / 2.0, TOP + HEIGHT + 45, "middle", " font-size=\"14\"", x.label());
        String turned =
                String.format(Locale.ROOT, " font-size=\"14\" transform=\"rotate(-90 18 %d)\"", TOP + HEIGHT / 2);
        text(svg, 18, TOP + HEIGHT / 2.0, "middle", turned, y.label());
        svg.append(String.format(
                Locale.ROOT,
                "<clipPath id=\"%1$s\"><rect x=\"%2$d\" y=\"%3$d\" width=\"%4$d\" height=\"%5$d\"/></clipPath>%n"
                        + "<rect x=\"%2$d\" y=\"%3$d\" width=\"%4$d\" height=\"%5$d\" fill=\"none\" stroke=\"#555555\"/>%n"
                        + "<g clip-path=\"url(#%1$s)\">%n",
                clip,
                LEFT,
                TOP,
                WIDTH,
                HEIGHT));
        for (Series one : series) {
            if (one.style == Style.POINTS) {
                points(svg, one, x, y);
            } else {
                lines(svg, one, x, y);
            }
        }
        svg.append("</g>\n");
        legend(svg);
    }

    private static void lines(StringBuilder svg, Series one, Axis x, Axis y) {
        StringBuilder path = new StringBuilder();
        boolean pen = false; // down, at (lastX, lastY)
        double lastX = 0;
        double lastY = 0;
        for (int i = 0; i < one.x.length; i++) {
            if (!x.shows(one.x[i]) || !y.shows(one.y[i])) {
                pen = false;
                continue;
            }
            double atX = LEFT + WIDTH * x.at(one.x[i]);
            double atY = TOP + HEIGHT * Math.max(-9, Math.min(10, 1 - y.at(one.y[i]))); // viewers dislike huge numbers
            boolean runEnds = i == one.x.length - 1 || !y.shows(one.y[i + 1]);
            if (!pen || runEnds || Math.hypot(atX - lastX, atY - lastY) >= NEAREST) {
                path.append(String.format(Locale.ROOT, "%s%.1f %.1f", pen ? "L" : "M", atX, atY));
                pen = true;
                lastX = atX;
                lastY = atY;
            }
        }
        svg.append(String.format(
                Locale.ROOT, "<path d=\"%s\" fill=\"none\" stroke-linejoin=\"round\" %s/>%n", path, stroke(one)));
    }

    private static String stroke(Series one) {
        String width =
                switch (one.style) {
                    case FAINT -> "0.8";
                    case DASHED -> "1.6\" stroke-dasharray=\"6 4";
                    default -> "2";
                };
        return "stroke=\"" + one.colour + "\" stroke-width=\"" + width + "\"";
    }

    private static void points(StringBuilder svg, Series one, Axis x, Axis y) {
        for (int i = 0; i < one.x.length; i++) {
            if (x.shows(one.x[i]) && y.shows(one.y[i])) {
                point(svg, one, LEFT + WIDTH * x.at(one.x[i]), TOP + HEIGHT * (1 - y.at(one.y[i])));
            }
        }
    }

    /** A disc, square, triangle or diamond, by the number of the series. */
    private static void point(StringBuilder svg, Series one, double atX, double atY) {
        String look = " fill=\"" + one.colour + "\" fill-opacity=\"0.75\"/>\n";
        svg.append(
                switch (one.number % 4) {
                    case 0 -> String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.6\"", atX, atY);
                    case 1 -> String.format(Locale.ROOT, "<path d=\"M%.1f %.1fh6.4v6.4h-6.4z\"", atX - 3.2, atY - 3.2);
                    case 2 -> String.format(Locale.ROOT, "<path d=\"M%.1f %.1fl4.2 7.4h-8.4z\"", atX, atY - 4.6);
                    default ->
                        String.format(
                                Locale.ROOT, "<path d=\"M%.1f %.1fl4.4 4.4l-4.4 4.4l-4.4 -4.4z\"", atX, atY - 4.4);
                });
        svg.append(look);
    }

    private void legend(StringBuilder svg) {
        double left = LEFT + WIDTH + 14;
        double at = TOP + 12;
        for (Series one : series) {
            if (!one.name.isEmpty()) {
                if (one.style == Style.POINTS) {
                    point(svg, one, left + 12, at);
                } else {
                    svg.append(String.format(
                            Locale.ROOT, "<path d=\"M%.1f %.1fh24\" fill=\"none\" %s/>%n", left, at, stroke(one)));
                }
                text(svg, left + 32, at + 4.5, "start", "", one.name);
                at += 22;
            }
        }
    }

    private static void rule(StringBuilder svg, double x1, double y1, double x2, double y2) {
        svg.append(
                String.format(Locale.ROOT, "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#e4e4e4\"/>%n", x1, y1, x2, y2));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String more, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>%n",
                x,
                y,
                anchor,
                more,
                escaped(text)));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
