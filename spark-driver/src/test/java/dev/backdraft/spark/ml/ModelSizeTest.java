package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** A Spark Connect server asks before a fit how large the model will be. */
class ModelSizeTest {
    private static final long BYTES = 4 * (2 * 8 + 8 + 8 * 3 + 3);

    @Test
    void layersSayIt() {
        assertThat(new NeuralNetworkClassifier().setLayers(2, 8, 3).estimateModelSize(null))
                .isEqualTo(BYTES);
        assertThat(new NeuralNetworkRegressor().setLayers(2, 8, 3).estimateModelSize(null))
                .isEqualTo(BYTES);
    }

    @Test
    void withoutThemItIsNotKnown() {
        assertThatThrownBy(() -> new NeuralNetworkClassifier().estimateModelSize(null))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> new NeuralNetworkRegressor().estimateModelSize(null))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
