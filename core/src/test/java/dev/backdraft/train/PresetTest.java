package dev.backdraft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.backdraft.column.ColumnInput;
import dev.backdraft.column.ColumnInput.Role;
import dev.backdraft.data.DataSummary;
import dev.backdraft.data.Example;
import dev.backdraft.json.JsonText;
import dev.backdraft.layer.EnsembleAverage;
import dev.backdraft.layer.EnsembleMean;
import dev.backdraft.layer.Layer;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkJson;
import dev.backdraft.train.local.LocalTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The presets for tables: networks that train for every kind of table, choices that are explained, and settings that
 * win.
 */
class PresetTest {
    /** A table whose labels depend on its columns. */
    record Table(String name, int rows, int numbers, int flags, List<Integer> codes, int classes, boolean bins) {
        List<ColumnInput> inputs() {
            List<ColumnInput> inputs = new ArrayList<>();
            List<Double> boundaries = bins ? List.of(-1.0, -0.6, -0.2, 0.1, 0.5, 1.0) : List.of();
            for (int i = 0; i < numbers; i++) {
                inputs.add(new ColumnInput("number " + i, Role.NUMBER, 0, boundaries));
            }
            inputs.addAll(Collections.nCopies(flags, new ColumnInput("flag", Role.FLAG, 0, List.of())));
            codes.forEach(values -> inputs.add(new ColumnInput("code", Role.CODE, values, List.of())));
            return inputs;
        }

        List<Example> examples() {
            SplitMix random = SplitMix.at(7, 0, 0, 0);
            List<Example> examples = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
                float[] values = new float[numbers + flags + codes.size()];
                double signal = 0;
                for (int i = 0; i < values.length; i++) {
                    int code = i - numbers - flags;
                    int of = code < 0 ? 2 : codes.get(code);
                    boolean number = i < numbers;
                    values[i] = number ? (float) (2 * random.nextDouble() - 1) : random.nextInt(of);
                    signal += number ? Math.sin(3 * values[i]) : values[i] % 3 - Math.min(1, (of - 1) / 2.0);
                }
                signal /= Math.min(2, Math.sqrt(values.length));
                examples.add(Example.dense(values, classes == 1 ? 100 + 5 * signal : classOf(signal)));
            }
            return examples;
        }

