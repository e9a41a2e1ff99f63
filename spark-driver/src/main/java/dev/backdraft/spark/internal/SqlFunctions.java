package dev.backdraft.spark.internal;

import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import scala.Option;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractFunction1;

/**
 * Makes a {@link PlannedFunction} known to Spark SQL, which has no public way for functions that take part in planning.
 */
public final class SqlFunctions {
    private SqlFunctions() {}

    /**
     * What SQL knows of a function.
     *
     * @param text the name in SQL
     * @param usage for {@code DESCRIBE FUNCTION}
     * @param arguments what it takes, for the message when there are too few
     * @param function asked for each call, while its query is analyzed
     */
    public record Definition(
            String text, String usage, String arguments, Supplier<? extends PlannedFunction> function) {}

    /** Adds a function to the sessions of an application. */
    public static void inject(SparkSessionExtensions extensions, Definition definition) {
        extensions.injectFunction(
                new Tuple3<>(new FunctionIdentifier(definition.text()), info(definition), new Builder(definition)));
    }

    /** Registers a function in a session. */
    public static void register(SparkSession session, Definition definition) {
        ((org.apache.spark.sql.classic.SparkSession) session)
                .sessionState()
                .functionRegistry()
                .registerFunction(
                        identifier(session.version(), definition.text()), info(definition), new Builder(definition));
    }

    /** Since Spark 4.2 the functions of a session are in a namespace, {@code system.session}. */
    private static FunctionIdentifier identifier(String version, String text) {
        return isBefore(version, 4, 2)
                ? new FunctionIdentifier(text)
                : new FunctionIdentifier(text, Option.apply("session"), Option.apply("system"));
    }

    /** Whether a version of Spark is before one of these two numbers. */
    static boolean isBefore(String version, int major, int minor) {
        String[] numbers = version.split("\\D+", 3);
        int ofMajor = Integer.parseInt(numbers[0]);
        return ofMajor < major || (ofMajor == major && Integer.parseInt(numbers[1]) < minor);
    }

    private static ExpressionInfo info(Definition definition) {
        return new ExpressionInfo(
                FunctionCall.class.getName(),
                null,
                definition.text(),
                definition.usage(),
                "",
                "",
                "",
                "",
                "",
                "",
                "java_udf");
    }

    /** Makes the expression of a call. */
    private static final class Builder extends AbstractFunction1<Seq<Expression>, Expression> {
        private final Definition definition;

        Builder(Definition definition) {
            this.definition = definition;
        }

        @Override
        public Expression apply(Seq<Expression> arguments) {
            if (arguments.size() < 2) {
                throw new IllegalArgumentException(definition.text() + " takes " + definition.arguments() + ", but got "
                        + arguments.size() + (arguments.size() == 1 ? " argument" : " arguments"));
            }
            return new FunctionCall(definition.function().get(), arguments);
        }
    }
}
