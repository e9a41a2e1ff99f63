package dev.backdraft.examples;

import dev.backdraft.activation.Cos;
import dev.backdraft.activation.Exp;
import dev.backdraft.activation.Sin;
import dev.backdraft.examples.chart.Axis;
import dev.backdraft.examples.chart.Chart;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.network.Backpropagation;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.Network;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.Option;

/**
 * Backpropagation where every step can be checked by hand: {@code f(x) = β₃ + ω₃ cos[β₂ + ω₂ exp[β₁ + ω₁ sin[β₀ + ω₀ x]]]}, with
 * the squared error {@code ℓ = (f(x) − y)²} and its derivatives with respect to all eight parameters. The function is a network of
 * four dense layers of one unit each, with sine, exponential and cosine between them.
 *
 * <p>Three ways are compared: backpropagation in float32, the chain rule written out in double, and central differences in double.
 * The network's flat vector has a layer's weight before its bias: (ω₀, β₀, ω₁, β₁, …).
 *
 * <p>Source: Prince 2023, "Understanding Deep Learning", section 7.3, where the derivatives are taken step by step.
 */
public final class ComposedFunction {
    static final String[] NAMES = {"omega0", "beta0", "omega1", "beta1", "omega2", "beta2", "omega3", "beta3"};
    private static final String[] SYMBOLS = {"ω₀", "β₀", "ω₁", "β₁", "ω₂", "β₂", "ω₃", "β₃"};
    private static final double STEP = 1e-5; // of the differences: errors of order h², rounding of order 1e-16/h
    private static final int POINTS = 201; // of a line in the picture
    private static final double AROUND = 0.04; // the present value, which the picture shows
    private static final double TANGENT = 0.012;

    /** What can be set on the command line. */
    static final class Options {
        @Option(names = "--x", defaultValue = "2.3", description = "the input")
        double x;

        @Option(names = "--y", defaultValue = "2", description = "the target")
        double y;

        @Option(names = "--beta", defaultValue = "1,2,-3,0.4", split = ", *", description = "the four biases")
        double[] beta;

        @Option(names = "--omega", defaultValue = "0.1,-0.4,2,3", split = ", *", description = "the four weights")
        double[] omega;

        @Option(names = "--out", defaultValue = "composed-function.svg", description = "the picture to write")
        Path out;
    }

    private ComposedFunction() {}

    public static void main(String[] arguments) {
        Program.main(arguments, new Options(), ComposedFunction::run);
    }

    static void run(Options options, PrintStream out) throws IOException {
        double x = options.x;
        double y = options.y;
        double[] theta = interleaved(four("--omega", options.omega), four("--beta", options.beta));
        double[] backpropagated = backpropagated(theta, x, y);
        double[] analytic = analytic(theta, x, y);
        double[] differences = differences(theta, x, y);
        out.println(network());
        out.printf(Locale.ROOT, "f(%s) = %.6f, loss %.6f%n", x, f(theta, x), loss(theta, x, y));
        out.println("parameter    value  backpropagation      chain rule     differences");
        for (int i = 0; i < theta.length; i++) {
            out.printf(
                    Locale.ROOT,
                    "%-9s %8.3f %16.6f %15.9f %15.9f%n",
                    NAMES[i],
                    theta[i],
                    backpropagated[i],
                    analytic[i],
                    differences[i]);
        }
        out.printf(
                Locale.ROOT,
                "worst relative distance from the chain rule: backpropagation %.1e, differences %.1e%n",
                worst(backpropagated, analytic),
                worst(differences, analytic));
        out.println("picture: " + Chart.write(options.out, chart(theta, x, y, "ω", 0), chart(theta, x, y, "β", 1)));
    }

    private static double[] four(String option, double[] numbers) {
        if (numbers.length != 4) {
            throw new IllegalArgumentException(option + " must be four numbers: " + Arrays.toString(numbers));
        }
        return numbers;
    }

    /** (ω₀, β₀, ω₁, β₁, …). */
    static double[] interleaved(double[] omega, double[] beta) {
        double[] theta = new double[8];
        for (int i = 0; i < 4; i++) {
            theta[2 * i] = omega[i];
            theta[2 * i + 1] = beta[i];
        }
        return theta;
    }

    static Network network() {
        return Network.builder(1)
                .dense(1)
                .activation(new Sin())
                .dense(1)
                .activation(new Exp())
                .dense(1)
                .activation(new Cos())
                .dense(1)
                .build();
    }

