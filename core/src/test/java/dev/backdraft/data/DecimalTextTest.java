package dev.backdraft.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTextTest {
    @Test
    void agreesWithTheJdkOnEveryBit() {
        Random random = new Random(1);
        for (int i = 0; i < 300_000; i++) {
            assertSameBits(randomText(random));
        }
    }

    @Test
    void agreesWithTheJdkOnWhatTheJdkWrites() {
        Random random = new Random(2);
        for (int i = 0; i < 100_000; i++) {
            double any = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(any)) {
                assertSameBits(Double.toString(any));
            }
            assertSameBits(Double.toString(random.nextGaussian()));
            assertSameBits(Float.toString((float) random.nextGaussian()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "+0",
                "-0.0",
                "00",
                "007",
                "1.",
                ".5",
                "-.5",
                "1e5",
                "1E+5",
                "1e-5",
                "1e22",
                "1e23",
                "1e-22",
                "1e-23",
                "9007199254740992",
                "9007199254740993",
                "9007199254740993e22",
                "0.1",
                "0.10000000000000000000000",
                "1e308",
                "1e309",
                "-1e400",
                "1e-400",
                "1e99999999999",
                "1e-99999999999",
                "0e99999999999",
                "4.9e-324",
                "2.4e-324",
                "2.2250738585072012e-308",
                "123456789012345678901234567890",
                "0.000000000000000000000000000001",
                "00000000000000000000000000000000000001",
                " 1",
                "1 ",
                "\t1.5 "
            })
    void readsEveryWayToWriteADecimalNumber(String text) {
        assertSameBits(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-",
                "+",
                ".",
                "e5",
                "-.",
                "1e",
                "1e+",
                "1e5.",
                "1.2.3",
                "1,5",
                "--1",
                "+-1",
                "1f",
                "1d",
                "0x1p3",
                "NaN",
                "Infinity",
                "-Infinity",
                "inf",
                "1 2",
                "1_000",
                "١",
                "abc",
                "1e5e5",
                "\u00a01"
            })
    void refusesEverythingElse(String text) {
        assertThat(DecimalText.parse(text)).isNaN();
        assertThat(DecimalText.fault(DecimalText.parse(text))).startsWith("is not a finite number");
    }

    @Test
    void readsOnlyBetweenTheBounds() {
        assertThat(DecimalText.parse("912.53".toCharArray(), 1, 5)).isEqualTo(12.5);
    }

    @Test
    void acceptsWhatFitsAFloatAndNothingBeyond() {
        assertThat(DecimalText.fault(Float.MAX_VALUE)).isNull();
        assertThat(DecimalText.fault(1e-300)).isNull(); // becomes 0
        assertThat(DecimalText.fault(3.5e38)).contains("32-bit float");
        assertThat(DecimalText.fault(DecimalText.parse("-1e999"))).contains("32-bit float");
    }

    private static void assertSameBits(String text) {
        assertThat(Double.doubleToRawLongBits(DecimalText.parse(text)))
                .as(text)
                .isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(text)));
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
        int digits = 1 + random.nextInt(22);
        int point = random.nextInt(2 * digits);
        for (int i = 0; i < digits; i++) {
            text.append(i == point ? "." : "").append((char) ('0' + random.nextInt(10)));
        }
        return random.nextInt(3) > 0
                ? text.toString()
                : text.append('e').append(random.nextInt(100) - 50).toString();
    }
}
