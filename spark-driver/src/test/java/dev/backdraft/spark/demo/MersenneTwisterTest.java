package dev.backdraft.spark.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class MersenneTwisterTest {
    @Test
    void givesTheNumbersOfTheOriginal() { // seed 5489: the reference program's default; the 10,000th: ISO C++, mt19937
        MersenneTwister random = new MersenneTwister(5489);

        assertThat(Integer.toUnsignedLong(random.nextInt())).isEqualTo(3499211612L);
        for (int i = 2; i < 10_000; i++) {
            random.nextInt();
        }
        assertThat(Integer.toUnsignedLong(random.nextInt())).isEqualTo(4123659995L);
    }

    @Test
    void drawsAsNumPyDoes() { // numpy 2.4.6: seed(42); rand() three times, choice(48), randn(3), permutation(10)
        MersenneTwister random = new MersenneTwister(42);

        assertThat(random.uniform()).isEqualTo(0.3745401188473625);
        assertThat(random.uniform()).isEqualTo(0.9507143064099162);
        assertThat(random.uniform()).isEqualTo(0.7319939418114051);
        assertThat(random.below(48)).isEqualTo(20);
        assertThat(random.normal()).isEqualTo(-0.23415337472333597);
        assertThat(random.normal()).isEqualTo(-0.23413695694918055);
        assertThat(random.normal()).isEqualTo(1.5792128155073915);
        assertThat(random.permutation(10)).containsExactly(8, 2, 0, 6, 7, 9, 3, 1, 4, 5);
    }

    @Test
    void onlyOneNumberIsBelowOne() {
        MersenneTwister random = new MersenneTwister(1);
        MersenneTwister same = new MersenneTwister(1);

        assertThat(random.below(1)).isZero();
        assertThat(random.permutation(1)).containsExactly(0);
        assertThat(random.nextInt()).isEqualTo(same.nextInt()); // nothing was drawn
    }

    @Test
    void normalsHaveMeanZeroAndDeviationOne() {
        MersenneTwister random = new MersenneTwister(0xFFFF_FFFFL);
        int n = 100_000;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double x = random.normal();
            sum += x;
            squares += x * x;
        }
        assertThat(Math.abs(sum / n)).isLessThan(4 / Math.sqrt(n));
        assertThat(Math.abs(squares / n - 1)).isLessThan(4 * Math.sqrt(2.0 / n));
    }

    @Test
    void aSeedIsAnUnsignedInt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MersenneTwister(-1))
                .withMessage("seed -1 is not in 0 … 4294967295");
        assertThatIllegalArgumentException().isThrownBy(() -> new MersenneTwister(1L << 32));
    }
}
