/**
 * Models as functions of Spark SQL: {@code backdraft_predict('model', features)}.
 *
 * <p>Start with {@link dev.backdraft.spark.sql.BackdraftFunctions}.
 */
package dev.backdraft.spark.sql;
