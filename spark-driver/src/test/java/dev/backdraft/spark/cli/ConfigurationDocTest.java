package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.json.JsonText;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkJson;
import dev.backdraft.train.TrainingRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/configuration.md shows is what is read; {@link EverySettingTest} checks its tables. */
class ConfigurationDocTest {
    private static final Path DOC = Path.of("..", "docs", "configuration.md");

    private static List<String> blocks() throws IOException {
        return Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(DOC))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }

    @Test
    void theExampleIsRead() throws IOException {
        Settings settings = Settings.parse(blocks().get(0), "configuration.md");
        TrainingRequest request = settings.request(0);
        assertThat(request.network().toString())
                .isEqualTo(
                        "40 -> dense 100 -> relu -> layer-norm -> dense -> gelu -> dropout -> [1, 5]add 100 -> dense 10,"
                                + " 15,410 parameters");
        assertThat(request.config().earlyStopping().patience()).isEqualTo(5);
        assertThat(request.config().optimizer().name()).isEqualTo("adamw");
    }

    @Test
    void theGraphIsRead() throws IOException {
        Network network = NetworkJson.read(JsonText.read(blocks().get(1)), 0);
        assertThat(network.inputs()).contains(List.of(0, 1, -1));
    }

    @Test
    void theNetworkForTablesIsRead() throws IOException {
        Network network = NetworkJson.read(JsonText.read(blocks().get(2)), 0);
        assertThat(network.codeColumns()).containsExactly(1);
        assertThat(network.outputSize()).isEqualTo(2);
    }

    @Test
    void theEnsembleIsRead() throws IOException {
        Network network = NetworkJson.read(JsonText.read(blocks().get(3)), 0);
        assertThat(network.toString())
                .startsWith(
                        "3 -> repeat 48 -> batch-ensemble 1024 -> relu -> batch-ensemble -> relu -> batch-ensemble 32"
                                + " -> ensemble-mean 2,");
    }
}
