package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.spark.storage.HadoopFileSystems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code spark.hadoop.*} says holds for reading and writing, with and without Spark. */
@Tag("slow")
class HadoopSettingsTest {
    private static final String MOUNT =
            "spark.hadoop.fs.viewfs.mounttable.backdraft.link./d"; // nobody else uses this table
    private static final String SETTING = "spark.hadoop.backdraft.test";

    private static final String WATCHED = "spark.ui.enabled";

    @TempDir
    private Path directory;

    @AfterEach
    void clear() {
        System.clearProperty(MOUNT);
        System.clearProperty(SETTING);
        System.clearProperty(WATCHED);
    }

    @Test
    void aMountedFileSystemIsReadAndWrittenOnEveryRoute() throws IOException {
        System.setProperty(MOUNT, directory.toUri().toString());
        Shell shell = new Shell(directory);
        shell.points("points.csv", 40);
        String mounted = "viewfs://backdraft/d/";
        try (SparkSession spark = Sessions.start("local[2]")) {
            spark.read()
                    .option("header", true)
                    .option("inferSchema", true)
                    .csv(shell.name("points.csv"))
                    .write()
                    .parquet(shell.name("points.parquet"));
        }
        shell.trains(shell.path("points.csv"));
        String hash = shell.hash("run");

        for (String[] variant : new String[][] {
            {"points.csv", "local"}, {"points.csv", "job"}, {"points.parquet", "local"}, {"points.parquet", "job"}
        }) {
            shell.trains(
                    shell.path("points.csv"),
                    "--data",
                    mounted + variant[0],
                    "--aggregation",
                    variant[1],
                    "--out",
                    mounted + "out",
                    "--overwrite");
            assertThat(shell.hash("out")).as(String.join(" ", variant)).isEqualTo(hash);
        }
        for (String watched : new String[] {"false", "true"}) {
            System.setProperty(WATCHED, watched); // on Spark, too
            for (String data : new String[] {"points.csv", "points.parquet"}) {
                shell.succeed(
                        "predict",
                        "--model",
                        mounted + "out",
                        "--data",
                        mounted + data,
                        "--out",
                        mounted + "predictions.csv",
                        "--overwrite");
                assertThat(Files.readAllLines(shell.path("predictions.csv"))).hasSize(41);
                shell.succeed("evaluate", "--model", mounted + "out/model.backdraft", "--data", mounted + data);
                assertThat(shell.out()).contains("rows: 40");
            }
        }
    }

    @Test
    void settingsAreSeenBeforeInAndBesideASession() throws IOException {
        System.setProperty(SETTING, "here");
        assertThat(HadoopFileSystems.configuration().get("backdraft.test")).isEqualTo("here");
        try (SparkSession spark = Sessions.start("local[1]")) {
            spark.sparkContext().hadoopConfiguration().set("backdraft.test", "changed");
            assertThat(HadoopFileSystems.configuration().get("backdraft.test")).isEqualTo("changed");
            System.clearProperty(SETTING);
            SparkSession.clearDefaultSession(); // as a program has none that works with RDDs only
            assertThat(HadoopFileSystems.configuration().get("backdraft.test")).isEqualTo("changed");
        }
        assertThat(HadoopFileSystems.configuration().get("backdraft.test")).isNull();
    }
}
