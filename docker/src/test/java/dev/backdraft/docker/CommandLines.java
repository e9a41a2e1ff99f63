package dev.backdraft.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.backdraft.spark.cli.Main;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkSubmitArguments;
import org.apache.spark.internal.config.ConfigEntry;
import picocli.CommandLine;
import scala.collection.immutable.HashMap;
import scala.jdk.javaapi.CollectionConverters;

/** Checks of commands that files name: against Spark's parser of options, its settings, and ours. */
final class CommandLines {
    /** Settings that Spark has no entry for, as they begin names that users complete. */
    private static final List<String> PREFIXES = List.of(
            "spark.kubernetes.driver.volumes.persistentVolumeClaim.backdraft.",
            "spark.kubernetes.executor.volumes.persistentVolumeClaim.backdraft.");

    private static final Set<String> OF_VOLUMES = Set.of("options.claimName", "mount.path", "mount.readOnly");

    private CommandLines() {}

    /** Sees that Backdraft's command line takes these arguments. */
    static void backdraftTakes(List<String> arguments) {
        assertThatCode(() -> {
                    Constructor<Main> constructor = Main.class.getDeclaredConstructor();
                    constructor.setAccessible(true);
                    new CommandLine(constructor.newInstance())
                            .setCaseInsensitiveEnumValuesAllowed(true)
                            .parseArgs(arguments.toArray(new String[0]));
                })
                .as("backdraft " + String.join(" ", arguments))
                .doesNotThrowAnyException();
    }

    /**
     * Sees that spark-submit takes these arguments, that they name the jar of the image, and that Spark knows each setting.
     *
     * @return what goes to the jar's main class
     */
    static List<String> sparkSubmitTakes(List<String> arguments) {
        SparkSubmitArguments parsed = new SparkSubmitArguments(
                CollectionConverters.asScala(withoutFile(arguments)).toSeq(), new HashMap<>());
        assertThat(parsed.primaryResource()).endsWith(Repository.JAR_OF_IMAGE);
        CollectionConverters.asJava(parsed.sparkProperties()).keySet().forEach(CommandLines::isSetting);
        return CollectionConverters.asJava(parsed.childArgs());
    }

    /** Leaves out the file of properties, which is in the container only. */
    private static List<String> withoutFile(List<String> arguments) {
        List<String> rest = new ArrayList<>(arguments);
        int file = rest.indexOf("--properties-file");
        if (file >= 0) {
            rest.subList(file, file + 2).clear();
        }
        return rest;
    }

    /** Sees that a setting is one that Spark has. */
    static void isSetting(String key) {
        for (String prefix : PREFIXES) {
            if (key.startsWith(prefix)) {
                assertThat(key.substring(prefix.length())).isIn(OF_VOLUMES);
                return;
            }
        }
        loadSettings();
        assertThat(ConfigEntry.findEntry(key) != null || key.startsWith("spark.backdraft."))
                .as("Spark knows the setting " + key)
                .isTrue();
    }

    /** Spark's settings register themselves when their objects are made. */
    private static void loadSettings() {
        for (String name : List.of(
                "org.apache.spark.internal.config.package$",
                "org.apache.spark.internal.config.UI$",
                "org.apache.spark.internal.config.History$",
                "org.apache.spark.internal.config.Worker$",
                "org.apache.spark.internal.config.Deploy$",
                "org.apache.spark.internal.config.Network$",
                "org.apache.spark.deploy.k8s.Config$")) {
            assertThatCode(() -> Class.forName(name)).doesNotThrowAnyException();
        }
        assertThat(new SparkConf(false).contains("spark.master")).isFalse();
    }
}
