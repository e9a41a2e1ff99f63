/**
 * Models as functions of Spark SQL: {@code backdraft_predict('model', features)}.
 *
 * <p>Start with {@link dev.backdraft.spark.sql.BackdraftFunctions}. May depend on {@code score}, {@code data} and {@code core}.
 */
package dev.backdraft.spark.sql;
