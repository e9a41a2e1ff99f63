package dev.backdraft.spark.data;

import dev.backdraft.data.InvalidValue;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Several numbers in one cell: an ML vector, or an array of numbers. */
public final class NumberList {
    private NumberList() {}

    /** Whether the cells of a column of this type are lists of numbers. */
    public static boolean isType(DataType type) {
        return isVector(type) || (type instanceof ArrayType array && array.elementType() instanceof NumericType);
    }

    /** Whether the cells of a column of this type are ML vectors. */
    static boolean isVector(DataType type) {
        return type.equals(SQLDataTypes.VectorType());
    }

    /** The numbers in a cell: NaN for one that is missing, none for a cell that is missing. May be the cell's own array; read only. */
    public static double[] doubles(Object cell) {
        if (cell instanceof Vector vector) {
            return vector.toArray();
        }
        List<?> numbers = cell == null ? List.of() : CollectionConverters.asJava((Seq<?>) cell);
        double[] doubles = new double[numbers.size()];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = numbers.get(i) instanceof Number number ? number.doubleValue() : Double.NaN;
        }
        return doubles;
    }

    /** The numbers in a cell as they are written, null for one that is missing; the cell must not be missing. */
    public static List<?> elements(Object cell) {
        return cell instanceof Vector vector
                ? Arrays.stream(vector.toArray()).boxed().toList()
                : CollectionConverters.asJava((Seq<?>) cell);
    }

    /** A number in a cell as it is written, null for one that is missing. */
    public static Object element(Object cell, int index) {
        return cell instanceof Vector vector
                ? (Object) vector.apply(index)
                : CollectionConverters.asJava((Seq<?>) cell).get(index);
    }

    /** Why an array of numbers cannot be used: one is missing or not a finite float, or there are none; null when it can be. */
    static InvalidValue invalid(Object cell) {
        double[] doubles = doubles(cell);
        for (int i = 0; i < doubles.length; i++) {
            InvalidValue invalid = InvalidValue.of(doubles[i]);
            if (invalid != null) {
                return element(cell, i) == null ? InvalidValue.MISSING : invalid;
            }
        }
        return doubles.length == 0 ? InvalidValue.MISSING : null;
    }
}
