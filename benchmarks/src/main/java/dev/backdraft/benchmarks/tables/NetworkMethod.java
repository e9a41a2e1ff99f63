package dev.backdraft.benchmarks.tables;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.backdraft.column.ColumnSettings;
import dev.backdraft.data.Example;
import dev.backdraft.model.Model;
import dev.backdraft.model.Predictor;
import dev.backdraft.train.TrainingDraft;
import dev.backdraft.train.local.LocalTraining;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A network of Backdraft with nothing set but its preset.
 *
 * @param preset null for none
 */
record NetworkMethod(String name, String preset) implements Method {
    private static final int BATCH = 256;

    @Override
    public Score run(Table table, long seed) throws IOException {
        TrainingDraft draft = TrainingDraft.automatic()
                .withSeed(seed)
                .with("preset", JsonNodeFactory.instance.textNode(preset)); // or null
        if (!table.classifies()) { // marks from 1 to 5 could be classes
            draft = draft.with("loss", JsonNodeFactory.instance.textNode("squared-error"));
        }
        long start = System.nanoTime();
        Model model = LocalTraining.train(
                draft,
                ColumnSettings.STANDARD.withKinds(table.kinds()),
                table.train(),
                Runtime.getRuntime().availableProcessors(),
                List.of());
        double fitSeconds = (System.nanoTime() - start) / 1e9;
        double[][] answers = answers(model, table.test().rows(), table.classNames());
        Losses losses = Losses.of(table, n -> answers[n]);
        List<List<Example>> parts = parts(table.scored());
        int rows = parts.stream().mapToInt(List::size).sum();
        double rowsPerSecond = Scoring.rowsPerSecond(
                rows, () -> parts.parallelStream().forEach(part -> answers(model, part, table.classNames())));
        return new Score(losses.loss(), losses.further(), fitSeconds, rowsPerSecond);
    }

    /** As many parts as there are cores. */
    private static List<List<Example>> parts(List<Example> rows) {
        int length = 1 + rows.size() / Runtime.getRuntime().availableProcessors();
        List<List<Example>> parts = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += length) {
            parts.add(rows.subList(from, Math.min(from + length, rows.size())));
        }
        return parts;
    }

    /** For each row the probabilities of the classes in the order of the names, or the number. */
    private static double[][] answers(Model model, List<Example> rows, List<String> classNames) {
        int[] classes = classNames.stream()
                .mapToInt(model.preprocessing().classNames()::indexOf)
                .toArray();
        Predictor predictor = model.predictor(BATCH);
        double[][] answers = new double[rows.size()][];
        for (int from = 0; from < rows.size(); from += BATCH) {
            List<Example> some = rows.subList(from, Math.min(from + BATCH, rows.size()));
            predictor.load(some);
            predictor.predictValues();
            for (int i = 0; i < some.size(); i++) {
                int n = i;
                answers[from + n] = classes.length == 0
                        ? new double[] {predictor.value(0, n)}
                        : Arrays.stream(classes)
                                .mapToDouble(label -> predictor.probability(label, n))
                                .toArray();
            }
        }
        return answers;
    }
}
