package dev.backdraft.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.backdraft.activation.Tanh;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.DataException;
import dev.backdraft.data.DataSummary;
import dev.backdraft.data.Example;
import dev.backdraft.data.LabelScale;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.loss.AbsoluteError;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Sgd;
import dev.backdraft.train.Checkpoint;
import dev.backdraft.train.EarlyStopping;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.Fit;
import dev.backdraft.train.InitialModel;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingDraft;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.TrainingState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that starts from a model goes on where that one ended, with its network and its preprocessing. */
class InitialModelTest {
    private static final Network NETWORK =
            Network.builder(3).dense(6).activation(new Tanh()).dense(3).build();
    private static final TrainingConfig CONFIG = new TrainingConfig()
            .withEpochs(4)
            .withBatchSize(BatchLayout.FULL_BATCH)
            .withLanes(32) // a lane for each row, so that the order of an epoch changes no sum
            .withLearningRate(0.3)
            .withOptimizer(new Sgd());
    private static final float[] ROW = {0.3f, 12, -1};

    /** @param shift of a feature, so that its mean is another one */
    private static List<Example> rows(float shift) {
        Random random = new Random(5);
        List<Example> rows = new ArrayList<>();
        for (int n = 0; n < 32; n++) {
            float[] features = new float[3];
            for (int i = 0; i < features.length; i++) {
                features[i] = (float) random.nextGaussian() + (i == 1 ? shift : 0);
            }
            rows.add(Example.dense(features, n % 3));
        }
        return rows;
    }

    private static List<Example> numbers(List<Example> rows) {
        return rows.stream()
                .map(row -> Example.dense(row.values(), row.values()[0] - row.label() + 5))
                .toList();
    }

    private static Model trained() {
        return LocalTraining.train(TrainingRequest.of(NETWORK, CONFIG).withStandardize(true), rows(10));
    }

    private static Model regression() {
        Network network = Network.perceptron(new Tanh(), 3, 4, 1);
        return LocalTraining.train(
                TrainingRequest.of(network, CONFIG).withLoss(new SquaredError()).withStandardize(true),
                numbers(rows(10)));
    }

    @Test
    void stepsThatAreTooSmallToCountLeaveTheModelAsItWas() {
        for (Model model : List.of(trained(), regression())) {
            List<Example> others = model.classCount() > 0 ? rows(-50) : numbers(rows(-50));
            Model again = LocalTraining.train(TrainingRequest.from(model, CONFIG.withLearningRate(1e-30)), others);
            assertThat(again.parameters()).containsExactly(model.parameters());
            assertThat(again.predict(ROW)).containsExactly(model.predict(ROW)); // by the old means
        }
    }

    /** Plain SGD at one rate has no state, and here all epochs are alike. */
    @Test
    void epochsFromAModelAreThoseThatWouldHaveFollowed() {
        TrainingRequest seven =
                TrainingRequest.of(NETWORK, CONFIG.withEpochs(7)).withStandardize(true);
        Model atOnce = LocalTraining.train(seven, rows(10));
        Model further = LocalTraining.train(TrainingRequest.from(trained(), CONFIG.withEpochs(3)), rows(10));
        assertThat(further.weightsSha256()).isEqualTo(atOnce.weightsSha256());
        assertThat(further.predict(ROW)).containsExactly(atOnce.predict(ROW));
    }

    /** On other rows, it is a training of the same network on what the model makes of these rows. */
    @Test
    void newRowsAreScaledAsThoseOfTheModel() {
        Model model = trained();
        Model further = LocalTraining.train(TrainingRequest.from(model, CONFIG), rows(12));

        List<Example> scaled = new ArrayList<>();
        for (Example row : rows(12)) {
            float[] values = row.values().clone();
            model.preprocessing().features().apply(values, 0);
            scaled.add(Example.dense(values, row.label()));
        }
        Model plain = new Model(NETWORK, model.loss(), Preprocessing.none(), model.parameters(), model.provenance());
        Model expected =
                LocalTraining.train(TrainingRequest.of(NETWORK, CONFIG), scaled, List.of(), TrainingStart.from(plain));
        assertThat(further.parameters()).isNotEqualTo(model.parameters());
        assertThat(further.parameters()) // the rows have other keys, so sums have another order
                .containsExactly(expected.parameters(), within(1e-4f));
    }

