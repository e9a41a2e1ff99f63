package dev.backdraft.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.data.Example;
import dev.backdraft.json.JsonText;
import dev.backdraft.layer.Layers;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnLayerTest {
    @Test
    void jsonKnowsTheLayerAndWritesItAgain() {
        Network network = OwnLayer.fromJson();
        assertThat(network).isEqualTo(OwnLayer.inJava());
        assertThat(network.layers().get(3)).isEqualTo(new LearnedSlope(8, 0.1));
        assertThat(NetworkJson.read(NetworkJson.write(network), 0)).isEqualTo(network);
        assertThat(Layers.CATALOG.named("learned-slope")).isEqualTo(new LearnedSlope(1, 0.25));
    }

    @Test
    void theJsonOfThePageIsReadAndIsTheSameNetwork() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "examples.md"));
        int start = page.indexOf("```json\n") + 8;
        String json = page.substring(start, page.indexOf("```", start));
        assertThat(NetworkJson.read(JsonText.read(json), 0)).isEqualTo(OwnLayer.inJava());
    }

    @Test
    void aWrongSettingIsRefusedByItsName() {
        String json = "{\"inputSize\": 2, \"layers\": [{\"type\": \"learned-slope\", \"begin\": 1}]}";
        assertThatThrownBy(() -> NetworkJson.read(JsonText.read(json), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("begin");
        assertThatThrownBy(() -> new LearnedSlope(0, 0.25)).hasMessageContaining("must be positive: 0");
    }

    @Test
    void itsGradientIsThatOfDifferences() {
        assertThat(OwnLayer.gradientError(1)).isLessThan(1e-3);
    }

    @Test
    void aNetworkWithItLearnsTheRingsAndItsSlopes() {
        List<Example> rows = OwnLayer.rings(200, 2);
        Model model = OwnLayer.train(OwnLayer.fromJson(), rows, 200, 2, new double[200]);
        assertThat(OwnLayer.accuracy(model, rows)).isGreaterThan(0.98);
        assertThat(OwnLayer.slopes(model)).hasSize(8).doesNotContain(0.25);
    }

    @Test
    void itPrintsItsTableAndWritesItsPicture(@TempDir Path directory) {
        Path file = directory.resolve("model.backdraft");
        Run run = Run.of(new OwnLayer.Options(), OwnLayer::run, directory, "--epochs 100 --model " + file);
        assertThat(run.printed())
                .contains(
                        "2 -> dense 8 -> learned-slope -> dense -> learned-slope -> dense 1",
                        "built in Java: true",
                        "slopes");
        assertThat(run.picture()).contains("parametric ReLU", "learned, unit by unit");
        assertThat(file).exists();
    }
}
