package dev.backdraft.spark.cli;

import dev.backdraft.train.Setting;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;

/**
 * The texts of {@link Setting} for the descriptions of options. {@code ${bundle:setting.epochs}} is a sentence without
 * its period that says what the setting is, and its default; {@code ${bundle:default.epochs}} is the default alone;
 * {@code ${bundle:keys.earlyStopping}} lists the settings of one that is an object, with their defaults.
 */
final class OptionTexts extends ResourceBundle {
    private final Map<String, String> texts = new LinkedHashMap<>();

    OptionTexts() {
        for (Setting setting : Setting.values()) {
            String help = setting.help();
            texts.put(
                    "setting." + setting.key(),
                    help.substring(0, 1).toUpperCase(Locale.ROOT) + help.substring(1) + " (default: "
                            + setting.defaultText() + ")");
            texts.put("default." + setting.key(), setting.defaultText());
            if (setting.isObject()) {
                texts.put("keys." + setting.key(), setting.settings());
            }
        }
    }

    @Override
    protected Object handleGetObject(String key) {
        return texts.get(key);
    }

    @Override
    public Enumeration<String> getKeys() {
        return Collections.enumeration(texts.keySet());
    }
}
