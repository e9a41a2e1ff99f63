package dev.backdraft.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.tensor.Parameter;
import dev.backdraft.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rules that the reference files lack, against their papers' formulas written out in double, one parameter after the other. */
class OptimizerFormulaTest {
    private static final int STEPS = 40;
    private static final double RATE = 0.02;
    private static final ParameterLayout LAYOUT = new ParameterLayout(
            Tensor.place(0, 0, List.of(Parameter.weight("W", 3, 2), Parameter.bias("b", 3))), false);
    private static final int COUNT = LAYOUT.parameterCount();

    /** A rule in double, for all parameters at once. */
    private interface Formula {
        void step(int t, double rate, double[] g, double[] theta);
    }

    private static void assertFollows(Optimizer optimizer, Formula formula) {
        Random random = new Random(1);
        float[] parameters = new float[COUNT];
        double[] theta = new double[COUNT];
        for (int i = 0; i < COUNT; i++) {
            parameters[i] = (float) random.nextGaussian();
            theta[i] = parameters[i];
        }
        OptimizerState state = optimizer.initialState(LAYOUT);
        for (int t = 1; t <= STEPS; t++) {
            float[] gradient = new float[COUNT];
            double[] g = new double[COUNT];
            for (int i = 0; i < COUNT; i++) {
                gradient[i] = (float) (random.nextGaussian() * Math.pow(10, i % 3 - 1) + 0.3);
                g[i] = gradient[i];
            }
            double rate = RATE * (1 - t / 100.0);
            optimizer.step(state, rate, gradient, parameters);
            formula.step(t, rate, g, theta);
            for (int i = 0; i < COUNT; i++) {
                assertThat((double) parameters[i])
                        .as("parameter %d after step %d", i, t)
                        .isCloseTo(theta[i], within(1e-6 + 1e-5 * Math.abs(theta[i])));
            }
        }
    }

    private static double decay(int parameter, double weightDecay) {
        return parameter < 6 ? weightDecay : 0;
    }

    /** Zeiler 2012, algorithm 1. */
    @Test
    void adadelta() {
        double rho = 0.9;
        double epsilon = 1e-5;
        double[] squares = new double[COUNT];
        double[] updates = new double[COUNT];
        assertFollows(new Adadelta(rho, epsilon), (t, rate, g, theta) -> {
            for (int i = 0; i < COUNT; i++) {
                squares[i] = rho * squares[i] + (1 - rho) * g[i] * g[i];
                double update = -(rms(updates[i], epsilon) / rms(squares[i], epsilon)) * g[i];
                updates[i] = rho * updates[i] + (1 - rho) * update * update;
                theta[i] += rate * update;
            }
        });
    }

    private static double rms(double meanSquare, double epsilon) {
        return Math.sqrt(meanSquare + epsilon);
    }

    /** Dozat 2016, algorithm 2, with m by β₁ as in torch.optim.NAdam; the product is taken anew in each step. */
    @Test
    void nadam() {
        double beta1 = 0.8;
        double beta2 = 0.99;
        double psi = 0.04;
        double[] m = new double[COUNT];
        double[] v = new double[COUNT];
        assertFollows(new Nadam(beta1, beta2, 1e-8, psi), (t, rate, g, theta) -> {
            double product = 1;
            for (int s = 1; s <= t; s++) {
                product *= mu(beta1, psi, s);
            }
            double mu = mu(beta1, psi, t);
            double next = mu(beta1, psi, t + 1);
            for (int i = 0; i < COUNT; i++) {
                m[i] = beta1 * m[i] + (1 - beta1) * g[i];
                v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
                double mHat = next * m[i] / (1 - product * next) + (1 - mu) * g[i] / (1 - product);
                double vHat = v[i] / (1 - Math.pow(beta2, t));
                theta[i] -= rate * mHat / (Math.sqrt(vHat) + 1e-8);
            }
        });
    }

    private static double mu(double beta1, double psi, int t) {
        return beta1 * (1 - 0.5 * Math.pow(0.96, psi * t));
    }

