package dev.backdraft.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.json.RecordJson;
import dev.backdraft.schedule.Cosine;
import dev.backdraft.tensor.Parameter;
import dev.backdraft.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One battery for every optimiser, the users' too. */
class OptimizersTest {
    private static final RecordJson JSON = new RecordJson(List.of(Optimizers.CATALOG));

    private static final ParameterLayout LAYOUT = new ParameterLayout(
            Tensor.place(
                    0, 0, List.of(Parameter.weight("W", 2, 2), Parameter.bias("b", 2), Parameter.weight("w", 1, 1))),
            false);

    // what is behind a gradient in size differs from rule to rule, and so does the rate that suits them
    private static final Map<String, Double> RATES = Map.ofEntries(
            Map.entry("sgd", 1e-3),
            Map.entry("momentum", 2e-4),
            Map.entry("heavy-ball", 2e-4),
            Map.entry("average-momentum", 1e-3),
            Map.entry("corrected-average-momentum", 1e-3),
            Map.entry("nesterov", 2e-4),
            Map.entry("nesterov-look-ahead", 2e-4),
            Map.entry("nesterov-average", 1e-3),
            Map.entry("adagrad", 0.5),
            Map.entry("adadelta", 1.0),
            Map.entry("lbfgs", 1.0));

    static List<Optimizer> everyOptimizer() {
        return Optimizers.all();
    }

    /** A training by itself, as a loop would do it. */
    private static final class Run {
        private final Optimizer optimizer;
        private final TestFunction function;
        private final OptimizerState state;
        private final float[] x;
        private final float[] gradient;
        private final float[] scratch;
        private final long total;

        Run(Optimizer optimizer, TestFunction function, OptimizerState state, float[] x, long total) {
            this.optimizer = optimizer;
            this.function = function;
            this.state = state;
            this.x = x.clone();
            gradient = new float[x.length];
            scratch = new float[x.length];
            this.total = total;
        }

        static Run of(Optimizer optimizer, TestFunction function, long total, float... x) {
            return new Run(optimizer, function, optimizer.initialState(x.length), x, total);
        }

        void step() {
            double rate = new Cosine().rate(RATES.getOrDefault(optimizer.name(), 0.01), state.steps(), total);
            float[] point = optimizer.gradientPoint(state, rate, x, scratch);
            state.observe(function.at(point, gradient));
            optimizer.step(state, rate, gradient, x);
        }

        Run steps(int count) {
            for (int i = 0; i < count; i++) {
                step();
            }
            return this;
        }

        double value() {
            float[] settled = x.clone();
            optimizer.settle(state, settled);
            return function.at(settled, gradient);
        }

        /** The same run, its state carried over as a checkpoint does it. */
        Run copy() {
            OptimizerState fresh = optimizer.initialState(state.layout());
            for (int slot = 0; slot < state.slotCount(); slot++) {
                System.arraycopy(state.slot(slot), 0, fresh.slot(slot), 0, state.parameterCount());
            }
            System.arraycopy(state.scalars(), 0, fresh.scalars(), 0, state.scalars().length);
            fresh.restoreSteps(state.steps());
            return new Run(optimizer, function, fresh, x, total);
        }
    }

    @ParameterizedTest
    @MethodSource("everyOptimizer")
    void goesDownAParabola(Optimizer optimizer) {
        Run run = Run.of(optimizer, TestFunction::parabola, 5000, 2, 2, -1, 3, -2);
        double start = run.value();
        assertThat(run.steps(5000).value()).isLessThan(0.01 * start);
    }

    @ParameterizedTest
    @MethodSource("everyOptimizer")
    void goesDownTheValleyOfRosenbrock(Optimizer optimizer) {
        Run run = Run.of(optimizer, TestFunction::rosenbrock, 20_000, -1.2f, 1);
        assertThat(run.steps(20_000).value()).isLessThan(0.01); // 24.2 at the start, 4 where the valley begins
    }

