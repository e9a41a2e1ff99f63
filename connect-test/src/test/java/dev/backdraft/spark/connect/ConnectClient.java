package dev.backdraft.spark.connect;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.spark.connect.proto.Command;
import org.apache.spark.connect.proto.DataType;
import org.apache.spark.connect.proto.Doubles;
import org.apache.spark.connect.proto.ExecutePlanRequest;
import org.apache.spark.connect.proto.ExecutePlanResponse;
import org.apache.spark.connect.proto.Expression.Literal;
import org.apache.spark.connect.proto.Fetch;
import org.apache.spark.connect.proto.MlCommand;
import org.apache.spark.connect.proto.MlCommandResult;
import org.apache.spark.connect.proto.MlOperator;
import org.apache.spark.connect.proto.MlOperator.OperatorType;
import org.apache.spark.connect.proto.MlParams;
import org.apache.spark.connect.proto.MlRelation;
import org.apache.spark.connect.proto.ObjectRef;
import org.apache.spark.connect.proto.Plan;
import org.apache.spark.connect.proto.Relation;
import org.apache.spark.connect.proto.SQL;
import org.apache.spark.connect.proto.SparkConnectServiceGrpc;
import org.apache.spark.connect.proto.SparkConnectServiceGrpc.SparkConnectServiceBlockingStub;
import org.apache.spark.connect.proto.UserContext;
import org.apache.spark.connect.proto.WriteOperation;
import org.sparkproject.connect.grpc.ManagedChannel;
import org.sparkproject.connect.grpc.ManagedChannelBuilder;

/** The messages that PySpark sends to a Connect server when a program uses {@code pyspark.ml}. One session. */
final class ConnectClient implements AutoCloseable {
    private static final DataType INTEGER = DataType.newBuilder()
            .setInteger(DataType.Integer.getDefaultInstance())
            .build();
    private static final DataType STRING = DataType.newBuilder()
            .setString(DataType.String.getDefaultInstance())
            .build();

    private final ManagedChannel channel;
    private final SparkConnectServiceBlockingStub server;
    private final String session = UUID.randomUUID().toString();

    ConnectClient(int port) {
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
        server = SparkConnectServiceGrpc.newBlockingStub(channel);
    }

    /** Fits an estimator, and returns the server's name for the model. */
    String fit(Class<?> estimator, Map<String, Object> params, Relation rows) {
        MlCommand.Fit fit = MlCommand.Fit.newBuilder()
                .setEstimator(operator(estimator, OperatorType.OPERATOR_TYPE_ESTIMATOR))
                .setParams(params(params))
                .setDataset(rows)
                .build();
        return run(MlCommand.newBuilder().setFit(fit).build())
                .getOperatorInfo()
                .getObjRef()
                .getId();
    }

    double evaluate(Class<?> evaluator, Map<String, Object> params, Relation rows) {
        MlCommand.Evaluate evaluate = MlCommand.Evaluate.newBuilder()
                .setEvaluator(operator(evaluator, OperatorType.OPERATOR_TYPE_EVALUATOR))
                .setParams(params(params))
                .setDataset(rows)
                .build();
        return run(MlCommand.newBuilder().setEvaluate(evaluate).build())
                .getParam()
                .getDouble();
    }

    /** What a method of a model, or of what it returns, returns. */
    MlCommandResult fetch(String model, String... methods) {
        Fetch.Builder fetch = Fetch.newBuilder().setObjRef(ref(model));
        for (String method : methods) {
            fetch.addMethods(Fetch.Method.newBuilder().setMethod(method));
        }
        return run(MlCommand.newBuilder().setFetch(fetch).build());
    }

    /** What a method of a model says of one row of features. */
    @SuppressWarnings("deprecation") // the way of Spark 4.0, which later ones understand
    Literal predict(String model, String method, double... features) {
        Literal.Struct vector = Literal.Struct.newBuilder()
                .setStructType(DataType.newBuilder()
                        .setUdt(DataType.UDT
                                .newBuilder()
                                .setType("udt")
                                .setJvmClass("org.apache.spark.ml.linalg.VectorUDT")))
                .addElements(Literal.newBuilder().setByte(1)) // dense: neither size nor indices
                .addElements(Literal.newBuilder().setNull(INTEGER))
                .addElements(Literal.newBuilder().setNull(INTEGER))
                .addElements(Literal.newBuilder()
                        .setSpecializedArray(Literal.SpecializedArray.newBuilder()
                                .setDoubles(Doubles.newBuilder()
                                        .addAllValues(
                                                Arrays.stream(features).boxed().toList()))))
                .build();
        Fetch.Method.Args row = Fetch.Method.Args.newBuilder()
                .setParam(Literal.newBuilder().setStruct(vector))
                .build();
        return run(MlCommand.newBuilder()
                        .setFetch(Fetch.newBuilder()
                                .setObjRef(ref(model))
                                .addMethods(Fetch.Method.newBuilder()
                                        .setMethod(method)
                                        .addArgs(row)))
                        .build())
                .getParam();
    }

    double[] fetchDoubles(String model, String... methods) {
        return doubles(fetch(model, methods).getParam());
    }

    static double[] vector(Literal struct) {
        return doubles(struct.getStruct().getElements(3));
    }

    private static double[] doubles(Literal literal) {
        return literal.hasSpecializedArray()
                ? literal.getSpecializedArray().getDoubles().getValuesList().stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray()
                : literal.getArray().getElementsList().stream()
                        .mapToDouble(Literal::getDouble)
                        .toArray();
    }