        private int classOf(double signal) {
            double share = 1 / (1 + Math.exp(-3 * signal));
            return (int) Math.min(classes - 1.0, share * classes);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final Table MIXED = new Table("mixed", 600, 3, 2, List.of(5, 40), 2, true);

    static Stream<Table> tables() {
        return Stream.of(
                new Table("numbers", 600, 4, 0, List.of(), 2, true),
                new Table("numbers without bins", 600, 4, 0, List.of(), 1, false),
                new Table("flags", 600, 0, 6, List.of(), 3, true),
                new Table("categories", 600, 0, 0, List.of(4, 30), 1, true),
                MIXED,
                new Table("regression", 600, 3, 2, List.of(12), 1, true),
                new Table("many classes", 900, 3, 1, List.of(9), 30, true),
                new Table("wide", 300, 300, 300, List.of(20), 2, true),
                new Table("tiny", 40, 2, 1, List.of(3), 2, true),
                new Table("one column", 300, 1, 0, List.of(), 1, true));
    }

    private static TrainingDraft draft(Preset preset, Table table) {
        return TrainingDraft.automatic()
                .with("preset", TextNode.valueOf(preset.text()))
                .withInputs(table.inputs());
    }

    private static TrainingDraft.Resolved resolve(TrainingDraft draft, Table table) {
        DataSummary summary = new DataSummary();
        table.examples().forEach(row -> summary.add(row, () -> "a row"));
        return draft.resolve(summary, 0, false);
    }

    @ParameterizedTest
    @MethodSource("tables")
    @Tag("slow")
    void everyKindOfTableTrains(Table table) {
        for (Preset preset : Preset.values()) {
            TrainingRequest request = resolve(
                            draft(preset, table).with("epochs", IntNode.valueOf(table.rows() < 100 ? 40 : 6)), table)
                    .request();
            List<Double> losses = new ArrayList<>();
            LocalTraining.train(request, table.examples(), result -> losses.add(result.loss()));
            assertThat(losses.get(losses.size() - 1)).as(preset.text()).isLessThan(0.97 * losses.get(0));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSameSettingsGiveTheSameBits(Preset preset) {
        TrainingRequest request = resolve(draft(preset, MIXED).with("epochs", IntNode.valueOf(2)), MIXED)
                .request();
        List<Example> rows = MIXED.examples();
        Model model = LocalTraining.train(request, rows);
        Collections.reverse(rows);
        assertThat(LocalTraining.train(request, rows).weightsSha256()).isEqualTo(model.weightsSha256());
        ObjectNode written = TrainingJson.write(request);
        assertThat(TrainingDraft.of(written).isComplete(false)).isTrue();
        assertThat(TrainingDraft.of(written).resolve(null, 0, false).request()).isEqualTo(request);
    }

    @ParameterizedTest
    @CsvSource({"1, OUTPUTS, 1", "2, SIGMOID, 1", "5, SOFTMAX, 5"})
    void theMeanOfTheMembersSuitsTheLabels(int classes, EnsembleAverage average, int outputs) {
        Table table = new Table("", 600, 3, 0, List.of(), classes, true);
        List<Layer> layers =
                resolve(draft(Preset.TABULAR, table), table).request().network().layers();
        assertThat(layers.get(layers.size() - 1)).isEqualTo(new EnsembleMean(8 * outputs, 8, average));
    }

    /** Each group has vectors and hidden layers of its own; the last layers see the members of all. */
    @Test
    void groupsOfMembersShareNothingButTheLastLayer() {
        int groups = Preset.TABULAR_ENSEMBLE.groups();
        int members = groups * TabularRules.MEMBERS;
        Network network =
                resolve(draft(Preset.TABULAR_ENSEMBLE, MIXED), MIXED).request().network();
        Map<String, Long> counts =
                network.layers().stream().collect(Collectors.groupingBy(Layer::name, Collectors.counting()));
        assertThat(counts)
                .containsEntry("piecewise-linear-embedding", (groups + 1) / 2L)
                .containsEntry("periodic-embedding", groups / 2L)
                .containsEntry("embedding", groups * 2L)
                .containsEntry("repeat", (long) groups)
                .containsEntry("batch-ensemble", groups * 2L + 1);
        List<Layer> layers = network.layers();
        assertThat(layers.get(layers.size() - 2).outputSize()).isEqualTo(members);
        assertThat(layers.get(layers.size() - 1))
                .isEqualTo(new EnsembleMean(members, members, EnsembleAverage.SIGMOID));
        assertThatCode(() -> Temperature.check(network)).doesNotThrowAnyException();
    }

    @Test
    void everyChoiceIsListedWithAReasonThatFitsALine() {
        TrainingDraft.Resolved resolved = resolve(draft(Preset.TABULAR_ENSEMBLE, MIXED), MIXED);
        assertThat(resolved.chosen())
                .extracting(Chosen::setting)
                .containsExactly(
                        "members",
                        "hidden layers",
                        "dropout",
                        "numbers",
                        "bins",
                        "categories",
                        "standardize",
                        "validation",
                        "early stopping",
                        "refit",
                        "batch size",
                        "weight decay",
                        "L2 penalty",
                        "averaging",
                        "epochs",
                        "learning rate");
        for (Chosen one : resolved.chosen()) {
            assertThat(one.reason()).isNotBlank();
            assertThat(String.format(Locale.ROOT, "  %-14s  %-18s  %s", one.setting(), one.value(), one.reason()))
                    .hasSizeLessThanOrEqualTo(80);
        }
    }

    @Test
    void givenSettingsWin() {
        ObjectNode json = JsonText.read(
                """
                {"preset": "tabular", "hidden": [7], "activation": "tanh", "initializer": "he-normal", "dropout": 0,
                 "standardize": false, "validationFraction": 0.3, "epochs": 3, "batchSize": 9, "learningRate": 0.5,
                 "penalty": {"l2": 2}, "averaging": null, "earlyStopping": null}""");
        TrainingDraft.Resolved resolved = resolve(TrainingDraft.of(json).withInputs(MIXED.inputs()), MIXED);
        TrainingRequest request = resolved.request();
        JsonNode layers = NetworkJson.write(request.network()).path("layers");
        assertThat(layers.findValuesAsText("units")).containsExactly("7", "1");
        assertThat(layers.findValuesAsText("initializer")).contains("he-normal");
        assertThat(request.network().toString()).contains("tanh").doesNotContain("dropout 0.1");
        assertThat(request.standardize()).isFalse();
        assertThat(request.validationFraction()).isEqualTo(0.3);
        TrainingConfig config = request.config();
        assertThat(config.withPenalty(new TrainingConfig().penalty()))
                .isEqualTo(new TrainingConfig().withEpochs(3).withBatchSize(9).withLearningRate(0.5));
        assertThat(config.penalty().l2()).isEqualTo(2);
        assertThat(resolved.chosen())
                .extracting(Chosen::setting)
                .containsExactly("members", "numbers", "bins", "categories");
    }

    @ParameterizedTest
    @EnumSource
    void anActivationMayHaveSettings(Preset preset) {
        TrainingDraft draft = draft(preset, MIXED).with("activation", TextNode.valueOf("leaky-relu:slope=0.1"));
        Network network = resolve(draft, MIXED).request().network();
        assertThat(NetworkJson.write(network).toString()).contains("\"slope\":0.1");
    }

    @ParameterizedTest
    @CsvSource({
        "{'optimizer': 'sgd'}, 0.03, 0.01",
        "{'optimizer': 'adamw:weightDecay=0.1'}, 0.002, 0",
        "{'maxNorm': 2}, 0.002, 0",
        "{'weightDecay': 0.3}, 0.002, 0.3",
    })
    void theRestFollowsFromWhatIsGiven(String given, double rate, double decay) {
        ObjectNode json = JsonText.read(given.replace('\'', '"'));
        json.put("preset", "tabular");
        TrainingConfig config = resolve(TrainingDraft.of(json).withInputs(MIXED.inputs()), MIXED)
                .request()
                .config();
        assertThat(config.learningRate()).isEqualTo(rate);
        assertThat(config.weightDecay()).isEqualTo(decay);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                       | false | true",
                "{'validationFraction': 0.3}              | false | true",
                "{}                                       | true  | false",
                "{'reduceOnPlateau': {'factor': 0.5}}     | false | false",
                "{'earlyStopping': {'patience': 5}}       | false | false",
                "{'earlyStopping': {'refit': true}}       | false | true",
            })
    void rowsThatWereKeptBackAreTrainedOnInTheEnd(String given, boolean ownValidation, boolean refits) {
        ObjectNode json = JsonText.read(given.replace('\'', '"'));
        json.put("preset", "tabular");
        DataSummary summary = new DataSummary();
        MIXED.examples().forEach(row -> summary.add(row, () -> "a row"));
        TrainingRequest request = TrainingDraft.of(json)
                .withInputs(MIXED.inputs())
                .resolve(summary, 0, ownValidation)
                .request();
        assertThat(request.refits()).isEqualTo(refits);
    }

    @ParameterizedTest
    @CsvSource({
        "{'preset': 'tables'}, preset is \"tables\"; but must be one of: tabular; tabular-ensemble; none",
        "{'preset': 8}, preset is 8; but must be one of: tabular; tabular-ensemble; none",
    })
    void anotherPresetIsRefused(String given, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainingDraft.of(JsonText.read(given.replace('\'', '"'))))
                .withMessage(message.replace(';', ','));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        TrainingDraft draft = draft(Preset.TABULAR, MIXED);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> draft.with(
                        "network",
                        NetworkJson.write(resolve(draft, MIXED).request().network())))
                .withMessageContaining("preset and network both describe the layers");
        Table classes = new Table("", 600, 3, 0, List.of(), 5, true);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> resolve(
                        draft(Preset.TABULAR, classes).with("loss", TextNode.valueOf("cross-entropy")), classes))
                .withMessageContaining("take softmax-cross-entropy");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> resolve(draft, classes))
                .withMessage("the rows have 3 features, but the draft is for 7 inputs");
    }

    /** The table of docs/defaults.md has the numbers of the rules. */
    @Test
    void thePageHasTheNumbers() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "defaults.md"));
        assertThat(page)
                .contains("| members | " + TabularRules.MEMBERS + " networks that share their weights; "
                        + Preset.TABULAR_ENSEMBLE.groups() + " times " + TabularRules.MEMBERS)
                .contains("| hidden layers | " + TrainingDraft.text(TabularRules.HIDDEN) + " units of each member")
                .contains("| dropout | " + TabularRules.DROPOUT + " after")
                .contains("| early stopping | after " + TabularRules.PATIENCE + " epochs")
                .contains("| refit | a second training on all rows")
                .contains("| learning rate | " + TabularRules.LEARNING_RATE + " for `adam`")
                .contains("| weight decay | " + TabularRules.WEIGHT_DECAY + ", decoupled");
    }

    @ParameterizedTest
    @CsvSource({"40, 16, 16", "300, 32, 17", "5000, 128, 71", "20000, 256, 141", "96000, 512, 256"})
    void rowsDecide(long rows, int batch, int bins) {
        TabularRules rules = new TabularRules(1, rows);
        assertThat(rules.batchSize(1).value()).isEqualTo(batch);
        assertThat(rules.bins()).isEqualTo(bins);
        assertThat(rules.batchSize(7).value() % 7).isZero();
    }

    @Test
    void fewRowsOfACategoryAreDroppedMoreOften() {
        TabularRules rules = new TabularRules(1, 1000);
        assertThat(rules.dropoutOfCategories(50)).isEqualTo(0.5); // 20 rows each
        assertThat(rules.dropoutOfCategories(2)).isZero();
        assertThat(rules.embeddingOfCategories(2)).isEqualTo(2);
        assertThat(rules.embeddingOfCategories(16)).isEqualTo(4);
        assertThat(rules.embeddingOfCategories(100_000)).isEqualTo(8);
    }

    @Test
    void boundariesAreThinnedEvenly() {
        List<Double> all = Stream.iterate(0.0, x -> x + 1).limit(257).toList();
        assertThat(new TabularRules(1, 100).boundaries(all))
                .hasSize(17)
                .startsWith(0.0, 16.0)
                .endsWith(256.0);
        assertThat(new TabularRules(1, 100).boundaries(List.of(1.0, 2.0))).containsExactly(1.0, 2.0);
    }
}
