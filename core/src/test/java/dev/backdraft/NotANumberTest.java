package dev.backdraft;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.backdraft.activation.Activations;
import dev.backdraft.initializer.Initializers;
import dev.backdraft.json.Records;
import dev.backdraft.layer.Layers;
import dev.backdraft.loss.Losses;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Averaging;
import dev.backdraft.optim.Clipping;
import dev.backdraft.optim.Optimizers;
import dev.backdraft.optim.Penalty;
import dev.backdraft.schedule.BatchGrowth;
import dev.backdraft.schedule.ReduceOnPlateau;
import dev.backdraft.schedule.Schedules;
import dev.backdraft.train.EarlyStopping;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.engine.LearningRateRange;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No setting takes NaN or an infinite number: a comparison such as {@code x < 0} lets NaN pass. */
class NotANumberTest {
    /** A setting whose value is a double. */
    record Setting(Record owner, String name) {}

    static Stream<Setting> everySetting() {
        TrainingConfig config = new TrainingConfig();
        Stream<Object> members = Stream.of(
                        Activations.CATALOG,
                        Initializers.CATALOG,
                        Layers.CATALOG,
                        Losses.CATALOG,
                        Optimizers.CATALOG,
                        Schedules.CATALOG)
                .flatMap(catalog -> catalog.all().stream());
        Stream<Object> others = Stream.of(
                config,
                new TrainingRequest(Network.builder(1).dense(1).build(), null, config, false, 0),
                new EarlyStopping(),
                new Clipping(),
                new Penalty(),
                new Averaging(),
                new BatchGrowth(),
                new ReduceOnPlateau(),
                new LearningRateRange());
        return Stream.concat(members, others)
                .filter(owner -> isOurs(owner.getClass()))
                .map(Record.class::cast)
                .flatMap(owner -> Arrays.stream(owner.getClass().getRecordComponents())
                        .filter(component -> component.getType() == double.class)
                        .map(RecordComponent::getName)
                        .map(name -> new Setting(owner, name)));
    }

    /** Whether a class is not one of the members that tests add. */
    private static boolean isOurs(Class<?> type) {
        return type.getProtectionDomain()
                .getCodeSource()
                .equals(Network.class.getProtectionDomain().getCodeSource());
    }

    @ParameterizedTest
    @MethodSource("everySetting")
    void isRefused(Setting setting) {
        for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .as("%s of %s", value, setting)
                    .isThrownBy(() -> Records.with(setting.owner(), setting.name(), value))
                    .withMessageContaining(Double.toString(value));
        }
    }
}
