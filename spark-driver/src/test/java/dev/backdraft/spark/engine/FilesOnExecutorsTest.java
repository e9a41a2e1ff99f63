package dev.backdraft.spark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.DataException;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.data.file.CsvFormat;
import dev.backdraft.data.file.CsvSchema;
import dev.backdraft.data.file.DataFile;
import dev.backdraft.data.file.ExampleFiles;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.storage.HadoopFile;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.engine.PreparedTraining;
import dev.backdraft.train.local.LocalTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors in JVMs of their own read files as the driver would: by Spark's Hadoop settings and the format that was chosen. */
@Tag("slow")
class FilesOnExecutorsTest {
    private static final CsvFormat FORMAT = new CsvFormat(CsvFormat.DETECT, CsvFormat.Header.NONE);
    private static final CsvSchema SCHEMA = CsvSchema.of(List.of("c1", "c2", "c3"), null, null);
    private static final TrainingRequest REQUEST = TrainingRequest.of(
            Network.perceptron(new Tanh(), 2, 3, 1),
            TrainingConfig.standard().withBatchSize(4).withEpochs(2));

    @TempDir
    private Path directory;

    private static ExampleSource source(Function<String, DataFile> file) {
        return ExampleFiles.csv(List.of(file.apply("a.csv"), file.apply("b.csv"), file.apply("c.csv")), SCHEMA, FORMAT);
    }

    @Test
    void executorsReadWhatTheDriverReads() throws IOException {
        Files.writeString(directory.resolve("a.csv"), "1;2;3\n2;1;4\n0.5;1;2\n");
        Files.writeString(directory.resolve("b.csv"), "");
        Files.writeString(directory.resolve("c.csv"), "3;2;5\n1;1;1\n");
        ExampleSource here = source(name -> DataFile.local(directory.resolve(name)));
        ExampleSource mounted = source(name -> new HadoopFile("viewfs://executors/d/" + name));
        Model expected = LocalTraining.train(REQUEST, here, null, 1, List.of());

        SparkConf conf = Clusters.conf(2, 1)
                .set(
                        "spark.hadoop.fs.viewfs.mounttable.executors.link./d",
                        directory.toUri().toString());
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            SparkTraining training = new SparkTraining(spark, Aggregation.JOB);
            try (PreparedTraining prepared = training.prepare(REQUEST, ExampleRdd.of(spark, mounted), null)) {
                assertThat(prepared.train(TrainingStart.fromScratch(), List.of())
                                .weightsSha256())
                        .isEqualTo(expected.weightsSha256());
            }

            ExampleRdd otherOrder = ExampleRdd.of(
                    spark,
                    ExampleFiles.csv(
                            List.of(DataFile.local(directory.resolve("a.csv"))),
                            CsvSchema.forFeatures(List.of("c1", "c2", "c3"), List.of("c2", "c1"), "c3"),
                            FORMAT));
            assertThatThrownBy(() -> training.prepare(REQUEST, ExampleRdd.of(spark, here), otherOrder))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith("feature 1 is 'c2' in the validation rows");

            Files.delete(directory.resolve("c.csv"));
            assertThatThrownBy(() -> training.prepare(REQUEST, ExampleRdd.of(spark, here), null))
                    .hasStackTraceContaining("c.csv: no such file on host ");
        }
    }
}
