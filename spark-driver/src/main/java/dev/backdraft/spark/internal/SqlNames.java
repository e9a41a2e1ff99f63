package dev.backdraft.spark.internal;

import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.internal.SQLConf;
import scala.jdk.javaapi.CollectionConverters;

/** How Spark SQL reads the name of a column. */
public final class SqlNames {
    private SqlNames() {}

    /** Whether upper and lower case differ in the session of this thread. */
    public static boolean isCaseSensitive() {
        return SQLConf.get().caseSensitiveAnalysis();
    }

    /** The column of this very name, dots and all. */
    public static Column column(String name) {
        return functions.col("`" + name.replace("`", "``") + "`");
    }

    /** The parts of a name between its dots, without backticks; a name that Spark cannot read is one part. */
    public static List<String> parts(String name) {
        try {
            return CollectionConverters.asJava(UnresolvedAttribute.parseAttributeName(name));
        } catch (Exception e) { // Spark throws a checked one that it does not declare
            if (e instanceof AnalysisException) {
                return List.of(name);
            }
            throw e;
        }
    }
}
