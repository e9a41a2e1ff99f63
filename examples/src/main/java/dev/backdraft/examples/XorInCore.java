package dev.backdraft.examples;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Blocks;
import dev.backdraft.data.Example;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.layer.Tanh;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.network.Network;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.LocalGradients;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingLoop;
import java.util.List;

/** Exclusive or, learned without Spark: the parts that every training is made of, put together by hand. */
public final class XorInCore {
    private XorInCore() {}

    public static void main(String[] arguments) {
        System.out.printf("final loss %.6f, accuracy %.2f%n", train().loss(), train().accuracy());
    }

    static EpochResult train() {
        List<Example> rows = List.of(row(0, 0, 0), row(0, 1, 1), row(1, 0, 1), row(1, 1, 0));
        Network network = Network.perceptron(new Tanh(), 2, 8, 1);
        TrainingConfig config = TrainingConfig.standard()
                .withBatchSize(BatchLayout.FULL_BATCH)
                .withEpochs(500)
                .withLearningRate(0.05);
        Blocks blocks = Blocks.of(rows, 2, Preprocessing.none(), config.seed(), config.batchSize(), config.lanes());
        SigmoidCrossEntropy loss = new SigmoidCrossEntropy();
        float[] parameters = network.initialParameters(config.seed());
        try (LocalGradients gradients = new LocalGradients(network, loss, blocks, null, config.seed(), 1)) {
            return new TrainingLoop(config, loss, blocks.layout(), gradients, List.of()).run(parameters);
        }
    }

    private static Example row(float a, float b, int label) {
        return Example.dense(new float[] {a, b}, label);
    }
}
