package dev.backdraft.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The two-loop recursion against the matrix that it stands for. */
class CurvaturePairsTest {
    private static final int N = 6;

    private record Pair(double[] s, double[] y) {}

    private static OptimizerState state(CurvaturePairs pairs) {
        return new OptimizerState(ParameterLayout.of(N), pairs.slotCount(), pairs.scalarCount());
    }

    private static float[] random(Random random) {
        float[] x = new float[N];
        for (int i = 0; i < N; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    /** Adds a pair with y = C s, C diagonal: curved upwards. */
    private static Pair add(CurvaturePairs pairs, OptimizerState state, Random random) {
        float[] s = random(random);
        float[] y = new float[N];
        for (int i = 0; i < N; i++) {
            y[i] = (i + 1) * s[i];
        }
        pairs.add(state, new float[N], new float[N], s, y);
        return new Pair(toDouble(s), toDouble(y));
    }

    private static double[] toDouble(float[] x) {
        double[] wide = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            wide[i] = x[i];
        }
        return wide;
    }

    /** Nocedal and Wright 2006, eq. 7.16 (6.17) with 7.20: H ← (I − ρ s y') H (I − ρ y s') + ρ s s', oldest first. */
    private static double[][] inverseHessian(List<Pair> pairs) {
        Pair newest = pairs.get(pairs.size() - 1);
        double scale = dot(newest.s(), newest.y()) / dot(newest.y(), newest.y());
        double[][] h = new double[N][N];
        for (int i = 0; i < N; i++) {
            h[i][i] = scale;
        }
        for (Pair pair : pairs) {
            double rho = 1 / dot(pair.s(), pair.y());
            double[][] v = new double[N][N]; // I − ρ y s'
            for (int i = 0; i < N; i++) {
                for (int j = 0; j < N; j++) {
                    v[i][j] = (i == j ? 1 : 0) - rho * pair.y()[i] * pair.s()[j];
                }
            }
            double[][] next = new double[N][N];
            for (int i = 0; i < N; i++) {
                for (int j = 0; j < N; j++) {
                    next[i][j] = rho * pair.s()[i] * pair.s()[j];
                    for (int k = 0; k < N; k++) {
                        for (int l = 0; l < N; l++) {
                            next[i][j] += v[k][i] * h[k][l] * v[l][j];
                        }
                    }
                }
            }
            h = next;
        }
        return h;
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void theDirectionIsThatOfTheDenseMatrixOfTheLastPairs(int capacity) {
        CurvaturePairs pairs = new CurvaturePairs(capacity, 0, 0);
        OptimizerState state = state(pairs);
        Random random = new Random(capacity);
        List<Pair> kept = new ArrayList<>();
        for (int added = 1; added <= 12; added++) {
            kept.add(add(pairs, state, random));
            if (kept.size() > capacity) {
                kept.remove(0);
            }
            assertThat(pairs.count(state)).isEqualTo(kept.size());
            float[] g = random(random);
            float[] p = new float[N];
            pairs.direction(state, g, p);
            double[][] h = inverseHessian(kept);
            double[] wide = toDouble(g);
            for (int i = 0; i < N; i++) {
                assertThat((double) p[i])
                        .as("entry %d with %d pairs", i, kept.size())
                        .isCloseTo(-dot(h[i], wide), within(2e-5));
            }
        }
    }

    @Test
    void withoutPairsItIsTheSteepestDescent() {
        CurvaturePairs pairs = new CurvaturePairs(3, 0, 0);
        OptimizerState state = state(pairs);
        add(pairs, state, new Random(1));
        pairs.clear(state);
        float[] p = new float[N];
        pairs.direction(state, new float[] {1, -2, 3, 0, 5, -6}, p);
        assertThat(p).containsExactly(new float[] {-1, 2, -3, 0, -5, 6}, within(0f));
    }

    @Test
    void aPairThatIsNotCurvedUpwardsIsLeftOutAndCostsTheOldest() {
        CurvaturePairs pairs = new CurvaturePairs(3, 0, 0);
        OptimizerState state = state(pairs);
        Random random = new Random(1);
        float[] s = random(random);
        float[] away = new float[N];
        for (int i = 0; i < N; i++) {
            away[i] = -s[i];
        }
        pairs.add(state, new float[N], new float[N], s, away);
        assertThat(pairs.count(state)).isZero();
        List<Pair> kept = new ArrayList<>();
        for (int added = 0; added < 3; added++) {
            kept.add(add(pairs, state, random));
        }
        pairs.add(state, new float[N], new float[N], s, away); // over the oldest: the ring is full
        kept.remove(0);
        assertThat(pairs.count(state)).isEqualTo(2);
        float[] g = random(random);
        float[] p = new float[N];
        pairs.direction(state, g, p);
        double[][] h = inverseHessian(kept);
        for (int i = 0; i < N; i++) {
            assertThat((double) p[i]).isCloseTo(-dot(h[i], toDouble(g)), within(2e-5));
        }
    }
}
