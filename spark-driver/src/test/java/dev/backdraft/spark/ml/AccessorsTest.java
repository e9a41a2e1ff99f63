package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.junit.jupiter.api.Test;

/** Users reach each parameter by methods, as in Spark. */
class AccessorsTest {
    @Test
    void eachParameterHasASetterAndAGetter() {
        List<Params> estimators =
                List.of(new NeuralNetworkClassifier(), new NeuralNetworkRegressor(), new Autoencoder());
        for (Params estimator : estimators) {
            List<String> methods = new ArrayList<>();
            Arrays.stream(estimator.getClass().getMethods()).forEach(method -> methods.add(method.getName()));
            for (Param<?> param : estimator.params()) {
                String name = param.name().substring(0, 1).toUpperCase(Locale.ROOT)
                        + param.name().substring(1);
                assertThat(methods).contains("set" + name, "get" + name);
            }
        }
    }
}
