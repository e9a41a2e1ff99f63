package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Spark's own tests ask of the parameters of any stage, asked of ours; nothing is trained. */
class ParamExpectationsTest {
    /** A value of each parameter that is not its usual one. */
    static final Map<String, Object> UNUSUAL = Map.ofEntries(
            Map.entry("featuresCol", "x"),
            Map.entry("featuresCols", new String[] {"a", "b"}),
            Map.entry("columnKinds", "zip=category"),
            Map.entry("columnEncoding", "scaling=standard"),
            Map.entry("labelCol", "y"),
            Map.entry("predictionCol", "p"),
            Map.entry("rawPredictionCol", "r"),
            Map.entry("probabilityCol", "q"),
            Map.entry("contributionsCol", "c"),
            Map.entry("embeddingCol", "e"),
            Map.entry("embeddingLayer", 1),
            Map.entry("weightCol", "w"),
            Map.entry("validationIndicatorCol", "v"),
            Map.entry("validationFraction", 0.25),
            Map.entry("labelScale", "log1p"),
            Map.entry("threshold", "f1"),
            Map.entry("thresholds", new double[] {0.25, 0.75}),
            Map.entry("handleInvalid", "skip"),
            Map.entry("standardize", false),
            Map.entry("preset", "tabular"),
            Map.entry("initialModel", "models/first"),
            Map.entry("hiddenLayers", new int[] {3, 2}),
            Map.entry("layers", new int[] {2, 3, 2}),
            Map.entry("activation", "tanh"),
            Map.entry("dropout", 0.5),
            Map.entry("network", "{\"layers\": [{\"type\": \"dense\", \"outputSize\": 2}]}"),
            Map.entry("loss", "softmax-cross-entropy"),
            Map.entry("maxIter", 7),
            Map.entry("batchSize", 8),
            Map.entry("lanes", 2),
            Map.entry("optimizer", "sgd"),
            Map.entry("stepSize", 0.5),
            Map.entry("schedule", "cosine"),
            Map.entry("l1", 0.125),
            Map.entry("l2", 0.25),
            Map.entry("classWeights", new double[] {1, 2}),
            Map.entry("balanceClasses", true),
            Map.entry("tol", 0.01),
            Map.entry("earlyStoppingPatience", 3),
            Map.entry("earlyStoppingMetric", "accuracy"),
            Map.entry("earlyStoppingMinChange", 0.5),
            Map.entry("refit", true),
            Map.entry("metrics", new String[] {"accuracy"}),
            Map.entry("seed", 7L),
            Map.entry("settings", "{\"clipping\": {\"norm\": 1}}"),
            Map.entry("aggregation", "job"),
            Map.entry("checkpointDir", "/tmp/never"),
            Map.entry("checkpointInterval", "7 steps"));

    private static Stream<Params> stages() {
        return Stream.of(
                new NeuralNetworkClassifier(),
                new NeuralNetworkClassificationModel(),
                new NeuralNetworkRegressor(),
                new NeuralNetworkRegressionModel());
    }

    private static Stream<Params> estimators() {
        return Stream.of(new NeuralNetworkClassifier(), new NeuralNetworkRegressor());
    }

    /** Sets the parameter of a name without knowing its type. */
    static <T> void set(Params stage, String name, Object value) {
        @SuppressWarnings("unchecked") // the caller knows it
        Param<T> param = (Param<T>) stage.getParam(name);
        @SuppressWarnings("unchecked")
        T typed = (T) value;
        stage.set(param, typed);
    }

    @ParameterizedTest
    @MethodSource("stages")
    void parametersAreSortedOwnedAndFoundByName(Params stage) throws ReflectiveOperationException {
        List<String> names = Arrays.stream(stage.params()).map(Param::name).toList();
        assertThat(names).isSorted().doesNotHaveDuplicates().isSubsetOf(UNUSUAL.keySet());
        for (Param<?> param : stage.params()) {
            assertThat(param.parent()).isEqualTo(stage.uid());
            assertThat(stage.getParam(param.name())).isSameAs(param);
            assertThat(stage.getClass().getMethod(param.name()).invoke(stage)).isSameAs(param);
            assertThat(param).hasToString(stage.uid() + "__" + param.name());
            assertThat(param.doc()).isNotBlank();
        }
        assertThat(stage.hasParam("noSuch")).isFalse();
        assertThatThrownBy(() -> stage.getParam("noSuch")).isInstanceOf(NoSuchElementException.class);
    }