    /** Saves a model. */
    void save(String model, String path) {
        run(MlCommand.newBuilder()
                .setWrite(MlCommand.Write.newBuilder()
                        .setObjRef(ref(model))
                        .setPath(path)
                        .build())
                .build());
    }

    /** Saves an estimator. */
    void save(Class<?> estimator, Map<String, Object> params, String path) {
        run(MlCommand.newBuilder()
                .setWrite(MlCommand.Write.newBuilder()
                        .setOperator(operator(estimator, OperatorType.OPERATOR_TYPE_ESTIMATOR))
                        .setParams(params(params))
                        .setPath(path))
                .build());
    }

    MlCommandResult.MlOperatorInfo load(Class<?> type, OperatorType kind, String path) {
        return run(MlCommand.newBuilder()
                        .setRead(MlCommand.Read.newBuilder()
                                .setOperator(operator(type, kind))
                                .setPath(path))
                        .build())
                .getOperatorInfo();
    }

    String loadModel(Class<?> type, String path) {
        return load(type, OperatorType.OPERATOR_TYPE_MODEL, path).getObjRef().getId();
    }

    /** Removes a model from the server. */
    void delete(String model) {
        run(MlCommand.newBuilder()
                .setDelete(MlCommand.Delete.newBuilder().addObjRefs(ref(model)))
                .build());
    }

    /** Removes a model from the server's memory, not from its disk. Since Spark 4.1. */
    void evict(String model) {
        run(MlCommand.newBuilder()
                .setDelete(MlCommand.Delete.newBuilder().addObjRefs(ref(model)).setEvictOnly(true))
                .build());
    }

    /** Has the summary of an evicted model read again. Since Spark 4.1. */
    boolean createSummary(String model, Relation rows) {
        return run(MlCommand.newBuilder()
                        .setCreateSummary(MlCommand.CreateSummary.newBuilder()
                                .setModelRef(ref(model))
                                .setDataset(rows))
                        .build())
                .getParam()
                .getBoolean();
    }

    /** Rows as a model scores them. */
    static Relation transform(String model, Map<String, Object> params, Relation rows) {
        return Relation.newBuilder()
                .setMlRelation(MlRelation.newBuilder()
                        .setTransform(MlRelation.Transform.newBuilder()
                                .setObjRef(ref(model))
                                .setParams(params(params))
                                .setInput(rows)))
                .build();
    }

    /** Rows as a transformer changes them. */
    static Relation transform(Class<?> transformer, Map<String, Object> params, Relation rows) {
        return Relation.newBuilder()
                .setMlRelation(MlRelation.newBuilder()
                        .setTransform(MlRelation.Transform.newBuilder()
                                .setTransformer(operator(transformer, OperatorType.OPERATOR_TYPE_TRANSFORMER))
                                .setParams(params(params))
                                .setInput(rows)))
                .build();
    }

    static Relation sql(String query) {
        return Relation.newBuilder().setSql(SQL.newBuilder().setQuery(query)).build();
    }

    /** Has rows written as Parquet. */
    void write(Relation rows, String path) {
        execute(Command.newBuilder()
                .setWriteOperation(WriteOperation.newBuilder()
                        .setInput(rows)
                        .setSource("parquet")
                        .setMode(WriteOperation.SaveMode.SAVE_MODE_ERROR_IF_EXISTS)
                        .setPath(path))
                .build());
    }

    private MlCommandResult run(MlCommand command) {
        return execute(Command.newBuilder().setMlCommand(command).build());
    }

    private MlCommandResult execute(Command command) {
        ExecutePlanRequest request = ExecutePlanRequest.newBuilder()
                .setSessionId(session)
                .setUserContext(UserContext.newBuilder().setUserId("test"))
                .setPlan(Plan.newBuilder().setCommand(command))
                .build();
        MlCommandResult result = MlCommandResult.getDefaultInstance();
        for (Iterator<ExecutePlanResponse> responses = server.executePlan(request); responses.hasNext(); ) {
            ExecutePlanResponse response = responses.next();
            result = response.hasMlCommandResult() ? response.getMlCommandResult() : result;
        }
        return result;
    }

    private static ObjectRef ref(String id) {
        return ObjectRef.newBuilder().setId(id).build();
    }

    private static MlOperator operator(Class<?> type, OperatorType kind) {
        return MlOperator.newBuilder()
                .setName(type.getName())
                .setUid("test")
                .setType(kind)
                .build();
    }

    private static MlParams params(Map<String, Object> params) {
        return MlParams.newBuilder()
                .putAllParams(new TreeMap<>(params)
                        .entrySet().stream()
                                .collect(Collectors.toMap(Map.Entry::getKey, param -> literal(param.getValue()))))
                .build();
    }

    private static Literal literal(Object value) {
        Literal.Builder literal = Literal.newBuilder();
        if (value instanceof Integer number) {
            literal.setInteger(number);
        } else if (value instanceof Double number) {
            literal.setDouble(number);
        } else if (value instanceof int[] numbers) {
            literal.setArray(array(INTEGER, Arrays.stream(numbers).boxed().toList()));
        } else if (value instanceof String[] texts) {
            literal.setArray(array(STRING, List.of(texts)));
        } else {
            literal.setString((String) value);
        }
        return literal.build();
    }

    @SuppressWarnings("deprecation") // the way of Spark 4.0, which later ones understand
    private static Literal.Array array(DataType type, List<?> elements) {
        return Literal.Array.newBuilder()
                .setElementType(type)
                .addAllElements(elements.stream().map(ConnectClient::literal).toList())
                .build();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