    /** dℓ/dθ by the network, at the parameters rounded to float. */
    static double[] backpropagated(double[] theta, double x, double y) {
        Network network = network();
        float[] parameters = new float[theta.length];
        for (int i = 0; i < theta.length; i++) {
            parameters[i] = (float) theta[i];
        }
        GradientSum sum = new GradientSum(parameters.length);
        new Backpropagation(network, new SquaredError(), 1)
                .addGradient(parameters, oneByOne(x), oneByOne(y), null, sum);
        double[] gradient = new double[theta.length];
        for (int i = 0; i < theta.length; i++) {
            gradient[i] = sum.gradient()[i];
        }
        return gradient;
    }

    private static Matrix oneByOne(double value) {
        return new Matrix(new float[] {(float) value}, 0, 1, 1);
    }

    /** The network's output as the network computes it. */
    static double output(double[] theta, double x) {
        float[] parameters = new float[theta.length];
        for (int i = 0; i < theta.length; i++) {
            parameters[i] = (float) theta[i];
        }
        return new Backpropagation(network(), new SquaredError(), 1)
                .forward(parameters, oneByOne(x))
                .get(0, 0);
    }

    /** dℓ/dθ by the chain rule, each factor written out. */
    static double[] analytic(double[] theta, double x, double y) {
        double sine = Math.sin(theta[1] + theta[0] * x);
        double cosine = Math.cos(theta[1] + theta[0] * x); // the derivative of the sine
        double exponential = Math.exp(theta[3] + theta[2] * sine); // its own derivative
        double inner = theta[5] + theta[4] * exponential;
        double dF = 2 * (theta[7] + theta[6] * Math.cos(inner) - y);
        return new double[] {
            dF * theta[6] * -Math.sin(inner) * theta[4] * exponential * theta[2] * cosine * x, // ω₀
            dF * theta[6] * -Math.sin(inner) * theta[4] * exponential * theta[2] * cosine, // β₀
            dF * theta[6] * -Math.sin(inner) * theta[4] * exponential * sine, // ω₁
            dF * theta[6] * -Math.sin(inner) * theta[4] * exponential, // β₁
            dF * theta[6] * -Math.sin(inner) * exponential, // ω₂
            dF * theta[6] * -Math.sin(inner), // β₂
            dF * Math.cos(inner), // ω₃
            dF // β₃
        };
    }

    /** dℓ/dθ by central differences, (ℓ(θ + h) − ℓ(θ − h)) / 2h. */
    static double[] differences(double[] theta, double x, double y) {
        double[] differences = new double[theta.length];
        for (int i = 0; i < theta.length; i++) {
            differences[i] = (loss(moved(theta, i, STEP), x, y) - loss(moved(theta, i, -STEP), x, y)) / (2 * STEP);
        }
        return differences;
    }

    private static double[] moved(double[] theta, int i, double by) {
        double[] moved = theta.clone();
        moved[i] += by;
        return moved;
    }

    private static double f(double[] theta, double x) {
        double exponential = Math.exp(theta[3] + theta[2] * Math.sin(theta[1] + theta[0] * x));
        return theta[7] + theta[6] * Math.cos(theta[5] + theta[4] * exponential);
    }

    private static double loss(double[] theta, double x, double y) {
        return Math.pow(f(theta, x) - y, 2);
    }

    /** Largest |aᵢ − bᵢ| / |bᵢ|. */
    static double worst(double[] a, double[] b) {
        double worst = 0;
        for (int i = 0; i < a.length; i++) {
            worst = Math.max(worst, Math.abs(a[i] - b[i]) / Math.abs(b[i]));
        }
        return worst;
    }

    /** The loss as one parameter moves, with the tangent that backpropagation gives: of every other parameter from the first. */
    private static Chart chart(double[] theta, double x, double y, String family, int first) {
        double[] gradient = backpropagated(theta, x, y);
        double[] offsets = new double[POINTS];
        double[][] losses = new double[4][POINTS];
        double highest = 0;
        for (int k = 0; k < POINTS; k++) {
            offsets[k] = AROUND * (2.0 * k / (POINTS - 1) - 1);
            for (int layer = 0; layer < 4; layer++) {
                losses[layer][k] = loss(moved(theta, first + 2 * layer, offsets[k]), x, y);
                highest = Math.max(highest, losses[layer][k]);
            }
        }
        Chart chart = new Chart(
                "The loss along each " + family + ", and its tangents",
                Axis.linear("change of the parameter"),
                Axis.linear("loss").within(-0.15 * highest, 1.05 * highest));
        for (int layer = 0; layer < 4; layer++) {
            chart.line(SYMBOLS[first + 2 * layer], offsets, losses[layer]);
        }
        double[] near = {-TANGENT, TANGENT};
        for (int layer = 0; layer < 4; layer++) {
            double slope = gradient[first + 2 * layer];
            double middle = loss(theta, x, y);
            chart.dashed(layer == 0 ? "slope by backpropagation" : "", near, new double[] {
                middle - TANGENT * slope, middle + TANGENT * slope
            });
        }
        return chart;
    }
}
