package dev.backdraft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.linalg.SplitMix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MomentsTest {
    @Test
    void meanAndPopulationDeviationAreThoseOfTheDefinition() {
        Moments moments = new Moments(2);
        for (float x : new float[] {2, 4, 4, 4, 5, 5, 7, 9}) { // mean 5, deviation 2
            moments.add(Example.dense(new float[] {x, -1000 * x}, 0));
        }
        assertThat(moments.standardizer().mean()).containsExactly(5, -5000);
        assertThat(moments.standardizer().deviation()).containsExactly(2, 2000);
    }

    @Test
    void theDeviationOfAConstantColumnIsOne() {
        Moments moments = new Moments(2);
        for (int i = 0; i < 7; i++) {
            moments.add(Example.dense(new float[] {0.1f, 0}, 0)); // 0.1 is not exact, yet its variance is
        }
        assertThat(moments.standardizer().mean()).containsExactly(0.1f, 0);
        assertThat(moments.standardizer().deviation()).containsExactly(1, 1);
        assertThat(new Moments(1).standardizer().deviation()).containsExactly(1); // no rows
    }

    @Test
    void aSmallSpreadFarFromZeroIsNotLost() {
        Moments moments = new Moments(1);
        moments.add(16_777_214f);
        moments.add(16_777_216f);
        assertThat(moments.standardizer().mean()).containsExactly(16_777_215);
        assertThat(moments.standardizer().deviation()).containsExactly(1);
    }

    @Test
    void extremeValuesHaveMoments() {
        Moments moments = new Moments(1);
        moments.add(Float.MAX_VALUE);
        moments.add(-Float.MAX_VALUE);
        assertThat(moments.standardizer().mean()).containsExactly(0);
        assertThat(moments.standardizer().deviation()).containsExactly(Float.MAX_VALUE);

        Moments tiny = new Moments(1);
        tiny.add(Float.MIN_VALUE);
        tiny.add(-Float.MIN_VALUE);
        assertThat(tiny.standardizer().deviation()).containsExactly(Float.MIN_VALUE);
    }

    @Test
    void sparseRowsCountTheirZeros() {
        Moments dense = new Moments(3);
        Moments sparse = new Moments(3);
        dense.add(Example.dense(new float[] {0, 3, 0}, 0));
        dense.add(Example.dense(new float[] {1, 0, 0}, 0));
        sparse.add(Example.sparse(new int[] {1}, new float[] {3}, 0));
        sparse.add(Example.sparse(new int[] {0}, new float[] {1}, 0));
        assertSameBits(sparse, dense);
    }

    @Test
    void aWeightIsANumberOfRows() {
        SplitMix random = SplitMix.at(3, 0, 0, 0);
        Moments weighted = new Moments(2);
        Moments repeated = new Moments(2);
        for (int i = 0; i < 200; i++) {
            double scale = Math.pow(10, random.nextInt(20) - 10);
            float[] values = {(float) (scale * random.nextGaussian()), 0.1f};
            int copies = random.nextInt(9);
            weighted.add(Example.dense(values, 0).withWeight(copies));
            for (int c = 0; c < copies; c++) {
                repeated.add(Example.dense(values, 0));
            }
        }
        assertSameBits(weighted, repeated);
        assertThat(weighted.standardizer().deviation()[1]).isEqualTo(1); // constant, by any weights
    }

    @Test
    void onlyTheRatioOfWeightsCounts() {
        Moments small = new Moments(1);
        Moments large = new Moments(1);
        for (float[] row : new float[][] {{1.1f, 0.3f}, {-7e20f, 0.6f}, {3e-30f, 1.5f}}) {
            small.add(row[0], row[1] * 0x1p-120f);
            large.add(row[0], row[1] * 0x1p120f);
        }
        assertSameBits(small, large);
        Moments extreme = new Moments(1);
        extreme.add(Float.MAX_VALUE, Float.MAX_VALUE);
        extreme.add(-Float.MAX_VALUE, Float.MAX_VALUE);
        extreme.add(Float.MIN_VALUE, Float.MIN_VALUE);
        assertThat(extreme.standardizer().deviation()).containsExactly(Float.MAX_VALUE);
        assertThat(extreme.standardizer().mean()[0]).isCloseTo(0, within(1e-100));
    }

    @Test
    void orderAndPartitioningMakeNoDifferenceToAnyBit() {
        SplitMix random = SplitMix.at(1, 0, 0, 0);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            double scale = Math.pow(10, random.nextInt(20) - 10);
            rows.add(Example.dense(new float[] {(float) (scale * random.nextGaussian()), random.nextInt(3)}, 0));
        }
        Moments expected = new Moments(2);
        rows.forEach(expected::add);
        Random shuffle = new Random(2);
        for (int parts = 1; parts <= 7; parts++) {
            Collections.shuffle(rows, shuffle);
            Moments whole = new Moments(2);
            for (int part = 0; part < parts; part++) {
                Moments moments = new Moments(2);
                for (int i = part; i < rows.size(); i += parts) {
                    moments.add(rows.get(i));
                }
                whole.add(moments);
            }
            assertSameBits(whole, expected);
        }
    }

    private static void assertSameBits(Moments actual, Moments expected) {
        assertThat(actual.standardizer().mean())
                .containsExactly(expected.standardizer().mean());
        assertThat(actual.standardizer().deviation())
                .containsExactly(expected.standardizer().deviation());
    }

    @Test
    void standardisedColumnsHaveMeanZeroAndDeviationOneAndCanBeInverted() {
        SplitMix random = SplitMix.at(2, 0, 0, 0);
        Moments moments = new Moments(1);
        float[] values = new float[1000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (50 + 7 * random.nextGaussian());
            moments.add(values[i]);
        }
        Standardizer standardizer = moments.standardizer();
        Moments scaled = new Moments(1);
        for (float value : values) {
            float z = standardizer.apply(0, value);
            scaled.add(z);
            float[] inverted = {z};
            standardizer.invert(inverted, 0);
            assertThat(inverted[0]).isCloseTo(value, within(1e-5f));
        }
        assertThat(scaled.standardizer().mean()[0]).isCloseTo(0, within(1e-6));
        assertThat(scaled.standardizer().deviation()[0]).isCloseTo(1, within(1e-6));
    }
}
