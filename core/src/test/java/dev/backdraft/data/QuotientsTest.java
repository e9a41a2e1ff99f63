package dev.backdraft.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The fast way gives the bits of the slow one: 60 digits, then the nearest double. */
class QuotientsTest {
    private static final MathContext DIGITS = new MathContext(60);

    private static void check(BigInteger a, BigInteger b) {
        BigDecimal n = new BigDecimal(b);
        assertThat(Quotients.of(a, b))
                .as("%s / %s", a, b)
                .isEqualTo(new BigDecimal(a).divide(n, DIGITS).doubleValue());
        if (a.signum() > 0) {
            assertThat(Quotients.ofRoot(a, b))
                    .as("root of %s / %s", a, b)
                    .isEqualTo(new BigDecimal(a).sqrt(DIGITS).divide(n, DIGITS).doubleValue());
        }
    }

    @Test
    void equalsAllDigitsForRandomNumbersOfEverySize() {
        Random random = new Random(1);
        for (int i = 0; i < 3000; i++) {
            BigInteger a = new BigInteger(1 + random.nextInt(900), random);
            BigInteger b = new BigInteger(1 + random.nextInt(500), random).add(BigInteger.ONE);
            check(i % 2 == 0 ? a : a.negate(), b);
        }
    }

    @Test
    void roundsTiesAndTheirNeighborsAsAllDigitsDo() {
        Random random = new Random(2);
        for (int i = 0; i < 1000; i++) {
            BigInteger odd = new BigInteger(52, random).setBit(53).setBit(0); // 54 bits: between two doubles
            for (int shift : new int[] {0, 1, 40, 51, 52, 60, 200}) {
                BigInteger tie = odd.shiftLeft(shift);
                for (BigInteger near : new BigInteger[] {tie.subtract(BigInteger.ONE), tie, tie.add(BigInteger.ONE)}) {
                    check(near, BigInteger.ONE);
                    check(near.multiply(BigInteger.valueOf(3)), BigInteger.valueOf(3));
                    check(near.multiply(near), BigInteger.valueOf(7));
                    check(near.multiply(near), BigInteger.ONE);
                }
            }
        }
    }

    @Test
    void powersOfTwoAndTheirNeighbors() {
        for (int bits = 0; bits < 300; bits++) {
            BigInteger power = BigInteger.ONE.shiftLeft(bits);
            check(power, BigInteger.ONE);
            check(power.subtract(BigInteger.ONE), BigInteger.ONE.shiftLeft(20));
            check(power.add(BigInteger.ONE), BigInteger.valueOf(5));
            check(power.multiply(power).subtract(BigInteger.ONE), BigInteger.ONE);
        }
        check(BigInteger.ZERO, BigInteger.TEN);
    }
}
