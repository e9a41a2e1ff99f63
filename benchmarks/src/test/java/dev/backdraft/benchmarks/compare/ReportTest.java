package dev.backdraft.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReportTest {
    private final Samples samples = new Samples();

    private void add(String workload, int repeat, String figure, double value) {
        Workload of = Workload.all().stream()
                .filter(one -> one.id().equals(workload))
                .findFirst()
                .orElseThrow();
        samples.add(of, repeat, new PeerAnswer(Map.of(figure, value), Map.of("blas", "fast")));
    }

    @Test
    void aRatioIsOfMediansAndAgainstTheBest() {
        double[] own = {300, 100, 200};
        for (int i = 0; i < own.length; i++) {
            add("W1-sgd", i + 1, "core", own[i]);
            add("W1-sgd", i + 1, "torch", 50 + i);
            add("W1-sgd", i + 1, "sklearn", 100);
        }
        Requirement first = Requirement.all().get(0);
        assertThat(first.figure().apply(samples)).hasValue(2);
        assertThat(first.isReached(2)).isTrue();
        assertThat(first.isReached(1.39)).isFalse();
        String text = new Report(samples, Workload.all()).markdown();
        assertThat(text).contains("| 2.00 × | at least 1.40 × | reached |");
        assertThat(text).contains("| core | 200 | 100 | 300 | 640 | blas fast |");
        assertThat(text).contains("not measured");
    }

    @Test
    void samplesComeBackFromTheirFile() {
        add("W1-sgd", 1, "core", 2.5);
        add("W2-sgd", 1, "core", 3.5);
        assertThat(samples.csv())
                .isEqualTo(
                        "workload,repeat,figure,value,notes\nW1-sgd,1,core,2.5,blas fast\nW2-sgd,1,core,3.5,blas fast\n");
        Samples read = new Samples();
        read.addCsv(samples.csv());
        assertThat(read.csv()).isEqualTo(samples.csv());
        assertThatThrownBy(() -> read.addCsv(samples.csv())).hasMessageContaining("W1-sgd is in two runs");
    }

    @Test
    void numbersHaveThreeDigits() {
        assertThat(List.of(0.04567, 0.4567, 4.567, 45.67, 456.7, 4567.0).stream()
                        .map(Report::number))
                .containsExactly("0.0457", "0.457", "4.57", "45.7", "457", "4,567");
    }

    @Test
    void everyPeerOfAWorkloadIsKnown() {
        Peers peers = new Peers(Path.of("benchmarks"), Path.of("mnist"));
        for (Workload workload : Workload.all()) {
            for (String peer : workload.peers()) {
                assertThatCode(() -> peers.command(peer, workload)).doesNotThrowAnyException();
            }
        }
    }
}
