package dev.backdraft.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.backdraft.data.DataException;
import dev.backdraft.data.DataException.Reason;
import dev.backdraft.data.DataException.Setting;
import dev.backdraft.data.InvalidValue;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a refusal says without words survives Kryo: the command line makes its advice of it. */
class DataExceptionSerializerTest {
    static Stream<DataException> refusals() {
        return Stream.of(
                new DataException("plain, 100%"),
                DataException.of(Reason.NO_ROWS, "no rows in %s", "a.csv"),
                DataException.of(Reason.ONE_CLASS, "one class").about(Setting.LABEL),
                DataException.ofValue(InvalidValue.NAN, "NaN").in("line 3"),
                DataException.ofValue(null, "must not be skipped"),
                DataException.ofTextFeature("city", "Boston", "text").about(Setting.LABEL, Setting.LAYERS),
                DataException.ofTextFeature("city", null, "text"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void nothingThatARefusalSaysIsLost(DataException sent) {
        Kryo kryo = new Kryo();
        kryo.setRegistrationRequired(true);
        new BackdraftKryoRegistrator().registerClasses(kryo);
        Output out = new Output(64, -1);
        kryo.writeClassAndObject(out, sent);
        DataException read = (DataException) kryo.readClassAndObject(new Input(out.toBytes()));
        assertThat(read).hasMessage(sent.getMessage());
        assertThat(read.reason()).isEqualTo(sent.reason());
        assertThat(read.invalidValue()).isEqualTo(sent.invalidValue());
        assertThat(read.column()).isEqualTo(sent.column());
        assertThat(read.text()).isEqualTo(sent.text());
        assertThat(read.settings()).isEqualTo(sent.settings());
    }
}
