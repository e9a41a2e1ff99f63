package dev.backdraft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExamplesTest {
    @Test
    void aPerceptronWithAHiddenLayerLearnsExclusiveOr() {
        assertThat(XorInCore.train().accuracy()).isEqualTo(1);
        assertThat(XorInCore.train().loss()).isLessThan(0.05);
    }
}
