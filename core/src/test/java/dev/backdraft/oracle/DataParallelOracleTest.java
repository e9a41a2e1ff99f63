package dev.backdraft.oracle;

import static dev.backdraft.oracle.Oracle.RELATIVE;
import static dev.backdraft.oracle.Oracle.assertClose;
import static dev.backdraft.oracle.Oracle.numbers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.network.Backpropagation;
import dev.backdraft.network.GradientSum;
import dev.backdraft.optim.Momentum;
import dev.backdraft.optim.Optimizer;
import dev.backdraft.optim.OptimizerState;
import dev.backdraft.optim.Sgd;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Unequal shards and short batches against PyTorch: sums are divided once, by the number of rows. */
class DataParallelOracleTest {
    private static final double TRAJECTORY = 1e-4; // accumulates the rounding of 20 float32 steps

    private JsonNode file;
    private OracleNetwork network;
    private Matrix x;
    private Matrix target;
    private Backpropagation backpropagation;
    private float[] parameters;

    @BeforeEach
    void load() {
        file = Oracle.read("data_parallel.json");
        network = OracleNetwork.of(file.get("layers"));
        x = Oracle.batch(file.get("input"));
        target = Oracle.batch(file.get("target"));
        backpropagation = new Backpropagation(
                network.network(),
                OracleNetwork.loss(file.get("loss").get("name").asText()),
                x.columns());
        parameters = network.fromTheirOrder(numbers(file.get("theta0")));
    }

    @Test
    void mergedUnequalShardsGiveTheGradientOfTheWhole() {
        JsonNode expected = file.get("one_gradient");
        GradientSum merged = mergedShards();
        float[] mean = new float[parameters.length];

        merged.meanGradient(mean);

        assertClose("loss", merged.losses().meanLoss(), numbers(expected.get("full_loss"))[0], RELATIVE);
        assertClose("gradient", network.toTheirOrder(mean), numbers(expected.get("full_gradient")), RELATIVE);
    }

    @Test
    void eachShardHasItsOwnMean() {
        JsonNode expected = file.get("one_gradient");
        int[] cuts = cuts();
        float[] mean = new float[parameters.length];
        for (int shard = 0; shard + 1 < cuts.length; shard++) {
            GradientSum sum = shard(cuts[shard], cuts[shard + 1]);
            sum.meanGradient(mean);
            double loss = numbers(expected.get("shard_mean_losses").get(shard))[0];
            assertClose("loss of shard " + shard, sum.losses().meanLoss(), loss, RELATIVE);
            double[] gradient = numbers(expected.get("shard_mean_gradients").get(shard));
            assertClose("gradient of shard " + shard, network.toTheirOrder(mean), gradient, RELATIVE);
        }
    }

    @Test
    void momentumOverMergedShardsFollowsTheReference() {
        JsonNode expected = file.get("synchronous_heavy_ball");
        Optimizer optimizer = new Momentum(expected.get("alpha").asDouble());
        OptimizerState state = optimizer.initialState(parameters.length);
        float[] mean = new float[parameters.length];
        int listed = 0;
        for (int step = 1; step <= expected.get("steps").asInt(); step++) {
            mergedShards().meanGradient(mean);
            optimizer.step(state, expected.get("eta").asDouble(), mean, parameters);
            if (step == expected.get("steps_listed").get(listed).asInt()) {
                double[] theta = numbers(expected.get("theta_after").get(listed++));
                assertClose("theta after step " + step, network.toTheirOrder(parameters), theta, TRAJECTORY);
            }
        }
    }

    @Test
    void aShortLastBatchIsDividedByItsOwnRows() {
        JsonNode expected = file.get("minibatch_sgd");
        int batches = expected.get("batches").size()
                / expected.get("theta_after_each_epoch").size();
        Optimizer optimizer = new Sgd();
        OptimizerState state = optimizer.initialState(parameters.length);
        float[] mean = new float[parameters.length];
        for (int step = 0; step < expected.get("batches").size(); step++) {
            GradientSum sum = new GradientSum(parameters.length);
            for (double row : numbers(expected.get("batches").get(step))) {
                sum.add(shard((int) row, (int) row + 1));
            }
            sum.meanGradient(mean);
            optimizer.step(state, expected.get("eta").asDouble(), mean, parameters);
            if ((step + 1) % batches == 0) {
                double[] theta = numbers(expected.get("theta_after_each_epoch").get(step / batches));
                assertClose("theta after batch " + step, network.toTheirOrder(parameters), theta, TRAJECTORY);
            }
        }
    }

    private GradientSum mergedShards() {
        int[] cuts = cuts();
        GradientSum merged = new GradientSum(parameters.length);
        for (int shard = 0; shard + 1 < cuts.length; shard++) {
            merged.add(shard(cuts[shard], cuts[shard + 1]));
        }
        return merged;
    }

    private int[] cuts() {
        double[] cuts = numbers(file.get("cuts"));
        int[] rows = new int[cuts.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (int) cuts[i];
        }
        return rows;
    }

    private GradientSum shard(int from, int to) {
        GradientSum sum = new GradientSum(parameters.length);
        backpropagation.addGradient(parameters, rows(x, from, to), rows(target, from, to), null, sum);
        return sum;
    }

    private static Matrix rows(Matrix all, int from, int to) {
        return new Matrix(all.values(), from * all.rows(), all.rows(), to - from);
    }
}
