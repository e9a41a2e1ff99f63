package dev.backdraft.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitMixTest {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    @Test
    void theSequenceIsThatOfThePublishedGenerator() {
        // the first numbers of SplitMix64 from state 1234567, as Rosetta Code lists them
        String[] published = {
            "6457827717110365317",
            "3203168211198807973",
            "9817491932198370423",
            "4593380528125082431",
            "16408922859458223821"
        };
        for (int i = 0; i < published.length; i++) {
            assertThat(SplitMix.mix(1234567 + (i + 1) * GOLDEN)).isEqualTo(Long.parseUnsignedLong(published[i]));
        }
    }

    @Test
    void theFirstNumbersOfAnAddressNeverChange() {
        // Pins the bits of all seeds: start values and the order of rows follow from these.
        SplitMix random = SplitMix.at(42, 1, 2, 3);
        assertThat(random.nextLong()).isEqualTo(154953774558054057L);
        assertThat(random.nextLong()).isEqualTo(4063374377524604240L);
        assertThat(random.nextDouble()).isEqualTo(0.8010378222376248);
        assertThat(random.nextInt(1000)).isEqualTo(561);
        assertThat(random.nextGaussian()).isEqualTo(0.3138492450999118);
        int[] order = new int[8];
        random.permutation(order);
        assertThat(order).containsExactly(1, 3, 2, 7, 0, 4, 5, 6);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 6, 7, 10, 100, 1000})
    void everyNumberBelowTheBoundIsAsLikelyAsTheOthers(int bound) {
        int draws = 1_000_000;
        long[] counts = new long[bound];
        SplitMix random = SplitMix.at(5, bound, 0, 0);
        for (int i = 0; i < draws; i++) {
            counts[random.nextInt(bound)]++;
        }
        assertUniform(counts, draws);
    }

    @Test
    void aBoundThatDividesNoPowerOfTwoHasNoBias() {
        int bound = 3 << 29; // without rejection the numbers divisible by 3 would come up twice as often
        long[] counts = new long[3];
        SplitMix random = SplitMix.at(6, 0, 0, 0);
        for (int i = 0; i < 300_000; i++) {
            counts[random.nextInt(bound) % 3]++;
        }
        assertUniform(counts, 300_000);
        assertThatThrownBy(() -> random.nextInt(0)).hasMessage("bound must be positive: 0");
        assertThat(random.nextInt(1)).isZero();
    }

    @Test
    void everyOrderOfFourIsAsLikelyAsTheOthers() {
        int draws = 240_000;
        Map<String, Integer> counts = new HashMap<>();
        int[] order = new int[4];
        for (int i = 0; i < draws; i++) {
            SplitMix.at(7, 0, i, 0).permutation(order); // as the rows of an epoch are ordered
            counts.merge(Arrays.toString(order), 1, Integer::sum);
        }
        assertThat(counts).hasSize(24);
        assertUniform(counts.values().stream().mapToLong(Integer::longValue).toArray(), draws);
    }

    @Test
    void aPermutationHasEveryNumberOnce() {
        for (int length : new int[] {0, 1, 2, 1000}) {
            int[] order = new int[length];
            SplitMix.at(8, 0, 0, length).permutation(order);
            Arrays.sort(order);
            for (int i = 0; i < length; i++) {
                assertThat(order[i]).isEqualTo(i);
            }
        }
    }

    @Test
    void streamsOfNeighboringAddressesAreUncorrelated() {
        int draws = 100_000;
        for (int part = 0; part < 4; part++) {
            SplitMix one = SplitMix.at(9, 9, 9, 9);
            SplitMix other =
                    SplitMix.at(part == 0 ? 10 : 9, part == 1 ? 10 : 9, part == 2 ? 10 : 9, part == 3 ? 10 : 9);
            double sum = 0;
            for (int i = 0; i < draws; i++) {
                sum += 12 * (one.nextDouble() - 0.5) * (other.nextDouble() - 0.5);
            }
            assertThat(sum / draws).isCloseTo(0, within(5 / Math.sqrt(draws)));
        }
    }

    @Test
    void theFirstNumbersOfNeighboringAddressesAreUncorrelated() {
        int draws = 100_000;
        double sum = 0;
        double previous = SplitMix.at(0, 0, 0, 0).nextDouble();
        for (int i = 1; i <= draws; i++) {
            double next = SplitMix.at(0, 0, 0, i).nextDouble();
            sum += 12 * (previous - 0.5) * (next - 0.5);
            previous = next;
        }
        assertThat(sum / draws).isCloseTo(0, within(5 / Math.sqrt(draws)));
    }

    @Test
    void partsOfAnAddressCannotBeExchanged() {
        assertThat(SplitMix.at(1, 2, 3, 4).nextLong())
                .isNotEqualTo(SplitMix.at(2, 1, 3, 4).nextLong())
                .isNotEqualTo(SplitMix.at(1, 3, 2, 4).nextLong())
                .isNotEqualTo(SplitMix.at(1, 2, 4, 3).nextLong())
                .isEqualTo(SplitMix.at(1, 2, 3, 4).nextLong());
    }

    @Test
    void gaussiansHaveTheMomentsOfTheNormalDistribution() {
        int draws = 400_000;
        double[] moments = new double[5];
        SplitMix random = SplitMix.at(11, 0, 0, 0);
        for (int i = 0; i < draws; i++) {
            double x = random.nextGaussian();
            for (int power = 1; power <= 4; power++) {
                moments[power] += Math.pow(x, power) / draws;
            }
        }
        double sigma = 1 / Math.sqrt(draws);
        assertThat(moments[1]).isCloseTo(0, within(5 * sigma));
        assertThat(moments[2]).isCloseTo(1, within(5 * Math.sqrt(2) * sigma));
        assertThat(moments[3]).isCloseTo(0, within(5 * Math.sqrt(15) * sigma));
        assertThat(moments[4]).isCloseTo(3, within(5 * Math.sqrt(96) * sigma));
    }

    /** Chi-square within 5 deviations of its mean (Wilson and Hilferty 1931). */
    private static void assertUniform(long[] counts, long draws) {
        double expected = (double) draws / counts.length;
        double chiSquare = 0;
        for (long count : counts) {
            chiSquare += (count - expected) * (count - expected) / expected;
        }
        double freedom = counts.length - 1;
        double spread = 2 / (9 * freedom);
        assertThat((Math.cbrt(chiSquare / freedom) - (1 - spread)) / Math.sqrt(spread))
                .isBetween(-5.0, 5.0);
    }
}