    @ParameterizedTest
    @MethodSource("stages")
    void aCopyIsOfTheSameType(Params stage) throws NoSuchMethodException {
        assertThat(stage.getClass().getMethod("copy", ParamMap.class).getReturnType())
                .isEqualTo(stage.getClass());
        Params copy = stage.copy(ParamMap.empty());
        assertThat(copy).isNotSameAs(stage).hasSameClassAs(stage);
        assertThat(copy.uid()).isEqualTo(stage.uid());
        assertThat(Arrays.stream(copy.params()).filter(copy::isSet)).isEmpty(); // usual values stay usual
    }

    @ParameterizedTest
    @MethodSource("stages")
    void aModelHasTheParametersOfItsEstimator(Params stage) {
        Params estimator = stage instanceof NeuralNetworkClassifier || stage instanceof NeuralNetworkClassificationModel
                ? new NeuralNetworkClassifier()
                : new NeuralNetworkRegressor();
        assertThat(Arrays.stream(stage.params()).map(Param::name))
                .containsExactlyElementsOf(
                        Arrays.stream(estimator.params()).map(Param::name).toList());
    }

    @ParameterizedTest
    @MethodSource("stages")
    void columnsHaveSparksNames(Params stage) {
        Map<String, Object> columns = new HashMap<>();
        for (Param<?> param : stage.params()) {
            if (param.name().endsWith("Col")) {
                columns.put(param.name(), stage.isDefined(param) ? stage.$(param) : "none");
            }
        }
        Map<String, Object> expected = new HashMap<>(Map.of(
                "featuresCol", "features",
                "labelCol", "label",
                "predictionCol", "prediction",
                "contributionsCol", "",
                "embeddingCol", "",
                "weightCol", "none",
                "validationIndicatorCol", "none"));
        if (stage.hasParam("probabilityCol")) {
            expected.putAll(Map.of("probabilityCol", "probability", "rawPredictionCol", "rawPrediction"));
        }
        assertThat(columns).isEqualTo(expected);
    }

    @Test
    void defaultsAreAsDocumented() {
        NeuralNetworkClassifier classifier = new NeuralNetworkClassifier();
        assertThat(classifier.isDefined(classifier.thresholds())).isFalse();
        assertThatThrownBy(classifier::getThresholds).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(classifier::getWeightCol).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(classifier::getLayers).isInstanceOf(NoSuchElementException.class);
        assertThat(classifier.getHiddenLayers()).containsExactly(64, 32);
        assertThat(classifier.getMaxIter()).isZero();
        assertThat(classifier.getStepSize()).isZero();
        assertThat(classifier.getBatchSize()).isEqualTo(-1);
        assertThat(classifier.getL2()).isEqualTo(-1);
        assertThat(classifier.getValidationFraction()).isEqualTo(-1);
        assertThat(classifier.getStandardize()).isTrue();
        assertThat(classifier.getBalanceClasses()).isFalse();
        assertThat(classifier.getEarlyStoppingPatience()).isEqualTo(10);
        assertThat(classifier.getOptimizer()).isEqualTo("adam");
        assertThat(classifier.getTol()).isZero();
        assertThat(classifier.getSeed()).isEqualTo(42);
        assertThat(classifier.getHandleInvalid()).isEqualTo("error");
        assertThat(classifier.getAggregation()).isEqualTo("auto");
    }

