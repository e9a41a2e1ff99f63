package dev.backdraft.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.linalg.SplitMix;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComposedFunctionTest {
    private static final double[] OMEGA = {0.1, -0.4, 2, 3};
    private static final double[] BETA = {1, 2, -3, 0.4};

    @Test
    void theNetworkIsTheFunction() {
        double[] theta = ComposedFunction.interleaved(OMEGA, BETA);
        double x = 2.3;
        double f = BETA[3]
                + OMEGA[3]
                        * Math.cos(
                                BETA[2] + OMEGA[2] * Math.exp(BETA[1] + OMEGA[1] * Math.sin(BETA[0] + OMEGA[0] * x)));
        assertThat(ComposedFunction.output(theta, x)).isCloseTo(f, within(1e-5));
        assertThat(ComposedFunction.network().parameterCount()).isEqualTo(ComposedFunction.NAMES.length);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
    void backpropagationChainRuleAndDifferencesAgreeInAllEightDerivatives(long seed) {
        SplitMix random = SplitMix.at(seed, 1, 0, 0);
        double[] theta = ComposedFunction.interleaved(OMEGA, BETA);
        double x = 2.3;
        double y = 2;
        if (seed > 0) { // anywhere, at numbers that float32 holds exactly
            for (int i = 0; i < theta.length; i++) {
                theta[i] = (float) (2 * random.nextDouble() - 1);
            }
            x = (float) (4 * random.nextDouble() - 2);
            y = (float) random.nextGaussian();
        }
        double[] analytic = ComposedFunction.analytic(theta, x, y);
        assertThat(ComposedFunction.worst(ComposedFunction.differences(theta, x, y), analytic))
                .isLessThan(1e-6);
        assertThat(ComposedFunction.worst(ComposedFunction.backpropagated(theta, x, y), analytic))
                .isLessThan(2e-4);
    }

    @Test
    void itPrintsItsTableAndWritesItsPicture(@TempDir Path directory) {
        Run run = Run.of(new ComposedFunction.Options(), ComposedFunction::run, directory, "--y 1.5");
        assertThat(run.printed()).contains(ComposedFunction.NAMES).contains("sin -> dense -> exp", "f(2.3) = 2.37");
        assertThat(run.picture()).contains("ω₀", "β₃", "slope by backpropagation");
    }

    @Test
    void threeOmegasAreTooFew() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Program.run(
                new String[] {"--omega", "1,2,3"},
                System.out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new ComposedFunction.Options(),
                ComposedFunction::run);
        assertThat(code).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--omega must be four numbers: [1.0, 2.0, 3.0]");
    }
}