    /** Chen et al. 2023, program 1. */
    @Test
    void lion() {
        double beta1 = 0.85;
        double beta2 = 0.95;
        double lambda = 0.3;
        double[] m = new double[COUNT];
        assertFollows(new Lion(beta1, beta2, lambda), (t, rate, g, theta) -> {
            for (int i = 0; i < COUNT; i++) {
                double c = beta1 * m[i] + (1 - beta1) * g[i];
                theta[i] -= rate * (Math.signum(c) + decay(i, lambda) * theta[i]);
                m[i] = beta2 * m[i] + (1 - beta2) * g[i];
            }
        });
    }

    /** You et al. 2020, algorithm 2, φ the identity. */
    @Test
    void lamb() {
        double beta1 = 0.85;
        double beta2 = 0.98;
        double epsilon = 1e-4;
        double lambda = 0.2;
        double[] m = new double[COUNT];
        double[] v = new double[COUNT];
        assertFollows(new Lamb(beta1, beta2, epsilon, lambda), (t, rate, g, theta) -> {
            double[] u = new double[COUNT];
            for (int i = 0; i < COUNT; i++) {
                m[i] = beta1 * m[i] + (1 - beta1) * g[i];
                v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
                double mHat = m[i] / (1 - Math.pow(beta1, t));
                double vHat = v[i] / (1 - Math.pow(beta2, t));
                u[i] = mHat / (Math.sqrt(vHat) + epsilon) + decay(i, lambda) * theta[i];
            }
            for (Tensor tensor : LAYOUT.tensors()) {
                double ratio = norm(theta, tensor) / norm(u, tensor);
                for (int i = tensor.offset(); i < tensor.end(); i++) {
                    theta[i] -= rate * ratio * u[i];
                }
            }
        });
    }

    private static double norm(double[] x, Tensor tensor) {
        double sum = 0;
        for (int i = tensor.offset(); i < tensor.end(); i++) {
            sum += x[i] * x[i];
        }
        return Math.sqrt(sum);
    }

    @Test
    void lambMovesALayerOfZerosAsAdamWould() {
        float[] zeros = new float[COUNT];
        float[] adams = new float[COUNT];
        float[] gradient = new float[COUNT];
        Arrays.fill(gradient, 2);
        Lamb lamb = new Lamb(0.9, 0.999, 1e-6, 0.01);
        Adam adam = new Adam(0.9, 0.999, 1e-6);
        lamb.step(lamb.initialState(LAYOUT), 0.1, gradient, zeros);
        adam.step(adam.initialState(LAYOUT), 0.1, gradient, adams);
        assertThat(zeros).containsExactly(adams, within(1e-6f));
    }

    @Test
    void adamWDecaysPenalizedTensorsAlone() {
        float[] parameters = {1, 1, 1, 1, 1, 1, 1, 1, 1};
        AdamW adamW = new AdamW(0.9, 0.999, 1e-8, false, true, 0.5);
        adamW.step(adamW.initialState(LAYOUT), 0.1, new float[COUNT], parameters);
        assertThat(parameters).containsExactly(0.95f, 0.95f, 0.95f, 0.95f, 0.95f, 0.95f, 1, 1, 1);
    }

    /** Its θ is the other's looked-ahead point, θ' + α Δ. */
    @Test
    void nesterovsVelocityFormStandsWhereTheLookAheadLooks() {
        Momentum velocity = new Momentum(0.8, Momentum.Form.NESTEROV);
        Momentum lookAhead = new Momentum(0.8, Momentum.Form.DELTA_LOOK_AHEAD);
        float[] ahead = {2, -1, 0.5f};
        float[] behind = ahead.clone();
        float[] gradient = new float[3];
        OptimizerState one = velocity.initialState(3);
        OptimizerState other = lookAhead.initialState(3);
        for (int step = 0; step < 50; step++) {
            float[] point = lookAhead.gradientPoint(other, 0.1, behind, new float[3]);
            assertThat(ahead).containsExactly(point, within(1e-5f));
            TestFunction.parabola(point, gradient);
            lookAhead.step(other, 0.1, gradient, behind);
            TestFunction.parabola(ahead, gradient);
            velocity.step(one, 0.1, gradient, ahead);
        }
    }
}
