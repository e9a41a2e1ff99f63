package dev.backdraft.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sums that travel as bytes are the same sums, and bytes that are no sums are refused. */
class MetricBytesTest {
    private static final int ROWS = 7;

    private static List<Metric> all(PredictionKind kind) {
        return Arrays.stream(StandardMetric.values())
                .filter(metric -> metric.suits(kind) && !metric.collects().contains(Collected.LOSS))
                .map(Metric.class::cast)
                .toList();
    }

    private static MetricSums sums(PredictionKind kind, int outputs, int seed) {
        MetricSums sums = new MetricSums(all(kind), kind, outputs);
        SplitMix random = SplitMix.at(seed, 0, 0, 0);
        Matrix prediction = Matrix.zeros(outputs, ROWS);
        Matrix target = Matrix.zeros(kind == PredictionKind.CLASSES ? 1 : outputs, ROWS);
        for (int i = 0; i < prediction.size(); i++) {
            prediction.values()[i] = (float) random.nextDouble();
        }
        for (int i = 0; i < target.size(); i++) {
            target.values()[i] = random.nextInt(Math.max(2, kind == PredictionKind.CLASSES ? outputs : 2));
        }
        sums.add(prediction, target, new float[] {1, 2, 0.5f, 1, 0, 3, 1});
        return sums;
    }

    private static ByteBuffer written(MetricSums sums) {
        ByteBuffer bytes = ByteBuffer.allocate(sums.bytes());
        sums.write(bytes);
        assertThat(bytes.hasRemaining()).isFalse();
        return bytes.flip();
    }

    @ParameterizedTest
    @EnumSource(value = PredictionKind.class, mode = EnumSource.Mode.EXCLUDE, names = "QUANTILES")
    void allSumsArriveAsTheyWereSent(PredictionKind kind) {
        MetricSums expected = sums(kind, 3, 1);
        expected.add(sums(kind, 3, 2));
        MetricSums added = sums(kind, 3, 1);
        ByteBuffer bytes = written(sums(kind, 3, 2));
        added.add(MetricSums.read(bytes));
        assertThat(bytes.hasRemaining()).isFalse();
        List<Double> found = new ArrayList<>();
        List<Double> wanted = new ArrayList<>();
        for (Metric metric : all(kind)) {
            found.add(added.value(metric));
            wanted.add(expected.value(metric));
        }
        assertThat(found).isEqualTo(wanted).hasSizeGreaterThan(3);
        assertThat(written(added)).isEqualTo(written(expected));
    }

    @Test
    void theNumbersOfTheLossTravelButNotTheLoss() {
        SoftmaxCrossEntropy loss = new SoftmaxCrossEntropy();
        MetricSums sent = new MetricSums(List.of(), loss, 2);
        sent.add(
                new Matrix(new float[] {1, -1, 3, 4}, 0, 2, 2),
                new Matrix(new float[] {0, 1}, 0, 1, 2),
                null,
                null,
                null);
        MetricSums read = MetricSums.read(written(sent));
        assertThatIllegalStateException().isThrownBy(read::loss).withMessageContaining("sent without their loss");
        MetricSums received = new MetricSums(List.of(), loss, 2);
        received.add(read);
        assertThat(received.loss()).isEqualTo(sent.loss());
        assertThat(received.correct()).isEqualTo(2);
    }

    @Test
    void bytesThatAreNoSumsAreRefused() {
        ByteBuffer bytes = written(sums(PredictionKind.CLASSES, 3, 1));
        for (int length = 0; length < bytes.limit(); length++) {
            ByteBuffer cut = bytes.duplicate().limit(length);
            assertThatIllegalStateException().isThrownBy(() -> MetricSums.read(cut));
        }
        ByteBuffer other = written(sums(PredictionKind.CLASSES, 3, 1)).put(0, (byte) 9);
        assertThatIllegalStateException()
                .isThrownBy(() -> MetricSums.read(other))
                .withMessage(
                        "measures have format 9, but this version reads 2: all processes must run the same version of"
                                + " Backdraft");
        int outputs = Integer.BYTES + Byte.BYTES + 3 * Double.BYTES + Byte.BYTES;
        ByteBuffer many = written(sums(PredictionKind.VALUES, 3, 1)).put(outputs + 3, (byte) 0x7f);
        assertThatIllegalStateException()
                .isThrownBy(() -> MetricSums.read(many)) // and takes no memory for as many
                .withMessageContaining("2130706435 outputs");
    }
}
