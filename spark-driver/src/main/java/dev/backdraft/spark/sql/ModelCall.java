package dev.backdraft.spark.sql;

import dev.backdraft.spark.data.NumberList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.mllib.linalg.VectorUDT;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.encoders.ExpressionEncoder;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.CreateArray;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.RuntimeReplaceable;
import org.apache.spark.sql.catalyst.expressions.ScalaUDF;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.trees.TreePattern;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import scala.Enumeration;
import scala.Option;
import scala.Some;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A call of a {@link ScoringFunction} in a query that is not planned yet. Spark replaces it when it plans the query, each time that
 * it does, and that is when the model is settled: all tasks of the query score with the model that the driver found then. Public
 * because Spark copies expressions by reflection.
 */
public final class ModelCall extends Expression implements RuntimeReplaceable {
    private static final long serialVersionUID = 1;

    private static final Seq<Option<ExpressionEncoder<?>>> NO_ENCODERS = // values come as Scala's types
            CollectionConverters.asScala(List.<Option<ExpressionEncoder<?>>>of())
                    .toSeq();

    private final ScoringFunction function;
    private final transient NamedModels models;
    private final Seq<Expression> arguments;

    /** For Spark, which copies expressions. */
    public ModelCall(ScoringFunction function, NamedModels models, Seq<Expression> arguments) {
        this.function = function;
        this.models = models;
        this.arguments = arguments;
    }

    @Override
    public Expression replacement() {
        QueryModels query = QueryModels.ofThisQuery(models);
        String model = constantModel();
        if (model != null) {
            query.settle(model);
        }
        return new ScalaUDF(
                new PredictFunction(function, query),
                function.type(),
                modelAndFeatures(),
                NO_ENCODERS,
                Option.empty(),
                new Some<>(function.text()),
                true,
                true);
    }

    /** The two arguments of {@link PredictFunction}: numbers of their own are put into an array. */
    private Seq<Expression> modelAndFeatures() {
        if (!hasNumbers()) {
            return arguments;
        }
        List<Expression> numbers = new ArrayList<>();
        for (int i = 1; i < arguments.size(); i++) {
            numbers.add(new Cast(arguments.apply(i), DataTypes.DoubleType, Option.empty(), Cast.apply$default$4()));
        }
        Expression array = new CreateArray(CollectionConverters.asScala(numbers).toSeq(), false);
        return CollectionConverters.asScala(List.of(arguments.apply(0), array)).toSeq();
    }

    /** Whether the features are numbers, one an argument. */
    private boolean hasNumbers() {
        return arguments.size() > 2 || isNumber(arguments.apply(1).dataType());
    }

    private static boolean isNumber(DataType type) {
        return type instanceof NumericType || type instanceof BooleanType;
    }

    /** The path or name, where it is the same for all rows and can be told now; else null. */
    private String constantModel() {
        Expression model = arguments.apply(0);
        if (!model.foldable()) {
            return null;
        }
        try {
            Object value = model.eval(null);
            return value == null ? null : value.toString();
        } catch (RuntimeException e) {
            return null; // an expression that Spark itself is yet to replace
        }
    }

    @Override
    public TypeCheckResult checkInputDataTypes() {
        DataType model = arguments.apply(0).dataType();
        DataType features = arguments.apply(1).dataType();
        if (model instanceof NullType) {
            return failure("the model is null: give the path of a file or a registered name");
        }
        if (!(model instanceof StringType)) {
            return failure(
                    "the model must be text, the path of a file or a registered name, not " + model.simpleString());
        }
        if (hasNumbers()) {
            return checkNumbers();
        }
        if (features instanceof VectorUDT) {
            return failure("the features are vectors of org.apache.spark.mllib: convert them by"
                    + " MLUtils.convertVectorColumnsToML, or one by asML");
        }
        boolean nulls = features instanceof NullType
                || (features instanceof ArrayType array && array.elementType() instanceof NullType);
        return nulls || NumberList.isType(features)
                ? TypeCheckResult.TypeCheckSuccess$.MODULE$
                : failure("the features must be a vector, an array of numbers, or several numbers, not "
                        + features.simpleString());
    }

    private TypeCheckResult checkNumbers() {
        for (int i = 1; i < arguments.size(); i++) {
            DataType type = arguments.apply(i).dataType();
            if (!isNumber(type) && !(type instanceof NullType)) {
                return failure("argument " + (i + 1) + " must be a number, as features are given one by one, not "
                        + type.simpleString());
            }
        }
        return TypeCheckResult.TypeCheckSuccess$.MODULE$;
    }

    private TypeCheckResult failure(String message) {
        return new TypeCheckResult.TypeCheckFailure(function.text() + ": " + message);
    }

    @Override
    public DataType dataType() {
        return function.type();
    }

    @Override
    public boolean nullable() {
        return true;
    }

    @Override
    public String prettyName() {
        return function.text();
    }

    @Override
    public Seq<Expression> children() {
        return arguments;
    }

    @Override
    public Expression withNewChildrenInternal(IndexedSeq<Expression> newChildren) {
        return new ModelCall(function, models, newChildren);
    }

    @Override
    public Seq<Enumeration.Value> nodePatterns() {
        return CollectionConverters.asScala(List.of(TreePattern.RUNTIME_REPLACEABLE()))
                .toSeq();
    }

    @Override
    @SuppressWarnings("checkstyle:MethodName")
    public void org$apache$spark$sql$catalyst$expressions$RuntimeReplaceable$_setter_$nodePatterns_$eq(
            Seq<Enumeration.Value> ignored) {}

    @Override
    public Object eval(InternalRow row) {
        throw new UnsupportedOperationException(function.text() + " is replaced when the query is planned");
    }

    @Override
    public ExprCode doGenCode(CodegenContext context, ExprCode code) {
        throw new UnsupportedOperationException(function.text() + " is replaced when the query is planned");
    }

    @Override
    public Expression canonicalized() {
        return super.canonicalized();
    }

    @Override
    public int productArity() {
        return 3;
    }

    @Override
    public Object productElement(int index) {
        return switch (index) {
            case 0 -> function;
            case 1 -> models;
            case 2 -> arguments;
            default -> throw new IndexOutOfBoundsException(index);
        };
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof ModelCall;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ModelCall call
                && function == call.function
                && models == call.models
                && arguments.equals(call.arguments);
    }

    @Override
    public int hashCode() {
        return Objects.hash(function, arguments);
    }
}