    @ParameterizedTest
    @MethodSource("everyOptimizer")
    void movesTheParametersAndNothingElse(Optimizer optimizer) {
        float[] parameters = {1, -2, 3, -4, 5, -6, 7, 8, 9};
        float[] gradient = {1, 2, -3, 4, -5, 6, -7, 1000, Float.NaN};
        OptimizerState state = optimizer.initialState(LAYOUT);
        for (int step = 0; step < 3; step++) {
            float[] before = parameters.clone();
            float[] read = gradient.clone();
            float[] point = optimizer.gradientPoint(state, 0.01, parameters, new float[9]);
            assertThat(point != parameters).isEqualTo(optimizer.looksAhead());
            assertThat(Arrays.copyOfRange(point, 7, 9)).containsExactly(8, 9);
            assertThat(parameters).containsExactly(before);
            state.observe(10 - step);
            optimizer.step(state, 0.01, gradient, parameters);
            assertThat(gradient).containsExactly(read);
            assertThat(Arrays.copyOfRange(parameters, 7, 9)).containsExactly(8, 9);
            assertThat(Arrays.copyOf(parameters, 7)).isNotEqualTo(Arrays.copyOf(before, 7));
            assertThat(state.steps()).isEqualTo(step + 1);
        }
    }

    @ParameterizedTest
    @MethodSource("everyOptimizer")
    void aStateCarriedOverGoesOnWithTheSameBits(Optimizer optimizer) {
        Run run = Run.of(optimizer, TestFunction::rosenbrock, 100, -1.2f, 1, 0.5f, -1);
        for (int done = 0; done < 60; done++) { // L-BFGS is in the middle of a search in some of them
            Run copy = run.copy();
            float[] copied = copy.steps(5).x;
            assertThat(run.copy().steps(5).x).containsExactly(copied);
            run.step();
            assertThat(run.copy().steps(4).x).as("after %d steps", done).containsExactly(copied);
        }
    }