    /** Tools read the parameters of any stage: only what has no value without the user may throw. */
    @ParameterizedTest
    @MethodSource("stages")
    void everyParameterThatTunesATrainingHasAValue(Params stage) {
        for (Param<?> param : stage.params()) {
            boolean needsUser = List.of(
                            "thresholds", "weightCol", "validationIndicatorCol", "layers", "network", "settings")
                    .contains(param.name());
            assertThat(stage.isDefined(param)).as(param.name()).isEqualTo(!needsUser);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maxIter", "stepSize", "batchSize", "l2", "validationFraction"})
    void explainsWhichValueMeansChosenFromTheData(String name) {
        NeuralNetworkClassifier classifier = new NeuralNetworkClassifier();
        Param<?> param = classifier.getParam(name);
        String value = String.valueOf(classifier.getDefault(param).get()).replaceAll("\\.0$", "");
        assertThat(classifier.explainParam(param))
                .contains("; " + value + ": chosen from the data (")
                .contains("(default: " + classifier.getDefault(param).get() + ")");
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void everyParameterHasASetterAndAGetter(Params estimator) throws ReflectiveOperationException {
        for (Param<?> param : estimator.params()) {
            String end =
                    Character.toUpperCase(param.name().charAt(0)) + param.name().substring(1);
            Object value = UNUSUAL.get(param.name());
            Method setter = Arrays.stream(estimator.getClass().getMethods())
                    .filter(method -> method.getName().equals("set" + end) && method.getParameterCount() == 1)
                    .filter(method -> !(value instanceof String && method.getParameterTypes()[0].isPrimitive()))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no setter of " + param));
            assertThat(setter.invoke(estimator, value)).isSameAs(estimator);
            assertThat(estimator.isSet(param)).isTrue();
            assertThat(estimator.$(param)).isEqualTo(value);
            assertThat(estimator.getClass().getMethod("get" + end).invoke(estimator))
                    .isEqualTo(value);
            estimator.clear(param);
            assertThat(estimator.isSet(param)).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void anExtraParameterOfACopyIsOfTheCopyAlone(Params estimator) {
        set(estimator, "stepSize", 0.5);
        IntParam maxIter = (IntParam) estimator.getParam("maxIter");
        Params copy = estimator.copy(new ParamMap().put(maxIter, 7));
        assertThat(copy.$(copy.getParam("maxIter"))).isEqualTo(7);
        assertThat(copy.$(copy.getParam("stepSize"))).isEqualTo(0.5);
        assertThat(copy.isSet(copy.getParam("maxIter"))).isTrue();
        assertThat(estimator.isSet(maxIter)).isFalse();
        set(copy, "stepSize", 0.25);
        assertThat(estimator.$(estimator.getParam("stepSize"))).isEqualTo(0.5);
    }

    @ParameterizedTest
    @MethodSource("stages")
    void explainsEachParameterWithItsDefaultAndPresentValue(Params stage) {
        set(stage, "maxIter", 7);
        assertThat(stage.explainParam(stage.getParam("maxIter"))).endsWith("(default: 0, current: 7)");
        assertThat(stage.explainParam(stage.getParam("weightCol"))).endsWith("(undefined)");
        assertThat(stage.explainParams().split("\n")).hasSameSizeAs(stage.params());
    }

    @ParameterizedTest
    @MethodSource("stages")
    void valuesSurviveJson(Params stage) {
        for (Param<?> param : stage.params()) {
            assertThat(throughJson(param, UNUSUAL.get(param.name()))).isEqualTo(UNUSUAL.get(param.name()));
        }
    }

    private static <T> Object throughJson(Param<T> param, Object value) {
        @SuppressWarnings("unchecked") // as the map above has it
        T typed = (T) value;
        return param.jsonDecode(param.jsonEncode(typed));
    }

    @ParameterizedTest
    @MethodSource("stages")
    void eachParameterTellsItsTypeToSparkConnect(Params stage) {
        for (Param<?> param : stage.params()) {
            boolean typed = param instanceof IntParam
                    || param instanceof LongParam
                    || param instanceof DoubleParam
                    || param instanceof BooleanParam
                    || param instanceof IntArrayParam
                    || param instanceof DoubleArrayParam
                    || param instanceof StringArrayParam;
            if (!typed
                    && !List.of("featuresCol", "labelCol", "predictionCol", "probabilityCol", "rawPredictionCol")
                            .contains(param.name())) { // those are Spark's own
                assertThat(param.dataClass()).as(param.name()).isEqualTo(String.class);
            }
        }
    }

    private static <T> Consumer<Params> bad(String name, T value) {
        return stage -> set(stage, name, value);
    }

    private static Stream<Consumer<Params>> badValues() {
        return Stream.of(
                bad("layers", new int[0]),
                bad("layers", new int[] {1}),
                bad("layers", new int[] {0, 1}),
                bad("layers", new int[] {1, 0}),
                bad("hiddenLayers", new int[] {3, 0}),
                bad("hiddenLayers", new int[] {-1}),
                bad("maxIter", -1),
                bad("batchSize", -2),
                bad("lanes", -1),
                bad("stepSize", -0.1),
                bad("stepSize", Double.NaN),
                bad("tol", -1e-9),
                bad("l1", -1.0),
                bad("l2", -0.5),
                bad("l2", Double.NaN),
                bad("dropout", 1.0),
                bad("dropout", -0.1),
                bad("validationFraction", 1.0),
                bad("validationFraction", -0.5),
                bad("earlyStoppingPatience", -1),
                bad("earlyStoppingMinChange", -1.0),
                bad("earlyStoppingMetric", "luck"),
                bad("metrics", new String[] {"luck"}),
                bad("classWeights", new double[] {1, 0}),
                bad("classWeights", new double[] {1, Double.NaN}),
                bad("activation", "wobble"),
                bad("optimizer", "hope"),
                bad("schedule", "never"),
                bad("loss", "regret"),
                bad("network", "no json"),
                bad("settings", "{\"noSuch\": 1}"),
                bad("settings", "{\"epochs\": 1}"),
                bad("handleInvalid", "ignore"),
                bad("aggregation", "magic"));
    }

    @ParameterizedTest
    @MethodSource("badValues")
    void badValuesAreRefusedWhereTheyAreSet(Consumer<Params> set) {
        for (Params estimator : estimators().toList()) {
            assertThatIllegalArgumentException().isThrownBy(() -> set.accept(estimator));
            assertThat(Arrays.stream(estimator.params()).filter(estimator::isSet))
                    .isEmpty();
        }
    }

    @Test
    void badValuesAreRefusedInAParamMapToo() {
        NeuralNetworkClassifier classifier = new NeuralNetworkClassifier();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> classifier.maxIter().w(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> new ParamMap().put(classifier.stepSize(), -1.0));
    }

    @Test
    void thresholdsAreNotNegativeAndAtMostOneIsZero() {
        NeuralNetworkClassifier classifier = new NeuralNetworkClassifier();
        assertThatIllegalArgumentException().isThrownBy(() -> classifier.setThresholds(new double[] {-0.1, 0.1}));
        assertThatIllegalArgumentException().isThrownBy(() -> classifier.setThresholds(new double[] {0, 0}));
        assertThat(classifier.setThresholds(new double[] {0, 0.1}).getThresholds())
                .containsExactly(0, 0.1);
    }

    @Test
    void twoStagesHaveParametersOfTheirOwn() {
        NeuralNetworkClassifier one = new NeuralNetworkClassifier();
        NeuralNetworkClassifier other = new NeuralNetworkClassifier();
        assertThat(one.uid()).isNotEqualTo(other.uid()).startsWith("neuralNetworkClassifier_");
        assertThat(one.maxIter()).isNotEqualTo(other.maxIter());
        assertThatIllegalArgumentException().isThrownBy(() -> one.set(other.maxIter(), 3));
        ParamMap both = new ParamMap().put(one.maxIter(), 3).put(other.maxIter(), 4);
        assertThat(both.filter(one).size()).isEqualTo(1);
        assertThat(one).hasToString(one.uid());
    }
}