    /** These labels are scaled by the mean of others, so the loss of always predicting their own mean is not known. */
    @Test
    void aLossOnTheScaleOfOtherLabelsIsNotComparedWithThatOfTheirMean() {
        List<Example> hundredfold = numbers(rows(10)).stream()
                .map(row -> Example.dense(row.values(), 100 * row.label()))
                .toList();
        Recorder recorder = new Recorder();
        LocalTraining.train(TrainingRequest.from(regression(), CONFIG.withLearningRate(1e-30)), hundredfold, recorder);
        assertThat(recorder.end.figures().loss()).isGreaterThan(1000);
        assertThat(recorder.fit.warning(recorder.end)).isNull();
        assertThat(recorder.fit.isHopeless(recorder.end)).isFalse();
    }

    @Test
    void theSecondTrainingOfARefitStartsFromTheModelToo() {
        TrainingConfig config = CONFIG.withEpochs(6).withEarlyStopping(new EarlyStopping("loss", 2, 0, true));
        Model model = trained();
        Recorder recorder = new Recorder();
        Model refitted = LocalTraining.train(
                TrainingRequest.from(model, config).withValidationFraction(0.25), rows(-50), recorder);
        int best = recorder.end.figures().epoch();
        Model all = LocalTraining.train(
                TrainingRequest.from(model, config.withEarlyStopping(null).withEpochs(best)), rows(-50));
        assertThat(refitted.weightsSha256()).isEqualTo(all.weightsSha256());
    }

    @Test
    void theProvenanceNamesTheFile(@TempDir Path directory) throws Exception {
        Model model = trained();
        Path file = directory.resolve("model.backdraft");
        ModelFile.write(model, file);
        byte[] bytes = Files.readAllBytes(file);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        assertThat(InitialModel.of(model).sha256()).isEqualTo(sha256);
        assertThat(InitialModel.read(new ByteArrayInputStream(bytes), "a model").sha256())
                .isEqualTo(sha256);
        assertThat(LocalTraining.train(TrainingRequest.from(model, CONFIG), rows(0))
                        .provenance())
                .containsEntry("initialModelSha256", sha256);
        assertThat(model.provenance()).doesNotContainKey("initialModelSha256");
    }

