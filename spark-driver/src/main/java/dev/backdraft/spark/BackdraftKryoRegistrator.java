package dev.backdraft.spark;

import com.esotericsoftware.kryo.Kryo;
import dev.backdraft.data.DataException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.serializer.KryoRegistrator;

/**
 * Registers with Kryo all classes of ours that Spark sends or stores, for applications with {@code
 * spark.kryo.registrationRequired=true}: {@code --conf spark.kryo.registrator=dev.backdraft.spark.BackdraftKryoRegistrator}. An
 * application that has a registrator of its own lists both, separated by a comma. Not needed where registration is not required.
 */
public final class BackdraftKryoRegistrator implements KryoRegistrator {
    /** Some are not public, which is why they are here by name; each is also registered as an array's element. */
    private static final List<String> CLASSES = List.of(
            "dev.backdraft.column.ColumnKind",
            "dev.backdraft.column.ColumnScan",
            "dev.backdraft.column.ColumnTally",
            "dev.backdraft.column.RowSample",
            "dev.backdraft.column.RowSample$Entry",
            "dev.backdraft.data.Block",
            "dev.backdraft.data.CenteringScan",
            "dev.backdraft.data.CountingColumns",
            "dev.backdraft.data.DataScan",
            "dev.backdraft.data.DataScan$Split",
            "dev.backdraft.data.DataSummary",
            "dev.backdraft.data.ExactSum",
            "dev.backdraft.data.LabelCounts",
            "dev.backdraft.data.LabelScale",
            "dev.backdraft.data.LabelSummary",
            "dev.backdraft.data.LabelSummary$Place",
            "dev.backdraft.data.Moments",
            "dev.backdraft.data.RowKey",
            "dev.backdraft.data.RowsFingerprint",
            "dev.backdraft.data.SkippedRows",
            "dev.backdraft.metric.AbsoluteErrors",
            "dev.backdraft.metric.BinaryScores",
            "dev.backdraft.metric.Calibration",
            "dev.backdraft.metric.ClassCounts",
            "dev.backdraft.metric.ClassRanks",
            "dev.backdraft.metric.ConfusionMatrix",
            "dev.backdraft.metric.Deviances",
            "dev.backdraft.metric.MetricSums",
            "dev.backdraft.metric.PredictionKind",
            "dev.backdraft.metric.PredictionSums",
            "dev.backdraft.metric.ProbabilityErrors",
            "dev.backdraft.metric.QuantileErrors",
            "dev.backdraft.metric.ValueErrors",
            "dev.backdraft.metric.WeightedFloats",
            "dev.backdraft.network.LossSum",
            "dev.backdraft.evaluate.EvaluationSums",
            "dev.backdraft.spark.data.PartSum",
            "dev.backdraft.spark.data.SharedRows",
            "dev.backdraft.spark.engine.JobWorkers",
            "dev.backdraft.spark.score.SharedModel",
            "dev.backdraft.spark.score.SparkEvaluation$Part",
            "dev.backdraft.spark.score.SparkPredictions$Part");

    @Override
    public void registerClasses(Kryo kryo) {
        for (String name : CLASSES) {
            Class<?> type = find(name);
            kryo.register(type);
            kryo.register(type.arrayType());
        }
        for (Class<?> type : List.of(
                byte[].class,
                byte[][].class,
                boolean[].class,
                double[].class,
                double[][].class,
                float[].class,
                float[][].class,
                int[].class,
                long[].class,
                long[][].class,
                ArrayList.class,
                HashMap.class,
                TreeMap.class,
                TreeSet.class)) {
            kryo.register(type);
        }
        kryo.register(DataException.class, new DataExceptionSerializer());
    }

    private static Class<?> find(String name) {
        try {
            return Class.forName(name, false, BackdraftKryoRegistrator.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("the jars of Backdraft are not of one version: " + e.getMessage(), e);
        }
    }
}
