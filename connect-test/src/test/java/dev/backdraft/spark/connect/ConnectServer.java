package dev.backdraft.spark.connect;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connect.service.SparkConnectService$;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import scala.Option;

/** A Spark application with a Connect server, for all tests of a class, and a client of it. */
final class ConnectServer implements BeforeAllCallback, AfterAllCallback {
    private SparkSession session;
    private ConnectClient client;

    @Override
    public void beforeAll(ExtensionContext context) {
        session = SparkSession.builder()
                .master("local[2]")
                .appName("connect-test")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.connect.grpc.binding.address", "127.0.0.1")
                .config("spark.connect.grpc.binding.port", "0")
                .getOrCreate();
        session.sparkContext().setLogLevel("WARN");
        SparkConnectService$.MODULE$.start(session.sparkContext());
        client = new ConnectClient(SparkConnectService$.MODULE$.localPort());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        client.close();
        SparkConnectService$.MODULE$.stop(Option.empty(), Option.empty());
        session.stop();
    }

    ConnectClient client() {
        return client;
    }

    /** The session beside the server's own: what it makes is what a program without Connect would have. */
    SparkSession session() {
        return session;
    }

    /** Whether the server keeps models on its disk, too. */
    boolean keepsModelsOnDisk() {
        return !session.version().startsWith("4.0.");
    }

    /** Rows of three classes, {@code label}, {@code text}, {@code features} and its elements {@code a} and {@code b}. */
    Dataset<Row> rows(Path directory, int count, long seed) {
        String path = directory.resolve("rows-" + count + "-" + seed).toString();
        if (!Files.exists(Path.of(path))) {
            Random random = new Random(seed);
            List<Row> list = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int label = i % 3;
                double a = label + 0.3 * random.nextGaussian();
                double b = label * label - 2 * label + 0.3 * random.nextGaussian();
                list.add(RowFactory.create((double) label, "class " + label, Vectors.dense(a, b), a, b, i % 2));
            }
            StructType schema = new StructType()
                    .add("label", DataTypes.DoubleType)
                    .add("text", DataTypes.StringType)
                    .add("features", SQLDataTypes.VectorType())
                    .add("a", DataTypes.DoubleType)
                    .add("b", DataTypes.DoubleType)
                    .add("fold", DataTypes.IntegerType);
            session.createDataFrame(list, schema).repartition(2).write().parquet(path);
        }
        return session.read().parquet(path);
    }
}
