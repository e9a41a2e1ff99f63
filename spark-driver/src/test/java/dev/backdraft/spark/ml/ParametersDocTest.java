package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.junit.jupiter.api.Test;

/** The table of parameters in docs/spark-ml.md is what the estimators have. */
class ParametersDocTest {
    private static final Path PAGE = Path.of("../docs/spark-ml.md");

    @Test
    void theTableListsEveryParameterWithItsDefaultAndMeaning() throws IOException {
        assertThat(Files.readString(PAGE)).contains(String.join("\n", table()));
    }

    private static List<String> table() {
        NeuralNetworkClassifier classifier = new NeuralNetworkClassifier();
        NeuralNetworkRegressor regressor = new NeuralNetworkRegressor();
        Map<String, Params> owners = new TreeMap<>();
        for (Param<?> param : regressor.params()) {
            owners.put(param.name(), regressor);
        }
        for (Param<?> param : classifier.params()) {
            owners.put(param.name(), classifier);
        }
        List<String> lines = new ArrayList<>(List.of("| parameter | default | meaning |", "|---|---|---|"));
        owners.forEach((name, owner) -> {
            Param<?> param = owner.getParam(name);
            String whose = "";
            if (!regressor.hasParam(name)) {
                whose = "(classifier) ";
            } else if (!classifier.hasParam(name)) {
                whose = "(regressor) ";
            }
            lines.add(String.format(
                    Locale.ROOT,
                    "| `%s` | %s | %s%s |",
                    name,
                    owner.hasDefault(param) ? text(owner.getDefault(param).get()) : "",
                    whose,
                    param.doc().replace("|", "\\|")));
        });
        return lines;
    }

    private static String text(Object value) {
        if (!value.getClass().isArray()) {
            return String.valueOf(value);
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < Array.getLength(value); i++) {
            parts.add(String.valueOf(Array.get(value, i)));
        }
        return String.join(", ", parts);
    }
}
