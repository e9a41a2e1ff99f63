package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingJson;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.param.Param;
import org.junit.jupiter.api.Test;

/** What core's configuration of a training has, the estimators have. */
class EverySettingTest {
    @Test
    void eachIsAParameterOrTakenByTheParameterSettings() {
        NeuralNetworkClassifier classifier = new NeuralNetworkClassifier();
        ObjectNode defaults = TrainingJson.write(new TrainingConfig());
        for (RecordComponent component : TrainingConfig.class.getRecordComponents()) {
            String parameters = TrainingSettings.PARAMETERS.get(component.getName());
            if (parameters == null) {
                String json = "{\"" + component.getName() + "\": " + defaults.get(component.getName()) + "}";
                assertThat(classifier.setSettings(json).getSettings()).isEqualTo(json);
            } else {
                for (String parameter : parameters.split(" and ", -1)) {
                    assertThat(classifier.hasParam(parameter)).as(parameter).isTrue();
                }
            }
        }
    }

    @Test
    void eachParameterHasASetterAndAGetter() {
        for (Class<?> estimator : List.of(NeuralNetworkClassifier.class, NeuralNetworkRegressor.class)) {
            List<String> methods = new ArrayList<>();
            Arrays.stream(estimator.getMethods()).forEach(method -> methods.add(method.getName()));
            for (Param<?> param : params(estimator)) {
                String name = param.name().substring(0, 1).toUpperCase(Locale.ROOT)
                        + param.name().substring(1);
                assertThat(methods).contains("set" + name, "get" + name);
            }
        }
    }

    private static Param<?>[] params(Class<?> estimator) {
        return estimator.equals(NeuralNetworkClassifier.class)
                ? new NeuralNetworkClassifier().params()
                : new NeuralNetworkRegressor().params();
    }
}
