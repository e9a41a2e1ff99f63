package dev.backdraft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.data.DataScan;
import dev.backdraft.layer.Dropout;
import dev.backdraft.network.Network;
import dev.backdraft.schedule.Cosine;
import dev.backdraft.schedule.FlatCosine;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The catalogue of settings describes what requests, drafts and their JSON have. */
class SettingTest {
    @Test
    void theKeysAreThoseOfARequestInTheOrderInWhichItIsWritten() {
        ObjectNode written = TrainingJson.write(
                TrainingRequest.of(Network.builder(1).dense(1).build(), TrainingConfig.standard()));
        List<String> keys = new ArrayList<>();
        written.fieldNames().forEachRemaining(keys::add);
        assertThat(TrainingJson.keys()).isEqualTo(keys);
        keys.addAll(1, TrainingDraft.shapeKeys());
        assertThat(TrainingDraft.keys()).isEqualTo(keys);
    }

    @Test
    void everyComponentOfTheConfigurationHasAMethodThatChangesItAlone() throws ReflectiveOperationException {
        TrainingConfig config = TrainingConfig.standard()
                .withAccumulation(2)
                .withLanes(4)
                .withWeightDecay(0.1)
                .withMaxNorm(0.2)
                .withWeightDecaySchedule(new Cosine())
                .withDropoutSchedule(new FlatCosine())
                .withMetrics(List.of("mae"))
                .withClassWeights(List.of(1.0, 2.0)); // no two components of a type have one value
        for (RecordComponent component : TrainingConfig.class.getRecordComponents()) {
            String name = component.getName();
            Object changed = TrainingConfig.class
                    .getMethod(
                            "with" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1),
                            component.getType())
                    .invoke(config, component.getAccessor().invoke(config));
            assertThat(changed).as(name).isEqualTo(config);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theHelpIsAPhraseForEveryDoor(Setting setting) {
        assertThat(setting.help()).doesNotEndWith(".").doesNotContain("--", "JSON", "param");
        assertThat(setting.help().substring(0, 1))
                .matches("L|" + setting.help().substring(0, 1).toLowerCase(Locale.ROOT));
        assertThat(setting.defaultText()).isNotBlank().doesNotEndWith(".");
        assertThat(setting.valueText()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EPOCHS            | whole number of 1 or more            | enough for 3,000 updates, or 2,000 without",
                "BATCH_SIZE        | whole number of 1 or more, or full   | the largest power of 2",
                "SEED              | whole number                         | 42",
                "OPTIMIZER         | optimizer                            | adam",
                "LEARNING_RATE     | number above 0                       | 0.003, or 0.001",
                "SCHEDULE_UNIT     | step or epoch                        | step",
                "CLIP_NORM         | number of 0 or more                  | 0",
                "PENALIZE_BIASES   | true or false                        | false",
                "EARLY_STOPPING    | {metric, patience, minChange, refit}, or null | after 10 epochs",
                "BATCH_GROWTH      | {factor, everyEpochs, largest, rule}, or null | none",
                "METRICS           | list of texts                        | none",
                "CLASS_WEIGHTS     | list of numbers above 0, or balanced | 1 each"
            })
    void valuesAndDefaultsComeFromTheConfiguration(Setting setting, String values, String start) {
        assertThat(setting.valueText()).isEqualTo(values);
        assertThat(setting.defaultText()).startsWith(start);
    }

    @Test
    void theSettingsOfAnObjectHaveTheirDefaults() {
        assertThat(Setting.EARLY_STOPPING.settings()).isEqualTo("metric=loss, patience=10, minChange=0, refit=false");
        assertThat(Setting.REDUCE_ON_PLATEAU.settings())
                .isEqualTo("mode=min|max, factor=0.1, patience=10, threshold=0.0001,"
                        + " thresholdMode=relative|absolute, cooldown=0, minRate=0");
    }

    /** The range that the catalogue describes is the one that is checked. */
    @ParameterizedTest
    @EnumSource
    void theRangeIsChecked(Setting setting) {
        String values = setting.valueText();
        List<Double> out = new ArrayList<>();
        double least = 0;
        if (values.contains("of 1 or more")) {
            out.addAll(List.of(0.0, -1.0));
            least = 1;
        } else if (values.contains("above 0")) {
            out.addAll(List.of(0.0, -1.0));
            least = 1e-9;
        } else if (values.contains("of 0 or more")) {
            out.add(-1e-9);
        } else if (values.contains("from 0 to below 1")) {
            out.addAll(List.of(-1e-9, 1.0));
        } else {
            assertThat(values).doesNotContain("more", "above", "below");
            return;
        }
        read(setting, least);
        if (setting == Setting.LANES) {
            out.remove(0.0); // means auto
        }
        for (double wrong : out) {
            assertThatIllegalArgumentException()
                    .as("%s of %s", wrong, setting.key())
                    .isThrownBy(() -> read(setting, wrong));
        }
    }

    private static void read(Setting setting, double value) {
        switch (setting) {
            case DROPOUT -> new Dropout(value, 1);
            case VALIDATION_FRACTION -> new DataScan.Split(1, value);
            default -> readConfig(setting, value);
        }
    }

    private static void readConfig(Setting setting, double value) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        String[] path = setting.key().split("\\.", -1);
        ObjectNode owner = path.length > 1 ? json.putObject(path[0]) : json;
        String name = path[path.length - 1];
        if (setting.valueText().startsWith("list")) {
            owner.putArray(name).add(value);
        } else if (setting.valueText().startsWith("whole")) {
            owner.put(name, (int) value);
        } else {
            owner.put(name, value);
        }
        TrainingJson.config(json, TrainingConfig.standard());
    }
}
