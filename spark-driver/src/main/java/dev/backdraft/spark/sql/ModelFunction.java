package dev.backdraft.spark.sql;

import dev.backdraft.spark.data.FrameCells;
import dev.backdraft.spark.data.NumberList;
import dev.backdraft.spark.internal.PlannedFunction;
import java.util.List;
import java.util.Objects;
import org.apache.spark.mllib.linalg.VectorUDT;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.runtime.AbstractFunction2;

/**
 * A {@link ScoringFunction} with the models that have a name. When a query is planned, the model is settled: all tasks
 * of the query score with the model that the driver found then.
 */
final class ModelFunction implements PlannedFunction {
    private static final long serialVersionUID = 1;

    private final ScoringFunction function;
    private final transient NamedModels models; // the driver plans queries

    ModelFunction(ScoringFunction function, NamedModels models) {
        this.function = function;
        this.models = models;
    }

    @Override
    public String text() {
        return function.text();
    }

    @Override
    public DataType type() {
        return function.type();
    }

    @Override
    public AbstractFunction2<Object, Object, Object> plan(String model) {
        QueryModels query = QueryModels.ofThisQuery(models);
        if (model != null) {
            query.settle(model);
        }
        return new PredictFunction(function, query, FrameCells.zone());
    }

    @Override
    public Rest rest(List<DataType> arguments) {
        List<DataType> features = arguments.subList(1, arguments.size());
        if (features.size() == 1 && !isNumber(features.get(0))) {
            return Rest.ONE;
        }
        return features.stream().allMatch(type -> isNumber(type) || type instanceof NullType) ? Rest.NUMBERS : Rest.ROW;
    }

    private static boolean isNumber(DataType type) {
        return type instanceof NumericType || type instanceof BooleanType;
    }

    @Override
    public String refusal(List<DataType> arguments) {
        DataType model = arguments.get(0);
        DataType features = arguments.get(1);
        if (model instanceof NullType) {
            return "the model is null: give the path of a file or a registered name";
        }
        if (!(model instanceof StringType)) {
            return "the model must be text, the path of a file or a registered name, not " + model.simpleString();
        }
        if (rest(arguments) != Rest.ONE) {
            return refusalOfCells(arguments);
        }
        if (features instanceof StructType row) {
            return refusalOfRow(row);
        }
        if (features instanceof VectorUDT) {
            return "the features are vectors of org.apache.spark.mllib: convert them by"
                    + " MLUtils.convertVectorColumnsToML, or one by asML";
        }
        boolean nulls = features instanceof NullType
                || (features instanceof ArrayType array && array.elementType() instanceof NullType);
        return nulls || NumberList.isType(features)
                ? null
                : "the features must be a vector, an array of numbers, or several numbers, texts or dates, not "
                        + features.simpleString();
    }

    private static String refusalOfCells(List<DataType> arguments) {
        for (int i = 1; i < arguments.size(); i++) {
            if (!isCell(arguments.get(i))) {
                return "argument " + (i + 1)
                        + " must be a number, text, date or list of numbers, as features are given one by one, not "
                        + arguments.get(i).simpleString();
            }
        }
        return null;
    }

    private static String refusalOfRow(StructType row) {
        for (StructField field : row.fields()) {
            if (!isCell(field.dataType())) {
                return "field '" + field.name() + "' must be a number, text, date or list of numbers, not "
                        + field.dataType().simpleString();
            }
        }
        return null;
    }

    private static boolean isCell(DataType type) {
        return FrameCells.isType(type) || type instanceof NullType;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ModelFunction that && function == that.function && models == that.models;
    }

    @Override
    public int hashCode() {
        return Objects.hash(function);
    }
}
