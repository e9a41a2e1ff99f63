package dev.backdraft.spark.sql;

import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import scala.Option;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Adds the functions of {@link BackdraftFunctions} to every session, also in {@code spark-sql}, {@code spark-shell} and the
 * Thrift server: {@code --conf spark.sql.extensions=dev.backdraft.spark.sql.BackdraftExtensions}. Models are named by the path
 * of their file; a program may also register names.
 */
public final class BackdraftExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    /** For Spark, which creates it by name. */
    public BackdraftExtensions() {}

    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        for (ScoringFunction function : ScoringFunction.values()) {
            extensions.injectFunction(new Tuple3<>(
                    new FunctionIdentifier(function.text()),
                    info(function),
                    new Builder(function, BackdraftExtensions::activeNames)));
        }
        return BoxedUnit.UNIT;
    }

    /** Registers the functions in a session, with the models that have a name there. */
    static void register(SparkSession session, NamedModels models) {
        FunctionRegistry registry = ((org.apache.spark.sql.classic.SparkSession) session)
                .sessionState()
                .functionRegistry();
        for (ScoringFunction function : ScoringFunction.values()) {
            registry.registerFunction(
                    identifier(session, function), info(function), new Builder(function, () -> models));
        }
    }

    /** Those of the session whose query is analyzed: since Spark 4.2 an extension's function comes before a registered one. */
    private static NamedModels activeNames() {
        Option<SparkSession> session = SparkSession.getActiveSession();
        return session.isDefined() ? BackdraftFunctions.names(session.get()) : new NamedModels();
    }

    /** Since Spark 4.2 the functions of a session are in a namespace, {@code system.session}. */
    private static FunctionIdentifier identifier(SparkSession session, ScoringFunction function) {
        return isBefore(session.version(), 4, 2)
                ? new FunctionIdentifier(function.text())
                : new FunctionIdentifier(function.text(), Option.apply("session"), Option.apply("system"));
    }

    /** Whether a version of Spark is before one of these two numbers. */
    static boolean isBefore(String version, int major, int minor) {
        String[] numbers = version.split("\\D+", 3);
        int ofMajor = Integer.parseInt(numbers[0]);
        return ofMajor < major || (ofMajor == major && Integer.parseInt(numbers[1]) < minor);
    }

    private static ExpressionInfo info(ScoringFunction function) {
        return new ExpressionInfo(
                ModelCall.class.getName(), null, function.text(), function.usage(), "", "", "", "", "", "", "java_udf");
    }

    /** Makes the expression of a call. */
    private static final class Builder extends AbstractFunction1<Seq<Expression>, Expression> {
        private final ScoringFunction function;
        private final Supplier<NamedModels> models;

        Builder(ScoringFunction function, Supplier<NamedModels> models) {
            this.function = function;
            this.models = models;
        }

        @Override
        public Expression apply(Seq<Expression> arguments) {
            if (arguments.size() < 2) {
                throw new IllegalArgumentException(function.text()
                        + " takes a model and features, a vector, an array or several numbers, but got "
                        + arguments.size() + (arguments.size() == 1 ? " argument" : " arguments"));
            }
            return new ModelCall(function, models.get(), arguments);
        }
    }
}
