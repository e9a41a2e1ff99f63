package dev.backdraft.examples.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;

/**
 * Where a function of two variables has a value: its contour, as many short strokes, found cell by cell of a grid ("marching
 * squares"; Wyvill et al. 1986 for the scheme in space). Within a cell the function is taken to be linear along the edges; of a
 * saddle both strokes are drawn.
 *
 * @param x of the strokes: from, to, NaN, again and again, as {@link Chart#line} takes them
 * @param y of the strokes, in the same order
 */
public record Contours(double[] x, double[] y) {
    /** The contour of one level of f over a rectangle, cut into cells × cells. */
    public static Contours of(
            DoubleBinaryOperator f, double level, double minX, double maxX, double minY, double maxY, int cells) {
        double[][] values = new double[cells + 1][cells + 1];
        double width = (maxX - minX) / cells;
        double height = (maxY - minY) / cells;
        for (int i = 0; i <= cells; i++) {
            for (int j = 0; j <= cells; j++) {
                values[i][j] = f.applyAsDouble(minX + i * width, minY + j * height) - level;
            }
        }
        List<double[]> crossings = new ArrayList<>(); // (x, y) in units of cells, NaN between strokes
        for (int i = 0; i < cells; i++) {
            for (int j = 0; j < cells; j++) {
                cell(values, i, j, crossings);
            }
        }
        double[] x = new double[crossings.size()];
        double[] y = new double[crossings.size()];
        for (int k = 0; k < x.length; k++) {
            x[k] = minX + crossings.get(k)[0] * width;
            y[k] = minY + crossings.get(k)[1] * height;
        }
        return new Contours(x, y);
    }

    /** Around the cell: every change of sign is one end of a stroke. */
    private static void cell(double[][] values, int i, int j, List<double[]> crossings) {
        int[][] corners = {{i, j}, {i + 1, j}, {i + 1, j + 1}, {i, j + 1}, {i, j}};
        int found = 0;
        for (int k = 0; k < 4; k++) {
            double a = values[corners[k][0]][corners[k][1]];
            double b = values[corners[k + 1][0]][corners[k + 1][1]];
            if (a < 0 != b < 0) {
                double part = a / (a - b);
                crossings.add(new double[] {
                    corners[k][0] + part * (corners[k + 1][0] - corners[k][0]),
                    corners[k][1] + part * (corners[k + 1][1] - corners[k][1])
                });
                found++;
                if (found % 2 == 0) {
                    crossings.add(new double[] {Double.NaN, Double.NaN});
                }
            }
        }
    }
}
