package dev.backdraft.train.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.backdraft.activation.Relu;
import dev.backdraft.data.Example;
import dev.backdraft.data.file.CsvReader;
import dev.backdraft.data.file.CsvSchema;
import dev.backdraft.data.file.DataFile;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Adam;
import dev.backdraft.optim.Momentum;
import dev.backdraft.optim.Optimizer;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.engine.LearningRateTrials.Trial;
import dev.backdraft.train.local.LocalTraining;
import dev.backdraft.train.local.MemorySource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Judges the suggested learning rate by training with it. */
class LearningRateTrialsTest {
    private static final double[] GRID = {1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1};

    private static List<Example> rows(String name) throws IOException {
        DataFile file = DataFile.local(Path.of("src", "test", "resources", "data", name + ".csv.gz"));
        List<Example> rows = new ArrayList<>();
        try (CsvReader reader = new CsvReader(file, CsvSchema.of(CsvReader.readHeader(file), null, null))) {
            for (Example row = reader.read(); row != null; row = reader.read()) {
                rows.add(row);
            }
        }
        return rows;
    }

    /** 15 epochs in batches of 32 of a network with 32 hidden units. */
    private static TrainingRequest request(int inputs, int outputs, Optimizer rule) {
        TrainingConfig config =
                new TrainingConfig().withOptimizer(rule).withBatchSize(32).withEpochs(15);
        return TrainingRequest.of(Network.perceptron(new Relu(), inputs, 32, outputs), config)
                .withStandardize(true);
    }

    /** The loss on rows that the suggestion has not seen, mean over three seeds. */
    private static double loss(TrainingRequest request, double rate, List<Example> rows, List<Example> others) {
        double sum = 0;
        for (int seed = 1; seed <= 3; seed++) {
            TrainingConfig config = request.config().withLearningRate(rate).withSeed(seed);
            TrainingRequest seeded =
                    TrainingRequest.of(request.network(), config).withStandardize(true);
            List<EpochResult> results = new ArrayList<>();
            try {
                LocalTraining.train(seeded, rows, others, TrainingStart.fromScratch(), results::add);
            } catch (DivergedException e) {
                return Double.POSITIVE_INFINITY;
            }
            sum += results.get(results.size() - 1).validationLoss();
        }
        return sum / 3;
    }

    /** A set of the repository: its file, features and outputs. */
    private record Set(String name, int inputs, int outputs) {}

    private static final Set IRIS = new Set("iris", 4, 3);
    private static final Set BREAST_CANCER = new Set("breast_cancer", 30, 1);
    private static final Set DIABETES = new Set("diabetes", 10, 1);
    private static final Set DIGITS = new Set("digits", 64, 10);
    private static final Set MNIST1D = new Set("mnist1d", 40, 10);

    /** A set of rows for the search and one that it does not see. */
    private record Problem(TrainingRequest request, List<Example> rows, List<Example> others) {
        static Problem of(Set set, Optimizer rule) throws IOException {
            List<Example> all = LearningRateTrialsTest.rows(set.name());
            int count = all.size() * 3 / 4;
            return new Problem(
                    LearningRateTrialsTest.request(set.inputs(), set.outputs(), rule),
                    all.subList(0, count),
                    all.subList(count, all.size()));
        }

        double suggestion() throws IOException {
            try (PreparedTraining training =
                    LocalPreparation.prepare(request.withValidationFraction(0.2), MemorySource.of(rows, 1), null, 2)) {
                double middle =
                        new LearningRateRange().measure(training).suggestion().orElseThrow();
                return LearningRateTrials.suggestion(new LearningRateTrials().run(training, middle))
                        .orElseThrow();
            }
        }

        double loss(double rate) {
            return LearningRateTrialsTest.loss(request, rate, rows, others);
        }

        double lossByDefault() {
            return loss(request.config().learningRate());
        }
    }

    @Test
    void theSuggestionTrainsBetterThanTheDefault() throws IOException {
        for (Problem problem : List.of(
                Problem.of(DIABETES, new Momentum()), // which misleads a range test alone
                Problem.of(IRIS, new Adam()),
                Problem.of(BREAST_CANCER, new Momentum()))) {
            assertThat(problem.loss(problem.suggestion())).isLessThan(problem.lossByDefault());
        }
    }

    /** The table of docs/command-line.md. */
    @Test
    @Tag("slow")
    void theSuggestionTrainsNearlyAsWellAsTheBestOfAGrid() throws IOException {
        double logarithms = 0;
        int better = 0;
        int count = 0;
        for (Set set : List.of(IRIS, BREAST_CANCER, DIABETES, DIGITS, MNIST1D)) {
            for (Optimizer rule : List.of(new Adam(), new Momentum())) {
                Problem problem = Problem.of(set, rule);
                double rate = problem.suggestion();
                double loss = problem.loss(rate);
                double byDefault = problem.lossByDefault();
                double best = Double.POSITIVE_INFINITY;
                for (double other : GRID) {
                    best = Math.min(best, problem.loss(other));
                }
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %s | %.2g | %.4g | %.4g | %.4g |%n",
                        set.name(),
                        rule.name(),
                        rate,
                        loss,
                        byDefault,
                        best);
                logarithms += Math.log(loss / best);
                better += loss < byDefault ? 1 : 0;
                count++;
            }
        }
        assertThat(Math.exp(logarithms / count)).isLessThan(1.2);
        assertThat(better).isGreaterThanOrEqualTo(9);
    }

    @Test
    void theSmallestRateWithAboutTheLowestLossIsSuggested() {
        List<Trial> trials = List.of(new Trial(1, 0.5), new Trial(2, 0.41), new Trial(3, 0.4), new Trial(4, 9));
        assertThat(LearningRateTrials.suggestion(trials)).hasValue(2);
        assertThat(LearningRateTrials.suggestion(List.of(new Trial(1, -0.99), new Trial(2, -1))))
                .hasValue(2);
        assertThat(LearningRateTrials.suggestion(List.of(new Trial(1, Double.POSITIVE_INFINITY))))
                .isEqualTo(OptionalDouble.empty());
    }

    @Test
    void aRateThatDivergesHasAnInfiniteLoss() throws IOException {
        TrainingRequest request = request(10, 1, new Momentum());
        try (PreparedTraining training =
                LocalPreparation.prepare(request, MemorySource.of(rows("diabetes"), 1), null, 1)) {
            List<Trial> trials = new LearningRateTrials(30, 1).run(training, 1e6);
            assertThat(trials).hasSize(4).allMatch(trial -> trial.loss() == Double.POSITIVE_INFINITY);
        }
    }

    @Test
    void refusesNoUpdates() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LearningRateTrials(0, 3));
        assertThatIllegalArgumentException().isThrownBy(() -> new LearningRateTrials(10, 0));
    }
}
