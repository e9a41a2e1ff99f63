package dev.backdraft.spark.internal;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import scala.runtime.AbstractFunction2;

/**
 * A function of Spark SQL with two or more arguments, whose call is created each time that Spark plans a query with it.
 */
public interface PlannedFunction extends Serializable {
    /** The name in SQL. */
    String text();

    /** The type of what it returns. */
    DataType type();

    /** Why it cannot be called with arguments of these types; null when it can. */
    String refusal(List<DataType> arguments);

    /** How a call takes its arguments after the first. */
    enum Rest {
        /** There is one, which is taken as it is. */
        ONE,

        /** Numbers, as one array of doubles. */
        NUMBERS,

        /** Anything, as one row, whose columns have no names of their own. */
        ROW
    }

    /** How the arguments after the first are taken. */
    Rest rest(List<DataType> arguments);

    /**
     * The call of a query that is planned now.
     *
     * @param constant the first argument, when it is the same for all rows and can be told now; else null
     * @return called with the first argument, and the second, the array or the row
     */
    AbstractFunction2<Object, Object, Object> plan(String constant);
}
