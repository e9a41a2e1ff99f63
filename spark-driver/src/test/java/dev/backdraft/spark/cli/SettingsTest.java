package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.optim.Adam;
import dev.backdraft.optim.Penalty;
import dev.backdraft.schedule.Cosine;
import dev.backdraft.schedule.Warmup;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a configuration file and options make together, and what they must not say. */
class SettingsTest {
    private static final String NETWORK = "'network': {'inputSize': 2, 'layers': [{'type': 'dense', 'outputSize': 1}]}";

    /** Settings of a file with a network and these keys, single quotes for double ones. */
    private static Settings file(String keys) {
        return Settings.parse(
                ("{" + NETWORK + (keys.isEmpty() ? "" : ", ") + keys + "}").replace('\'', '"'), "my.json");
    }

    private static TrainingConfig config(Settings settings) {
        return settings.request(0).config();
    }

    private static void assertRefused(String keys, String... parts) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> {
                    Settings settings = file(keys);
                    settings.data();
                    settings.validation();
                    settings.route();
                    settings.master();
                    settings.checkpoints();
                    settings.request(0);
                })
                .extracting(Throwable::getMessage)
                .asString()
                .startsWith("my.json: ")
                .contains(parts);
    }

    @Test
    void whatIsLeftOutIsAsUsual() {
        TrainingRequest request = file("").request(0);
        assertThat(request.config()).isEqualTo(new TrainingConfig());
        assertThat(request.loss()).isNull();
        assertThat(request.standardize()).isFalse();
        assertThat(request.validationFraction()).isZero();
    }

    @Test
    void optionsReplaceWhatTheFileSaysAndNothingElse() {
        Settings settings = file("'epochs': 3, 'batchSize': 'full', 'optimizer': 'momentum:momentum=0.8'");
        settings.put("--epochs", "epochs", 7);
        settings.put("--optimizer", "optimizer", "adam:beta1=0.8");
        settings.put("--learning-rate", "learningRate", null); // not given
        TrainingConfig config = config(settings);
        assertThat(config.epochs()).isEqualTo(7);
        assertThat(config.batchSize()).isEqualTo(BatchLayout.FULL_BATCH);
        assertThat(config.optimizer()).isEqualTo(new Adam(0.8, 0.999, 1e-8));
        assertThat(config.learningRate()).isEqualTo(new TrainingConfig().learningRate());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'l2': 0.5}", "'l2=0.5'"})
    void anOptionCanReplaceAPartOfWhatTheFileSays(String penalty) {
        Settings settings = file("'penalty': " + penalty);
        settings.put("--l1", "penalty.l1", 0.25);
        assertThat(config(settings).penalty()).isEqualTo(new Penalty(0.25, 0.5));
    }

    @Test
    void noneSwitchesOffWhatTheFileHasOn() {
        Settings settings = file("'earlyStopping': 'patience=3', 'averaging': {'kind': 'swa'}");
        assertThat(config(settings).earlyStopping().patience()).isEqualTo(3);
        settings.put("--early-stopping", "earlyStopping", "none");
        settings.put("--average", "averaging", "none");
        assertThat(config(settings).earlyStopping()).isNull();
        assertThat(config(settings).averaging()).isNull();
    }

    @Test
    void warmUpGoesInFrontOfTheSchedule() {
        Settings settings = file("'schedule': 'cosine'");
        settings.putWarmup(100L);
        assertThat(config(settings).schedule()).isEqualTo(new Warmup(100, new Cosine()));
        settings.putWarmup(50L);
        assertThat(config(settings).schedule()).isEqualTo(new Warmup(50, new Cosine()));
    }

    @Test
    void theNumberOfFeaturesMayComeFromTheData() {
        String text = "{\"network\": {\"layers\": [{\"type\": \"dense\", \"outputSize\": 3}]}}";
        Settings settings = Settings.parse(text, "my.json");
        assertThat(settings.request(7).network().inputSize()).isEqualTo(7);
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> settings.request(0))
                .withMessageContaining("my.json: ")
                .withMessageContaining("inputSize");
    }

    @Test
    void theRunThatAConfigurationCameFromIsIgnored() {
        assertThat(config(file("'run': {'weightsSha256': 'ab', 'anything': [1]}")))
                .isEqualTo(new TrainingConfig());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'epohcs': 3                              | unknown key 'epohcs' (did you mean 'epochs'?): docs/configuration.md lists the 5",
                "'sizes': [1, 2]                          | unknown key 'sizes': docs/configuration.md lists the 5",
                "'validationFraction': 0.5                | unknown key 'validationFraction' (did you mean 'validation",
                "'optimizer': 'addam'                     | unknown optimizer 'addam' (did you mean 'adam'?): use sgd, ",
                "'optimizer': {'type': 'adam', 'beta': 1} | optimizer adam: unknown key 'beta' (did you mean 'beta1'?)",
                "'optimizer': 3                           | optimizer: found 3 instead of a name",
                "'epochs': 2.5                            | epochs is 2.5, but must be a whole number",
                "'epochs': '3'                            | epochs is \"3\", but must be a whole number",
                "'epochs': 0                              | epochs must be at least 1: 0",
                "'learningRate': 'fast'                   | learningRate is \"fast\", but must be a number",
                "'learningRate': -1                       | learningRate must be positive and finite: -1.0",
                "'loss': 'hinges'                         | unknown loss 'hinges' (did you mean 'hinge'?)",
                "'standardize': 'yes'                     | standardize is \"yes\", but must be true or false",
                "'penalty': 3                             | penalty: found 3 instead of an object",
                "'penalty': {'l3': 1}                     | penalty: unknown key 'l3'",
                "'scheduleUnit': 'steps'                  | scheduleUnit is \"steps\", but must be step or epoch",
                "'classWeights': [1, 0]                   | classWeights must be positive and finite: 0.0",
                "'earlyStopping': 'metric=lose'           | earlyStopping: unknown metric 'lose'",
                "'optimizer': 'lbfgs', 'weightDecay': 0.1 | lbfgs needs the gradient of its objective",
                "'data': 3                                | data is 3, but must be a text",
                "'format': 'xml'                          | format is \"xml\", but must be auto or csv or ",
                "'validation': true                       | validation is true, but must be a text or a number",
                "'validation': 1                          | below 1: 1",
                "'aggregation': 'tree'                    | aggregation is \"tree\", but must be auto or local or job",
                "'checkpointEvery': -1                    | checkpointEvery is -1, but must be a number of epochs, steps or minutes",
                "'epochs': 1, 'epochs': 2                 | line 1, column ",
                "'epochs' 1                               | line 1, column "
            })
    void namesTheFileTheKeyAndWhatItMustBe(String keys, String message) {
        String data = keys.contains("data") ? "" : "'data': 'points.csv', ";
        assertRefused(data + keys, message);
    }

    @Test
    void refusesAnOptionByItsName() {
        Settings settings = file("'data': 'points.csv'");
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> settings.put("--l2", "penalty.l2", -1.0))
                .withMessage("--l2: penalty: l2 must be at least 0 and finite: -1.0");
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> settings.put("--loss", "loss", "huge"))
                .withMessageStartingWith("--loss: unknown loss 'huge'");
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> settings.putValidation("1.5"))
                .withMessageStartingWith("--validation: ");
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> settings.putWarmup(0L))
                .withMessageStartingWith("--warmup ");
    }

    @Test
    void wantsData() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> Settings.empty().data())
                .withMessageContaining("--data");
    }

    @Test
    void lanesMustDivideTheBatch() {
        Settings settings = file("'lanes': 3, 'batchSize': 128");
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> settings.request(0))
                .withMessageContaining("3 lanes, batch size 128");
    }

    @Test
    void everyKeyIsKnownOnce() {
        List<String> keys = Settings.keys();
        assertThat(keys).doesNotHaveDuplicates().contains("data", "network", "optimizer", "checkpointEvery");
    }

    @Test
    void theNameOfARouteMayHaveCapitals() {
        RunOptions.RouteName names = new RunOptions.RouteName();
        assertThat(names.convert("JOB")).isEqualTo("job");
        assertThatThrownBy(() -> names.convert("tree"))
                .hasMessage("expected one of [auto, local, job, resident] (case-insensitive) but was 'tree'");
    }
}
