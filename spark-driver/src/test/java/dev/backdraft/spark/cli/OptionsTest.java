package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backdraft.activation.Activations;
import dev.backdraft.loss.Losses;
import dev.backdraft.optim.Optimizers;
import dev.backdraft.schedule.Schedules;
import dev.backdraft.train.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** That each option arrives where it should, and that what cannot be is refused before anything is written. */
class OptionsTest {
    @TempDir
    private Path directory;

    private Shell shell;
    private Path data;

    @BeforeEach
    void open() throws IOException {
        shell = new Shell(directory);
        data = shell.points("points.csv", 60);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--epochs=2                               | /epochs                  | 2",
                "--batch-size=20                          | /batchSize               | 20",
                "--batch-size=full                        | /batchSize               | 'full'",
                "--accumulation=3                         | /accumulation            | 3",
                "--batch-growth=factor=4,everyEpochs=2    | /batchGrowth/factor      | 4",
                "--batch-growth=rule=square-root          | /batchGrowth/rule        | 'square-root'",
                "--batch-growth                           | /batchGrowth/everyEpochs | 10",
                "--class-weights=1,2.5                    | /classWeights            | [1.0, 2.5]",
                "--lanes=5                                | /lanes                   | 5",
                "--lanes=auto                             | /lanes                   | 'auto'",
                "--seed=-3                                | /seed                    | -3",
                "--optimizer=momentum:momentum=0.75       | /optimizer/momentum      | 0.75",
                "--optimizer=sgd                          | /optimizer               | 'sgd'",
                "--learning-rate=0.25                     | /learningRate            | 0.25",
                "--schedule=cosine                        | /schedule/type           | 'cosine'",
                "--schedule-unit=epoch                    | /scheduleUnit            | 'epoch'",
                "--warmup=7                               | /schedule/steps          | 7",
                "--reduce-on-plateau=patience=3,factor=0.5 | /reduceOnPlateau/factor | 0.5",
                "--reduce-on-plateau                      | /reduceOnPlateau/patience | 10",
                "--l1=0.5                                 | /penalty/l1              | 0.5",
                "--l2=0.25                                | /penalty/l2              | 0.25",
                "--weight-decay=0.01                      | /weightDecay             | 0.01",
                "--max-norm=2                             | /maxNorm                 | 2.0",
                "--penalize-biases                        | /penalizeBiases          | true",
                "--no-penalize-biases                     | /penalizeBiases          | false",
                "--clip-norm=1.5                          | /clipping/norm           | 1.5",
                "--clip-value=0.5                         | /clipping/value          | 0.5",
                "--average=ema                            | /averaging/kind          | 'ema'",
                "--average=swa:startEpoch=2               | /averaging/startEpoch    | 2",
                "--average=none                           | /averaging               | null",
                "--early-stopping=patience=2,metric=accuracy | /earlyStopping/metric | 'accuracy'",
                "--early-stopping                         | /earlyStopping/patience  | 10",
                "--standardize                            | /standardize             | true",
                "--no-standardize                         | /standardize             | false",
                "--loss=softmax-cross-entropy:labelSmoothing=0.1 | /loss/labelSmoothing | 0.1",
                "--validation=0.25                        | /validation              | 0.25",
                "--checkpoint-every=2                     | /checkpointEvery         | 2",
                "--checkpoint-every=500steps              | /checkpointEvery         | '500 steps'",
                "--keep-checkpoints=5                     | /keepCheckpoints         | 5",
                "--checkpoint-failure=continue            | /checkpointFailure       | 'continue'",
                "--aggregation=local                      | /aggregation             | 'local'",
                "--master=local[1]                        | /master                  | 'local[1]'",
                "--learning-rate-factors=0=0,bias=0.1     | /learningRateFactors     | '0=0,bias=0.1'",
                "--weight-decay=0.1 --weight-decay-factors=0=2 | /weightDecayFactors | '0=2'",
                "--weight-decay=0.1 --weight-decay-schedule=flat-cosine:flatShare=0.2 | /weightDecaySchedule | 'flat-cosine'",
                "--dropout=0.5 --dropout-schedule=coslog4 | /dropoutSchedule         | 'coslog4'",
                "--on-divergence=rollback                 | /onDivergence            | 'rollback'",
                "--calibration=temperature --validation=0.3 | /calibration          | 'temperature'",
                "--threshold=0.3                          | /threshold              | 0.3",
                "--threshold=none                         | /threshold              | null",
                "--threshold=precision=0.9 --validation=0.3 | /threshold            | 'precision=0.9'",
                "--activation=tanh                        | /network/layers/1/function | 'tanh'",
                "--layers=2,7,2                           | /network/layers/0/outputSize | 7",
                "--initializer=glorot-uniform             | /network/layers/0/initializer | 'glorot-uniform'"
            })
    void anOptionArrives(String option, String pointer, String expected) throws IOException {
        shell.trains(data, option.split(" "));
        JsonNode json = new ObjectMapper().readTree(expected.replace('\'', '"'));
        JsonNode found = shell.config("run").at(pointer);
        assertThat(found.isTextual() || !json.isTextual() ? found : found.path("type"))
                .as(pointer)
                .isEqualTo(json);
    }

    /** One that is added to the catalogue has an option, which the test above shows to arrive. */
    @ParameterizedTest
    @EnumSource
    void everySettingOfATrainingHasAnOptionThatArrives(Setting setting) throws NoSuchMethodException {
        Stream<String> pointers = Arrays.stream(OptionsTest.class
                        .getDeclaredMethod("anOptionArrives", String.class, String.class, String.class)
                        .getAnnotation(CsvSource.class)
                        .value())
                .map(row -> row.split("\\|", -1)[1].strip());
        String pointer =
                switch (setting) {
                    case HIDDEN, ACTIVATION, INITIALIZER, DROPOUT -> "/network"; // they are seen in the network
                    case VALIDATION_FRACTION -> "/validation"; // the name of this key in files
                    case PRESET, METRICS, LABEL_SCALE -> "/epochs"; // in the tests below
                    default -> "/" + setting.key().replace('.', '/');
                };
        assertThat(pointers).anyMatch(found -> (found + "/").startsWith(pointer + "/"));
    }

    @Test
    void aLabelScaleIsForAmounts() throws IOException {
        shell.trains(
                shell.write("amounts.csv", "x,y,amount\n1,2,0\n2,1,100\n3,3,2.5\n4,0,10\n"),
                "--label-scale=log1p",
                "--layers=2,3,1");
        assertThat(shell.config("run").path("labelScale").textValue()).isEqualTo("log1p");
    }

    @Test
    void aPresetMakesTheNetworkOfWhichSettingsMayBeGiven() throws IOException {
        shell.succeed(
                "train",
                "--data=" + data,
                "--preset=tabular",
                "--hidden=5",
                "--epochs=2",
                "--out=" + shell.path("run"));
        JsonNode config = shell.config("run");
        assertThat(config.path("network").findValuesAsText("units")).containsExactly("5", "1");
        assertThat(config.path("network").findValuesAsText("members")).containsOnly("8");
        assertThat(config.has("preset")).isFalse(); // the network says it
        assertThat(shell.out()).contains("members", "networks that share weights");
    }

    @Test
    void metricsAreMeasuredShownAndKept() throws IOException {
        shell.trains(data, "--metrics=f1-macro,roc-auc,top-1-accuracy", "--validation=0.3");
        assertThat(shell.out()).contains(" | f1-macro 1.", " | roc-auc ", " | top-1-accuracy ");
        assertThat(shell.path("run").resolve("history.csv"))
                .content()
                .startsWith("epoch,loss,accuracy,validation_loss,validation_accuracy,f1-macro,roc-auc,top-1-accuracy,"
                        + "learning_rate,rows_per_second,seconds,compute_seconds,combine_seconds,publish_seconds,"
                        + "update_seconds,wait_seconds,bytes_sent,bytes_received\n1,");
    }

    @Test
    void helpNamesAllThatThereIs() {
        shell.succeed("train", "--help");
        String help = shell.out().replaceAll("\\s+", " ");
        Stream.of(Optimizers.CATALOG, Losses.CATALOG, Schedules.CATALOG, Activations.CATALOG)
                .forEach(catalog -> assertThat(help).contains(": " + String.join(", ", catalog.list()) + "."));
        assertThat(help).contains("Data: --data", "Regularization: --l1", "Where it runs: --master");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--optimizer=lbfgs --clip-norm=1            | lbfgs needs the gradient of its objective",
                "--optimizer=lbfgs --batch-size=full --max-norm=1 | lbfgs needs the gradient of its objective",
                "--early-stopping=metric=f1-macro           | f1-macro is measured on validation rows, but there are none",
                "--early-stopping=metric=f1                 | --early-stopping: earlyStopping: unknown metric 'f1'",
                "--early-stopping=metric=r2 --validation=0.3 | r2 is not for a network that is trained with softmax",
                "--early-stopping=patience=x                | patience is \"x\", but must be a whole number",
                "--early-stopping=5                         | settings are written as in key=value",
                "--metrics=accurracy                        | --metrics: unknown metric 'accurracy' (did you mean 'accuracy'?)",
                "--class-weights=1,2,3                      | 3 class weights for 2 classes: give one for each class",
                "--class-weights=1,0                        | --class-weights: classWeights must be positive and",
                "--lanes=3                                  | --lanes must divide --batch-size: 3 lanes, batch size 10",
                "--batch-size=0                             | --batch-size: '0' is neither a positive whole number nor",
                "--epochs=0                                 | --epochs: epochs must be at least 1",
                "--epochs=many                              | Invalid value for option '--epochs'",
                "--learning-rate=0                          | --learning-rate: learningRate must be positive and",
                "--optimizer=adam:beta3=1                   | unknown key 'beta3' (did you mean 'beta1'?)",
                "--optimizer=adam:beta1                     | settings are written as in key=value",
                "--schedule=cosinus                         | unknown schedule 'cosinus' (did you mean 'cosine'?)",
                "--schedule-unit=day                        | scheduleUnit is \"day\", but must be step or epoch",
                "--warmup=0                                 | --warmup must be at least 1",
                "--average=mean                             | must be ema or swa",
                "--batch-growth=rule=cubic                  | must be none or linear or square-root",
                "--reduce-on-plateau=factor=2               | factor must be above 0 and below 1",
                "--l1=-1                                    | --l1: penalty: l1 must be at least 0",
                "--loss=huge                                | --loss: unknown loss 'huge'",
                "--loss=cross-entropy:x=1                   | --loss: loss cross-entropy: unknown key 'x'",
                "--activation=rellu                         | --activation: unknown activation 'rellu' (did you mean",
                "--initializer=random                       | --initializer: unknown initializer 'random'",
                "--layers=2                                 | --layers: a network needs at least the numbers",
                "--layers=2,-4,2                            | --layers: '2,-4,2' is not a list of positive whole",
                "--validation=0                             | --validation: '0' is not a share of the rows, which is above 0",
                "--validation-labels=x                      | --validation-labels is for a file of --validation",
                "--checkpoint-every=-1                      | checkpointEvery is -1, but must be a number of epochs, steps or minutes",
                "--labels=x                                 | no such file",
                "--weight=w                                 | 'w'",
                "--label=lable                              | 'lable'",
                "--config=absent.json                       | absent.json: no such file",
                "--optimiser=adam                           | unknown option '--optimiser' (did you mean '--optimizer'?)",
                "--seed=1 --seed=2                          | option '--seed' (N) should be specified only once"
            })
    void whatCannotBeIsRefused(String options, String message) {
        List<String> arguments = shell.train(data, options.split(" "));
        shell.refused(arguments, message);
    }

    @Test
    void activationAndDropoutWantLayers() throws IOException {
        Path config = shell.write("my.json", "{\"network\": {\"layers\": [{\"type\": \"dense\", \"outputSize\": 2}]}}");
        for (String option : List.of("--activation=tanh", "--dropout=0.5", "--initializer=zeros")) {
            String name = option.substring(0, option.indexOf('='));
            shell.refused(
                    List.of("train", "--config=" + config, "--data=" + data, "--out=" + shell.name("run"), option),
                    name + " goes with --layers");
        }
        shell.refused(List.of("train", "--config=" + config, "--out=" + shell.name("run")), "no data: give --data");
        shell.refused(List.of("evaluate", "--model=x"), "x: no such model file or directory");
    }

    @Test
    void aRegressionHasNoAccuracy() throws IOException {
        Path numbers = shell.write("numbers.csv", "x,y\n1,2\n2,4.5\n3,6\n4,7\n");
        shell.refused(
                shell.train(numbers, "--layers=1,1", "--early-stopping=metric=accuracy"),
                "accuracy is not for a network");
        shell.refused(shell.train(numbers, "--layers=1,1", "--class-weights=1,2"), "2 class weights for 0 classes");
    }
}