    @ParameterizedTest
    @MethodSource("everyOptimizer")
    void noParametersAreNoFault(Optimizer optimizer) {
        OptimizerState state = optimizer.initialState(0);
        float[] nothing = {};
        for (int step = 0; step < 3; step++) {
            assertThat(optimizer.gradientPoint(state, 0.1, nothing, new float[0]))
                    .isEmpty();
            state.observe(0);
            optimizer.step(state, 0.1, nothing, nothing);
        }
        optimizer.settle(state, nothing);
        assertThat(state.steps()).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("everyOptimizer")
    void aGradientOfZeroLeavesTheParametersAtFirst(Optimizer optimizer) {
        float[] parameters = {1, -2, 0};
        OptimizerState state = optimizer.initialState(new ParameterLayout(
                Tensor.place(0, 0, List.of(Parameter.bias("b", 3))), false)); // not penalized: no decay of its own
        state.observe(1);
        optimizer.step(state, 0.1, new float[3], parameters);
        assertThat(parameters).containsExactly(1, -2, 0);
    }

    @ParameterizedTest
    @MethodSource("everyOptimizer")
    void isFoundByItsNameMadeWithoutArgumentsAndReadBackFromJson(Optimizer optimizer)
            throws ReflectiveOperationException {
        assertThat(optimizer.name()).matches("[a-z][a-z0-9]*(-[a-z0-9]+)*");
        assertThat(Optimizers.named(optimizer.name())).isEqualTo(optimizer);
        assertThat(Optimizers.all())
                .contains((Optimizer) optimizer.getClass().getConstructor().newInstance());
        assertThat(JSON.read(JSON.write(optimizer), Optimizers.CATALOG)).isEqualTo(optimizer);
    }

    @Test
    void usersOwnStandBehindOurs() {
        assertThat(Optimizers.all()).endsWith(new SignDescent()).hasSize(21);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "momentum:momentum=0.8 | VELOCITY | {'type':'momentum','momentum':0.8}",
                "heavy-ball:momentum=0.8 | DELTA | {'type':'heavy-ball','momentum':0.8}",
                "nesterov:momentum=0.8 | NESTEROV | {'type':'nesterov','momentum':0.8}",
                "nesterov-look-ahead:momentum=0.8 | DELTA_LOOK_AHEAD | {'type':'nesterov-look-ahead','momentum':0.8}",
                "nesterov-average:beta=0.8 | AVERAGE_LOOK_AHEAD | {'type':'nesterov-average','momentum':0.8}",
                "average-momentum:beta=0.8 | AVERAGE | {'type':'average-momentum','momentum':0.8}",
                "average-momentum:beta=0.8,biasCorrection=false | AVERAGE | {'type':'average-momentum','momentum':0.8}",
                "average-momentum:biasCorrection=true,beta=0.8 | CORRECTED_AVERAGE"
                        + " | {'type':'corrected-average-momentum','momentum':0.8}",
            })
    void everyFormOfMomentumIsFoundByItsNameAndTheSettingsOfEarlierVersions(
            String text, Momentum.Form form, String json) {
        Optimizer read = JSON.read(text, Optimizers.CATALOG);
        assertThat(read).isEqualTo(new Momentum(0.8, form));
        assertThat(JSON.write(read)).hasToString(json.replace('\'', '"'));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nesterov:form=average", "nesterov:beta=0.8", "average-momentum:beta=0.8,momentum=0.9"})
    void theFormOfMomentumIsToldByItsNameAlone(String text) {
        assertThatThrownBy(() -> JSON.read(text, Optimizers.CATALOG))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("optimizer (nesterov|average-momentum): unknown key '(form|beta)': use momentum");
    }

    @Test
    void anUnknownNameIsToldThoseThatExist() {
        assertThatThrownBy(() -> Optimizers.named("adamm"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'adamm'")
                .hasMessageContaining("adam, amsgrad")
                .hasMessageContaining("users-sign-descent");
    }

    static Stream<Supplier<Optimizer>> constantsThatMakeNoSense() {
        return Stream.of(
                () -> new Momentum(1),
                () -> new Momentum(Double.NaN),
                () -> new Momentum(-0.1, Momentum.Form.DELTA),
                () -> new Momentum(1, Momentum.Form.CORRECTED_AVERAGE),
                () -> new Momentum(1.5, Momentum.Form.NESTEROV),
                () -> new AdaGrad(0, false),
                () -> new RmsProp(1, 1e-8, false),
                () -> new RmsProp(0.9, Double.POSITIVE_INFINITY, false),
                () -> new Adadelta(0.95, 0),
                () -> new NormalizedGradient(-1),
                () -> new NormalizedCoordinates(Double.NaN),
                () -> new Adam(1, 0.999, 1e-8),
                () -> new Adam(0.9, 1, 1e-8),
                () -> new Adam(0.9, 0.999, 0),
                () -> new AmsGrad(0.9, -0.1, 1e-8, false, true),
                () -> new AdamW(0.9, 0.999, 1e-8, false, true, -1),
                () -> new Nadam(0.9, 0.999, 1e-8, -1),
                () -> new Lion(0.9, 1, 0),
                () -> new Lamb(0.9, 0.999, 1e-6, Double.NaN),
                () -> new Lbfgs(0, 1e-4, 0.9, 20, 0),
                () -> new Lbfgs(10, 0.9, 0.1, 20, 0),
                () -> new Lbfgs(10, 1e-4, 1, 20, 0),
                () -> new Lbfgs(10, 1e-4, 0.9, 0, 0),
                () -> new Lbfgs(10, 1e-4, 0.9, 20, -1));
    }

    @ParameterizedTest
    @MethodSource("constantsThatMakeNoSense")
    void constantsThatMakeNoSenseAreRefused(Supplier<Optimizer> made) {
        assertThatThrownBy(made::get)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(".*(\\d|NaN|Infinity)");
    }
}
