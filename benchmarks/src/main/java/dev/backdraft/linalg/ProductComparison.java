package dev.backdraft.linalg;

import static dev.backdraft.linalg.Transpose.NO;
import static dev.backdraft.linalg.Transpose.YES;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Products of the shapes that training has, by several backends in turns on one thread: GFLOP/s of the best of many
 * rounds, and the ratio to the first backend. The best is taken, because whatever else runs on the machine only makes a
 * round slower. A step is all products of one leaf. Arguments: the backends, separated by commas, and the number of
 * rounds.
 */
public final class ProductComparison {
    private static final double ROUND_FLOP = 2e7; // a tenth of a millisecond or more
    private static final int WARM_ROUNDS = 60;

    /** C [m × n] = op(A) op(B) + beta C. */
    private record Product(String name, Matrix a, Transpose opA, Matrix b, Transpose opB, float beta, Matrix c) {
        static Product forward(int outputs, int rows, int inputs) {
            return new Product(
                    "forward", filled(outputs, inputs), NO, filled(inputs, rows), NO, 1, filled(outputs, rows));
        }

        static Product weights(int outputs, int inputs, int rows) {
            return new Product("dW", filled(outputs, rows), NO, filled(inputs, rows), YES, 0, filled(outputs, inputs));
        }

        static Product inputs(int inputs, int rows, int outputs) {
            return new Product("dX", filled(outputs, inputs), YES, filled(outputs, rows), NO, 0, filled(inputs, rows));
        }

        private static Matrix filled(int rows, int columns) {
            Matrix matrix = Matrix.zeros(rows, columns);
            SplitMix random = SplitMix.at(rows, columns, 0, 0);
            for (int i = 0; i < matrix.size(); i++) {
                matrix.values()[i] = 0.1f * (float) random.nextGaussian();
            }
            return matrix;
        }

        double flop() {
            return 2.0 * c.size() * opA.columns(a);
        }

        String title() {
            return name + " " + c.rows() + " x " + c.columns() + " x " + opA.columns(a);
        }
    }

    private final List<Products> backends;
    private final int rounds;

    private ProductComparison(List<Products> backends, int rounds) {
        this.backends = backends;
        this.rounds = rounds;
    }

    public static void main(String[] arguments) throws InterruptedException {
        String[] names = (arguments.length > 0 ? arguments[0] : "native,vector,portable").split(",", -1);
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100;
        List<Products> backends = new ArrayList<>();
        for (String name : names) {
            BlasBackend backend = BlasBackend.choose(name);
            backends.add(backend.products());
            System.out.println(name + ": " + backend.describe());
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("backdraft-vectors")) {
                thread.join();
            }
        }
        System.out.printf(Locale.ROOT, "%-24s", "GFLOP/s");
        for (String name : names) {
            System.out.printf(Locale.ROOT, "%10s", name);
        }
        System.out.println("   ratios");
        new ProductComparison(backends, rounds).run();
    }

    private void run() {
        List<Product> shapes = List.of(
                Product.forward(512, 64, 784),
                Product.weights(512, 784, 64),
                Product.forward(256, 64, 512),
                Product.weights(256, 512, 64),
                Product.inputs(512, 64, 256),
                Product.forward(512, 256, 784),
                Product.weights(512, 784, 256),
                Product.inputs(512, 256, 256),
                Product.forward(64, 16, 20),
                Product.forward(10, 64, 256),
                Product.forward(1000, 1000, 1000));
        double[] logarithms = new double[backends.size()];
        for (Product shape : shapes) {
            double[] ratios = compare(shape.title(), List.of(shape));
            for (int i = 0; i < ratios.length; i++) {
                logarithms[i] += Math.log(ratios[i]) / shapes.size();
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%-24s%s%n",
                "geometric mean",
                " ".repeat(10 * backends.size()) + "   "
                        + ratios(Arrays.stream(logarithms).map(Math::exp).toArray()));
        for (Product shape : List.of(
                Product.weights(10, 256, 64),
                Product.inputs(256, 64, 10),
                Product.forward(512, 1, 784),
                Product.forward(10, 1, 256))) {
            compare(shape.title(), List.of(shape));
        }
        for (Product shape : step(32, 20, 64, 32, 2)) {
            compare(shape.title(), List.of(shape));
        }
        for (int rows : new int[] {64, 128, 256}) {
            compare("step W1, leaf of " + rows, step(rows, 784, 512, 256, 10));
        }
        compare("step W3, leaf of 32", step(32, 20, 64, 32, 2));
    }

    /** All products of a leaf. */
    private static List<Product> step(int rows, int... layers) {
        List<Product> products = new ArrayList<>();
        for (int i = 1; i < layers.length; i++) {
            products.add(Product.forward(layers[i], rows, layers[i - 1]));
        }
        for (int i = layers.length - 1; i >= 1; i--) {
            products.add(Product.weights(layers[i], layers[i - 1], rows));
            if (i > 1) {
                products.add(Product.inputs(layers[i - 1], rows, layers[i]));
            }
        }
        return products;
    }

    /** Prints a line; returns the ratios to the first backend. */
    private double[] compare(String title, List<Product> products) {
        double flop = products.stream().mapToDouble(Product::flop).sum();
        int repeats = (int) Math.max(1, ROUND_FLOP / flop);
        long[] best = new long[backends.size()];
        Arrays.fill(best, Long.MAX_VALUE);
        for (int round = -WARM_ROUNDS; round < rounds; round++) {
            for (int i = 0; i < best.length; i++) {
                long nanos = time(backends.get(i), products, repeats);
                best[i] = round < 0 ? best[i] : Math.min(best[i], nanos);
            }
        }
        System.out.printf(Locale.ROOT, "%-24s", title);
        double[] ratios = new double[best.length];
        for (int i = 0; i < best.length; i++) {
            System.out.printf(Locale.ROOT, "%10.1f", flop * repeats / best[i]);
            ratios[i] = (double) best[0] / best[i];
        }
        System.out.println("   " + ratios(ratios));
        return ratios;
    }

    private static String ratios(double[] ratios) {
        StringBuilder text = new StringBuilder();
        for (double ratio : ratios) {
            text.append(String.format(Locale.ROOT, "%6.2f", ratio));
        }
        return text.toString();
    }

    private static long time(Products backend, List<Product> products, int repeats) {
        for (Product product : products) {
            Arrays.fill(product.c().values(), 0.1f);
        }
        long start = System.nanoTime();
        for (int r = 0; r < repeats; r++) {
            for (Product product : products) {
                backend.gemm(product.a(), product.opA(), product.b(), product.opB(), product.beta(), product.c());
            }
        }
        return System.nanoTime() - start;
    }
}
