package dev.backdraft.spark;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.backdraft.data.DataException;
import dev.backdraft.data.DataException.Reason;
import dev.backdraft.data.DataException.Setting;
import dev.backdraft.data.InvalidValue;
import java.util.Set;

/**
 * A {@link DataException} through Kryo, which has no access to the fields of exceptions: its message and all that it
 * says without words. Its cause and its stack trace are lost.
 */
final class DataExceptionSerializer extends Serializer<DataException> {
    @Override
    public void write(Kryo kryo, Output out, DataException exception) {
        out.writeString(exception.getMessage());
        out.writeString(exception.reason().name());
        InvalidValue value = exception.invalidValue();
        out.writeString(value == null ? null : value.name());
        out.writeString(exception.column());
        out.writeString(exception.text());
        Set<Setting> settings = exception.settings();
        out.writeInt(settings.size());
        for (Setting setting : settings) {
            out.writeString(setting.name());
        }
    }

    @Override
    public DataException read(Kryo kryo, Input in, Class<DataException> type) {
        String message = in.readString();
        Reason reason = Reason.valueOf(in.readString());
        String value = in.readString();
        String column = in.readString();
        String text = in.readString();
        Setting[] settings = new Setting[in.readInt()];
        for (int i = 0; i < settings.length; i++) {
            settings[i] = Setting.valueOf(in.readString());
        }
        DataException read;
        if (value != null) {
            read = DataException.ofValue(InvalidValue.valueOf(value), "%s", message);
        } else if (reason == Reason.TEXT_FEATURE) {
            read = DataException.ofTextFeature(column, text, "%s", message);
        } else {
            read = DataException.of(reason, "%s", message);
        }
        return settings.length == 0 ? read : read.about(settings);
    }
}
