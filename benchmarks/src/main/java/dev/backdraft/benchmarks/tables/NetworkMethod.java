package dev.backdraft.benchmarks.tables;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.backdraft.column.ColumnSettings;
import dev.backdraft.data.Example;
import dev.backdraft.model.Model;
import dev.backdraft.model.Predictor;
import dev.backdraft.train.TrainingDraft;
import dev.backdraft.train.local.LocalTraining;
import java.io.IOException;
import java.util.List;

/**
 * A network of Backdraft with nothing set but its preset.
 *
 * @param preset null for none
 */
record NetworkMethod(String name, String preset) implements Method {
    private static final int BATCH = 256;
    private static final double LEAST = 1e-12; // of a probability, so that its logarithm is finite

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
        score(model, table); // the first time warms up
        start = System.nanoTime();
        double[] sums = score(model, table);
        double seconds = (System.nanoTime() - start) / 1e9;
        int rows = table.test().rows().size();
        double loss = table.classifies() ? sums[0] / rows : Math.sqrt(sums[0] / rows);
        return new Score(loss, sums[1] / rows, fitSeconds, rows / seconds);
    }

    /** Sums of losses, and of right answers or absolute errors. */
    private static double[] score(Model model, Table table) {
        List<Example> rows = table.test().rows();
        Predictor predictor = model.predictor(BATCH);
        double[] sums = new double[2];
        for (int from = 0; from < rows.size(); from += BATCH) {
            List<Example> some = rows.subList(from, Math.min(from + BATCH, rows.size()));
            predictor.load(some);
            predictor.predictValues();
            for (int n = 0; n < some.size(); n++) {
                if (table.classifies()) {
                    int label = model.preprocessing()
                            .classNames()
                            .indexOf(some.get(n).labelText());
                    sums[0] -= Math.log(Math.max(LEAST, predictor.probability(label, n)));
                    sums[1] += predictor.predictedClass(n) == label ? 1 : 0;
                } else {
                    double error = predictor.value(0, n) - some.get(n).label();
                    sums[0] += error * error;
                    sums[1] += Math.abs(error);
                }
            }
        }
        return sums;
    }
}
