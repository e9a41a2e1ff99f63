package dev.backdraft.spark.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.encoders.ExpressionEncoder;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.CreateArray;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.RuntimeReplaceable;
import org.apache.spark.sql.catalyst.expressions.ScalaUDF;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.trees.TreePattern;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.Enumeration;
import scala.Option;
import scala.Some;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A call of a {@link PlannedFunction} in a query that is not planned yet. Spark replaces it when it plans the query,
 * each time that it does. Public because Spark copies expressions by reflection.
 */
public final class FunctionCall extends Expression implements RuntimeReplaceable {
    private static final long serialVersionUID = 1;

    private static final Seq<Option<ExpressionEncoder<?>>> NO_ENCODERS = // values come as Scala's types
            CollectionConverters.asScala(List.<Option<ExpressionEncoder<?>>>of())
                    .toSeq();

    private final PlannedFunction function;
    private final Seq<Expression> arguments;

    /** For Spark, which copies expressions. */
    public FunctionCall(PlannedFunction function, Seq<Expression> arguments) {
        this.function = function;
        this.arguments = arguments;
    }

    @Override
    public Expression replacement() {
        return new ScalaUDF(
                function.plan(constant()),
                function.type(),
                firstAndRest(),
                NO_ENCODERS,
                Option.empty(),
                new Some<>(function.text()),
                true,
                true);
    }

    /** The two arguments of the call: several after the first become an array or a row. */
    private Seq<Expression> firstAndRest() {
        return switch (function.rest(types())) {
            case ONE -> arguments;
            case NUMBERS -> seq(List.of(arguments.apply(0), array()));
            case ROW -> seq(List.of(arguments.apply(0), row()));
        };
    }

    private Expression array() {
        List<Expression> numbers = new ArrayList<>();
        for (int i = 1; i < arguments.size(); i++) {
            numbers.add(new Cast(arguments.apply(i), DataTypes.DoubleType, Option.empty(), Cast.apply$default$4()));
        }
        return new CreateArray(seq(numbers), false);
    }

    private Expression row() {
        List<Expression> namesAndValues = new ArrayList<>();
        for (int i = 1; i < arguments.size(); i++) {
            namesAndValues.add(Literal.create("_" + i, DataTypes.StringType));
            namesAndValues.add(arguments.apply(i));
        }
        return new CreateNamedStruct(seq(namesAndValues));
    }

    private static Seq<Expression> seq(List<Expression> expressions) {
        return CollectionConverters.asScala(expressions).toSeq();
    }

    private List<DataType> types() {
        return CollectionConverters.asJava(arguments).stream()
                .map(Expression::dataType)
                .toList();
    }

    /** The first argument, where it is the same for all rows and can be told now; else null. */
    private String constant() {
        Expression first = arguments.apply(0);
        if (!first.foldable()) {
            return null;
        }
        try {
            Object value = first.eval(null);
            return value == null ? null : value.toString();
        } catch (RuntimeException e) {
            return null; // an expression that Spark itself is yet to replace
        }
    }

    @Override
    public TypeCheckResult checkInputDataTypes() {
        String refusal = function.refusal(types());
        return refusal == null
                ? TypeCheckResult.TypeCheckSuccess$.MODULE$
                : new TypeCheckResult.TypeCheckFailure(function.text() + ": " + refusal);
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
        return new FunctionCall(function, newChildren);
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
        return 2;
    }

    @Override
    public Object productElement(int index) {
        return switch (index) {
            case 0 -> function;
            case 1 -> arguments;
            default -> throw new IndexOutOfBoundsException(index);
        };
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof FunctionCall;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FunctionCall call && function.equals(call.function) && arguments.equals(call.arguments);
    }

    @Override
    public int hashCode() {
        return Objects.hash(function, arguments);
    }
}
