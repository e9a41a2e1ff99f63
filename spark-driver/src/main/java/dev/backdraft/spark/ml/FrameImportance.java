package dev.backdraft.spark.ml;

import dev.backdraft.data.RowEncoder;
import dev.backdraft.explain.GradientTimesInput;
import dev.backdraft.explain.ImportanceRows;
import dev.backdraft.explain.Importances;
import dev.backdraft.explain.PermutationImportance;
import dev.backdraft.model.Model;
import dev.backdraft.spark.data.DataFrameRows;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.data.ListColumns;
import dev.backdraft.spark.explain.SparkImportance;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/** The importance of the features of a model, on the rows of a DataFrame with the columns that the model's parameters name. */
final class FrameImportance {
    private static final long SEED = 42; // of the choice of rows

    private final Dataset<Row> frame;
    private final NeuralNetworkParams params;
    private final Model model;

    FrameImportance(Dataset<?> data, NeuralNetworkParams params, Model model) {
        frame = Columns.selectLabelled(data, params, List.of());
        this.params = params;
        boolean text = Columns.type(frame.schema(), params.getLabelCol()) instanceof StringType;
        this.model = text ? model : withIndices(model);
    }

    /** The model for labels that are the indices of classes, even if the classes have names. */
    private static Model withIndices(Model model) {
        return model.withPreprocessing(model.preprocessing().withClassNames(List.of()));
    }

    Importances of(PermutationImportance settings, int mostRows) {
        return SparkImportance.permutation(spark(), settings, model, rows(mostRows));
    }

    Importances of(GradientTimesInput settings, int mostRows) {
        return settings.of(model, rows(mostRows));
    }

    private ImportanceRows rows(int mostRows) {
        RowEncoder table = model.preprocessing().columns();
        StructType schema = table == null
                ? frame.schema()
                : ListColumns.sized(frame.schema(), Columns.features(frame.schema(), params), table.columns());
        DataFrameRows columns = Columns.labelled(schema, params, table != null)
                .withWidth(model.network().inputSize());
        ExampleRdd all =
                Columns.onScale(columns.of(frame), params, model.preprocessing().labelScale());
        return SparkImportance.rows(spark(), model, all, SEED, mostRows);
    }

    private JavaSparkContext spark() {
        return JavaSparkContext.fromSparkContext(frame.sparkSession().sparkContext());
    }
}
