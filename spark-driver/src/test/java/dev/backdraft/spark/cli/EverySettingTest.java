package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.spark.ml.NeuralNetworkClassifier;
import dev.backdraft.train.Setting;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What core's catalogue of settings has, the command line, {@code spark.ml} and the documentation have. */
class EverySettingTest {
    private static final Path DOC = Path.of("..", "docs", "configuration.md");

    /** Parameters of spark.ml that are not called like their setting. */
    private static final Map<Setting, String> PARAMETERS = Map.of(
            Setting.HIDDEN, "hiddenLayers",
            Setting.EPOCHS, "maxIter",
            Setting.LEARNING_RATE, "stepSize",
            Setting.L1, "l1",
            Setting.L2, "l2");

    /** The options of a training by the text of their annotation. */
    private static Stream<Option> options() {
        return Arrays.stream(TrainCommand.class.getDeclaredFields())
                .filter(field -> field.isAnnotationPresent(Mixin.class))
                .flatMap(field -> Arrays.stream(field.getType().getDeclaredFields()))
                .filter(field -> field.isAnnotationPresent(Option.class))
                .map(field -> field.getAnnotation(Option.class));
    }

    /** The options that show the help of a setting, the default of the fraction of validation rows, or the network. */
    private static List<String> optionsOf(Setting setting) {
        String text =
                switch (setting) {
                    case NETWORK -> "A multilayer perceptron";
                    case VALIDATION_FRACTION -> "${bundle:default." + setting.key() + "}";
                    default -> "${bundle:setting." + setting.key() + "}";
                };
        return options()
                .filter(option -> String.join(" ", option.description()).contains(text))
                .map(option -> option.names()[0])
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void hasOneOptionInItsGroup(Setting setting) {
        List<String> options = optionsOf(setting);
        assertThat(options).as(setting.key()).hasSize(1);
        Field group = Arrays.stream(TrainCommand.class.getDeclaredFields())
                .filter(field -> field.isAnnotationPresent(Mixin.class))
                .filter(field -> Arrays.stream(field.getType().getDeclaredFields())
                        .map(inner -> inner.getAnnotation(Option.class))
                        .anyMatch(option -> option != null && option.names()[0].equals(options.get(0))))
                .findFirst()
                .orElseThrow();
        assertThat(group.getAnnotation(Mixin.class).name())
                .isEqualTo(setting.group().title());
    }

    @ParameterizedTest
    @ValueSource(strings = {"train", "find-learning-rate", "check-gradient"})
    void theHelpHasTheTextsOfTheCatalogue(String command) {
        StringWriter out = new StringWriter();
        Main.run(new PrintWriter(out, true), new PrintWriter(out, true), command, "--help");
        String help = out.toString().replaceAll("\\s+", " ");
        assertThat(help).doesNotContain("${").contains(Setting.DROPOUT.help().substring(1));
        if (command.equals("train")) {
            for (Setting setting : Setting.values()) {
                if (setting != Setting.NETWORK && setting != Setting.VALIDATION_FRACTION) {
                    assertThat(help)
                            .contains(setting.help().substring(1) + " (default: " + setting.defaultText() + ")");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void isAParameterOfSparkMlOrTakenByTheParameterSettings(Setting setting) {
        NeuralNetworkClassifier classifier = new NeuralNetworkClassifier();
        String name = PARAMETERS.getOrDefault(setting, setting.key());
        if (setting == Setting.EARLY_STOPPING) {
            assertThat(classifier.hasParam("earlyStoppingPatience")).isTrue();
        } else if (classifier.hasParam(name)) {
            Param<?> param = classifier.getParam(name);
            assertThat(setting == Setting.NETWORK || param.doc().startsWith(setting.help()))
                    .as(param.doc())
                    .isTrue();
        } else if (setting == Setting.INITIALIZER) {
            assertThat(classifier.hasParam("network")).isTrue(); // which may have initializers
        } else {
            String key = setting.key().replaceAll("\\..*", "");
            JsonNode value = TrainingJson.write(new TrainingConfig()).get(key);
            String json = "{\"" + key + "\": " + value + "}";
            assertThat(classifier.setSettings(json).getSettings()).isEqualTo(json);
        }
    }

    @Test
    void theDocumentationListsEverySettingWithItsOptionValuesHelpAndDefault() throws IOException {
        String table = Stream.of(Setting.values())
                .filter(setting -> setting != Setting.VALIDATION_FRACTION) // in files it may be a file
                .map(setting -> String.format(
                        Locale.ROOT,
                        "| `%s` | `%s` | %s | %s | %s |",
                        setting.key(),
                        optionsOf(setting).get(0),
                        setting.valueText(),
                        setting.help(),
                        setting.defaultText()))
                .collect(Collectors.joining("\n"));
        assertThat(Files.readString(DOC))
                .contains("| key | option | value | meaning | default |\n|---|---|---|---|---|\n" + table + "\n\n");
    }

    @Test
    void theDocumentationHasEveryOtherKey() throws IOException {
        assertThat(Files.readString(DOC))
                .contains(Settings.keys().stream().map(key -> "`" + key).toList());
    }
}
