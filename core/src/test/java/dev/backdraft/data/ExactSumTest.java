package dev.backdraft.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.linalg.SplitMix;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactSumTest {
    /** Random finite floats, uniform over bit patterns: every magnitude, subnormals among them; and the extremes. */
    private static List<Float> floats(int count, long seed) {
        SplitMix random = SplitMix.at(seed, 0, 0, 0);
        List<Float> floats =
                new ArrayList<>(List.of(0f, -0f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE));
        while (floats.size() < count) {
            float value = Float.intBitsToFloat((int) random.nextLong());
            if (Float.isFinite(value)) {
                floats.add(value);
            }
        }
        return floats;
    }

    private static void assertSum(ExactSum sum, BigDecimal expected) {
        assertThat(sum.value()).isEqualByComparingTo(expected);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void sumsOfFloatsAndTheirProductsAreExact(long seed) {
        ExactSum sum = new ExactSum();
        ExactSum squares = new ExactSum();
        ExactSum products = new ExactSum();
        BigDecimal expected = BigDecimal.ZERO;
        BigDecimal expectedSquares = BigDecimal.ZERO;
        BigDecimal expectedProducts = BigDecimal.ZERO;
        float previous = -1;
        for (float value : floats(5000, seed)) {
            BigDecimal exact = new BigDecimal(value);
            sum.add(value);
            expected = expected.add(exact);
            squares.add((double) value * value);
            expectedSquares = expectedSquares.add(exact.multiply(exact));
            products.add((double) value * previous);
            expectedProducts = expectedProducts.add(exact.multiply(new BigDecimal(previous)));
            previous = value;
        }
        assertSum(sum, expected);
        assertSum(squares, expectedSquares);
        assertSum(products, expectedProducts);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.MIN_VALUE, Float.MIN_NORMAL, 1, 1.5f, 0.1f, 16777215, Float.MAX_VALUE})
    void everySingleNumberIsKept(float value) {
        for (double exact : new double[] {value, -value, (double) value * value, -(double) value * value}) {
            ExactSum sum = new ExactSum();
            sum.add(exact);
            assertSum(sum, new BigDecimal(exact));
            sum.add(-exact);
            assertSum(sum, BigDecimal.ZERO);
        }
    }

    @Test
    void orderAndPartitioningMakeNoDifference() {
        List<Float> floats = floats(2000, 9);
        ExactSum expected = new ExactSum();
        floats.forEach(expected::add);
        Random random = new Random(1);
        for (int parts = 1; parts <= 7; parts++) {
            Collections.shuffle(floats, random);
            ExactSum whole = new ExactSum();
            for (int part = 0; part < parts; part++) {
                ExactSum sum = new ExactSum();
                for (int i = part; i < floats.size(); i += parts) {
                    sum.add(floats.get(i));
                }
                whole.add(sum);
            }
            assertThat(whole.value()).isEqualTo(expected.value());
        }
    }

    @Test
    void cancellationLeavesWhatIsSmall() {
        ExactSum sum = new ExactSum();
        sum.add((double) Float.MAX_VALUE * Float.MAX_VALUE);
        sum.add((double) Float.MIN_VALUE * Float.MIN_VALUE);
        sum.add(-(double) Float.MAX_VALUE * Float.MAX_VALUE);
        assertSum(sum, new BigDecimal((double) Float.MIN_VALUE * Float.MIN_VALUE));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aWrittenSumIsReadAsItWas(long seed) throws IOException {
        ExactSum sum = new ExactSum();
        for (float value : floats(20, seed)) {
            assertThatItIsReadAsItWas(sum);
            sum.add(value);
            assertThatItIsReadAsItWas(sum);
            ExactSum small = new ExactSum();
            small.add(-value);
            assertThatItIsReadAsItWas(small);
        }
        for (int i = 0; i < 70; i++) { // until the top digit is not only a sign
            ExactSum half = new ExactSum();
            half.add(sum);
            sum.add(half);
            assertThatItIsReadAsItWas(sum);
        }
    }

    private static void assertThatItIsReadAsItWas(ExactSum sum) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        sum.write(new DataOutputStream(bytes));
        ExactSum read = new ExactSum();
        read.add(1e30); // overwritten
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        read.read(in);
        assertThat(in.available()).isZero();
        assertThat(read.value()).isEqualByComparingTo(sum.value());
        assertThat(read.units()).isEqualTo(sum.units());
        read.add(1.5);
        sum.add(1.5);
        assertSum(read, sum.value());
        sum.add(-1.5);
    }

    @Test
    void aSumOfOrdinaryNumbersIsShort() throws IOException {
        ExactSum sum = new ExactSum();
        sum.add(0.1f);
        sum.add(-7e5f);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        sum.write(new DataOutputStream(bytes));
        assertThat(bytes.size()).isLessThanOrEqualTo(14);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, -1})
    void moreRowsThanAnybodyHasDoNotOverflow(double sign) {
        double square = sign * Float.MAX_VALUE * Float.MAX_VALUE;
        ExactSum sum = new ExactSum();
        sum.add(square);
        BigDecimal expected = new BigDecimal(square);
        for (int i = 0; i < 62; i++) { // doubled to 2^62 rows
            ExactSum half = new ExactSum();
            half.add(sum);
            sum.add(half);
            expected = expected.add(expected);
        }
        assertSum(sum, expected);
    }

    @Test
    void manyAddsWithoutAMergeDoNotOverflow() {
        long adds = (1L << 29) + 1000; // beyond the point where digits are carried
        float value = Math.nextDown(2f); // all bits of the mantissa set
        ExactSum sum = new ExactSum();
        for (long i = 0; i < adds; i++) {
            sum.add(value);
        }
        assertSum(sum, new BigDecimal(value).multiply(BigDecimal.valueOf(adds)));
    }
}