    @Test
    void aTrainingGoesOnFromItsCheckpointButNotThatOfAnotherModel() throws IOException {
        TrainingConfig config = new TrainingConfig().withEpochs(4).withBatchSize(8);
        TrainingRequest request = TrainingRequest.from(trained(), config);
        ByteArrayOutputStream checkpoint = new ByteArrayOutputStream();
        TrainingListener writer = new TrainingListener() {
            private Fit fit;

            @Override
            public void started(Fit settled, TrainingState state) {
                fit = settled;
            }

            @Override
            public void epochEnded(EpochResult result) {}

            @Override
            public void epochEnded(EpochResult result, TrainingState state) {
                try {
                    if (result.epoch() == 2) {
                        Checkpoint.write(state, fit, checkpoint);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        Model whole = LocalTraining.train(request, rows(1), writer);
        TrainingStart resumed =
                fit -> Checkpoint.read(fit, new ByteArrayInputStream(checkpoint.toByteArray()), "a checkpoint");
        assertThat(LocalTraining.train(request, rows(1), List.of(), resumed).weightsSha256())
                .isEqualTo(whole.weightsSha256());

        Model other = trained().withPreprocessing(trained().preprocessing().withNames(List.of(), "y"));
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> LocalTraining.train(TrainingRequest.from(other, config), rows(1), List.of(), resumed))
                .withMessageContaining("it started from the model "
                        + InitialModel.of(trained()).sha256() + ", but this training from the model "
                        + InitialModel.of(other).sha256());
    }

    @Test
    void labelsThatTheModelDoesNotKnowAreRefused() {
        List<Example> rows = new ArrayList<>(rows(0));
        rows.add(Example.dense(new float[] {1, 2, 3}, 3));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> LocalTraining.train(TrainingRequest.from(trained(), CONFIG), rows))
                .withMessageContaining("label 3 in row 32 is not a class of the model to start from, which takes class"
                        + " indices from 0 to 2");
        Model named = trained();
        Model cats = named.withPreprocessing(named.preprocessing().withClassNames(List.of("cat", "dog", "emu")));
        List<Example> texts = new ArrayList<>();
        for (Example row : rows(0)) {
            texts.add(Example.dense(row.values(), 0)
                    .withLabelText(List.of("cat", "dog", "cow").get((int) row.label()), Double.NaN));
        }
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> LocalTraining.train(TrainingRequest.from(cats, CONFIG), texts))
                .withMessageContaining(
                        "label cow is not among the classes of the model to start from, which are cat, dog, emu");
        List<Example> some =
                texts.stream().filter(row -> !row.labelText().equals("cow")).toList();
        assertThat(LocalTraining.train(TrainingRequest.from(cats, CONFIG), some)
                        .preprocessing()
                        .classNames())
                .containsExactly("cat", "dog", "emu");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> LocalTraining.train(TrainingRequest.from(regression(), CONFIG), texts))
                .withMessageContaining("is not a number, but the model to start from takes labels that are numbers");
        List<Example> several =
                rows(0).stream().map(row -> row.withLabels(new float[] {1, 2})).toList();
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> LocalTraining.train(TrainingRequest.from(regression(), CONFIG), several))
                .withMessageContaining("the rows have 2 labels, but the model to start from takes 1");
    }

    @Test
    void otherFeaturesAreRefused() {
        List<Example> wide = List.of(Example.dense(new float[4], 0), Example.dense(new float[4], 1));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> LocalTraining.train(TrainingRequest.from(trained(), CONFIG), wide))
                .withMessageContaining("row 0 has 4 features, but the model to start from takes 3: give rows with the"
                        + " features that it was trained on");
        Model model = trained();
        InitialModel named =
                InitialModel.of(model.withPreprocessing(model.preprocessing().withNames(List.of("a", "b", "c"), "y")));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> named.checkFeatures(List.of("a", "b", "d")))
                .withMessage("the features are not those of the model to start from; it takes c, which the rows do not"
                        + " have; it does not take d: choose the columns that the model takes: a, b, c");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> named.checkFeatures(List.of("b", "a", "c")))
                .withMessage(
                        "the features are in the order b, a, c, but the model to start from takes them in the order"
                                + " a, b, c");
    }

    @Test
    void settingsThatContradictTheModelAreRefused() {
        InitialModel initial = InitialModel.of(trained());
        TrainingDraft draft = TrainingDraft.automatic();
        JsonNodeFactory json = JsonNodeFactory.instance;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> draft.withHidden(64, 32).withInitial(initial))
                .withMessage("hidden is [64,32], but the model to start from has a network of its own, 3 -> dense 6 ->"
                        + " tanh -> dense 3, 45 parameters: leave out hidden");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> draft.with("preset", json.textNode("tabular")).withInitial(initial))
                .withMessageContaining("preset is \"tabular\", but the model to start from has a network of its own");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> draft.with(
                                Network.perceptron(new Tanh(), 3, 7, 3),
                                initial.model().loss())
                        .withInitial(initial))
                .withMessageContaining("the network is 3 -> dense 7 -> tanh -> dense 3, 52 parameters, but that of the"
                        + " model to start from is 3 -> dense 6 -> tanh -> dense 3, 45 parameters");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> draft.with("loss", json.textNode("cross-entropy")).withInitial(initial))
                .withMessageContaining("the loss is cross-entropy, but that of the model to start from is"
                        + " softmax-cross-entropy: leave out the loss, which the model has");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> draft.with("standardize", json.booleanNode(false)).withInitial(initial))
                .withMessage("standardize is false, but the model to start from scales its rows, which stays as it is:"
                        + " leave out standardize");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> draft.with("labelScale", json.textNode("log")).withInitial(InitialModel.of(regression())))
                .withMessage(
                        "labelScale is log, but that of the model to start from is linear: set labelScale to linear");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainingRequest.from(regression(), CONFIG.withLabelScale(LabelScale.LOG)))
                .withMessageContaining("labelScale is log, but that of the model to start from is linear");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainingRequest.from(regression(), CONFIG).withLoss(new AbsoluteError()))
                .withMessageContaining("the loss is absolute-error, but");
    }

    /** What is not set is chosen for the rows, as for a given network. */
    @Test
    void aDraftTakesWhatTheModelHas() {
        Model model = regression();
        DataSummary summary = new DataSummary();
        numbers(rows(10)).forEach(row -> summary.add(row, () -> "a row"));
        TrainingRequest request = TrainingDraft.automatic()
                .withSeed(3)
                .withInitial(InitialModel.of(model))
                .resolve(summary, 3, false)
                .request();
        assertThat(request.network()).isEqualTo(model.network());
        assertThat(request.loss()).isEqualTo(model.loss());
        assertThat(request.standardize()).isTrue();
        assertThat(request.config().seed()).isEqualTo(3);
        assertThat(request.initial()).isEqualTo(InitialModel.of(model));
        assertThat(request.ofRefit().initial()).isEqualTo(InitialModel.of(model));
    }
}
