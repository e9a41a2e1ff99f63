package dev.backdraft.spark.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.network.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model on a file system that Spark's Hadoop settings name, given at the start or later. */
@Tag("slow")
class ModelOnMountTest {
    @TempDir
    private Path directory;

    @Test
    void settingsOfTheStartAndLaterOnesFindTheModel() throws IOException {
        Network network = Network.perceptron(new Tanh(), 2, 1);
        float[] parameters = {2, -1, 1}; // 2 a - b + 1
        ModelFile.write(
                new Model(network, new SquaredError(), Preprocessing.none(), parameters, Map.of()),
                directory.resolve("line.backdraft"));
        String table = "fs.viewfs.mounttable.";
        String mounted = directory.toUri().toString();
        try (SparkSession spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.hadoop." + table + "early.link./d", mounted)
                .getOrCreate()) {
            BackdraftFunctions.register(spark);
            spark.sparkContext().hadoopConfiguration().set(table + "late.link./d", mounted);
            for (String host : new String[] {"early", "late"}) {
                String query = "select backdraft_predict('viewfs://" + host + "/d/line.backdraft', array(3d, 1d))";
                assertThat(spark.sql(query).first().<Double>getList(0)).containsExactly(6.0);
            }
        }
    }
}
