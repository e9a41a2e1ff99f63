package dev.backdraft.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.activation.Activations;
import dev.backdraft.activation.Identity;
import dev.backdraft.activation.Relu;
import dev.backdraft.activation.Sigmoid;
import dev.backdraft.activation.Tanh;
import dev.backdraft.initializer.GlorotUniform;
import dev.backdraft.initializer.HeNormal;
import dev.backdraft.initializer.Initializer;
import dev.backdraft.initializer.Initializers;
import dev.backdraft.initializer.Zeros;
import dev.backdraft.json.JsonText;
import dev.backdraft.layer.Add;
import dev.backdraft.layer.Concatenate;
import dev.backdraft.layer.Dense;
import dev.backdraft.layer.Elementwise;
import dev.backdraft.layer.Layers;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A network comes back from its JSON; people may leave out what follows from the rest, and contradictions are refused. */
class NetworkJsonTest {
    private static final String RELU = "{\"type\":\"dense\",\"outputSize\":5},\"relu\"";

    private static Network read(String json) {
        return NetworkJson.read(JsonText.read(json), 0);
    }

    private static Network layers(int inputSize, String... layers) {
        return read("{\"inputSize\":" + inputSize + ",\"layers\":[" + String.join(",", layers) + "]}");
    }

    static Stream<Network> networks() {
        return Stream.of(
                        chains(),
                        Activations.CATALOG.all().stream().map(activation -> Network.perceptron(activation, 3, 4, 2)),
                        Initializers.CATALOG.all().stream()
                                .map(start -> new Network(List.of(new Dense(2, 3, true, start, start)))),
                        Layers.CATALOG.all().stream()
                                .map(layer ->
                                        new Network(List.of(layer, new Dense(layer.outputSize(), 2, new HeNormal())))),
                        graphs())
                .flatMap(some -> some);
    }

    private static Stream<Network> chains() {
        return Stream.of(
                Network.perceptron(new Tanh(), 2, 1),
                new Network(List.of(new Dense(3, 2, false, new HeNormal(), new GlorotUniform()))),
                new Network(List.of(new Concatenate(3), new Elementwise(new Sigmoid(), 3))),
                new Network(List.of(new Add(2, 3))));
    }

    static Stream<Network> graphs() {
        Dense three = new Dense(3, 3, new HeNormal());
        return Stream.of(
                Network.builder(3)
                        .residual(block -> block.dense(4).activation(new Relu()).dense(3))
                        .dense(2)
                        .build(),
                Network.builder(2)
                        .residual(
                                outer -> outer.residual(inner -> inner.dense(2)).activation(new Tanh()))
                        .build(),
                Network.builder(2).from(Network.INPUT, Network.INPUT).dense(3).build(),
                Network.builder(2)
                        .concatenation(Network.INPUT, Network.INPUT, Network.INPUT)
                        .dense(1)
                        .build(),
                Network.builder(2)
                        .addition(Network.INPUT, Network.INPUT)
                        .dense(1)
                        .build(),
                Network.builder(3)
                        .dense(4)
                        .dense(4)
                        .from(0)
                        .dense(2)
                        .from(1, 2, 0, Network.INPUT)
                        .dense(5)
                        .build(),
                new Network(List.of(three, three, new Add(3, 3)), List.of(List.of(-1), List.of(0), List.of(0, 1, 0))),
                new Network(
                        List.of(three, three, three, new Concatenate(9)),
                        List.of(List.of(-1), List.of(-1), List.of(-1), List.of(2, 0, 1))));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void whatIsWrittenIsReadAgain(Network network) {
        ObjectNode json = NetworkJson.write(network);

        assertThat(NetworkJson.read(json, 0)).isEqualTo(network);
        assertThat(read(json.toString())).as("as text").isEqualTo(network);
        assertThat(NetworkJson.readWritten(JsonText.read(json.toString())))
                .as("from a file")
                .isEqualTo(network);
        assertThat(NetworkJson.write(read(json.toString()))).isEqualTo(json);
    }

    @ParameterizedTest
    @CsvSource({"lecun-uniform, xavier-uniform", "lecun-normal, xavier-normal"})
    void aFileMayHaveTheEarlierNameOfAnInitializer(String present, String earlier) {
        Initializer initializer = Initializers.CATALOG.named(present);
        Network network = new Network(List.of(new Dense(2, 3, true, initializer, initializer)));
        String json = NetworkJson.write(network).toString().replace(present, earlier);
        assertThat(json).contains(earlier);
        assertThat(NetworkJson.readWritten(JsonText.read(json))).isEqualTo(network);
    }

    @Test
    void nothingIsLeftOutWhenWritten() {
        assertThat(NetworkJson.write(Network.builder(2)
                        .dense(3)
                        .activation(new Relu())
                        .from(0, 1)
                        .dense(1)
                        .build()))
                .hasToString(
                        """
                        {"inputSize":2,"layers":[\
                        {"type":"dense","inputSize":2,"outputSize":3,"bias":true,"initializer":"he-normal","biasInitializer":"zeros"},\
                        {"type":"activation","function":"relu","size":3},\
                        {"type":"dense","inputSize":6,"outputSize":1,"bias":true,"initializer":"glorot-uniform",\
                        "biasInitializer":"zeros","inputs":[0,1]}]}""");
    }

    @Test
    void sizesFollowFromTheLayerBefore() {
        assertThat(layers(4, RELU, "{\"type\":\"dense\",\"outputSize\":2}"))
                .isEqualTo(Network.perceptron(new Relu(), 4, 5, 2));
        assertThat(layers(4, "\"dense:outputSize=5\"", "\"relu\"", "\"dense:outputSize=2\""))
                .isEqualTo(Network.perceptron(new Relu(), 4, 5, 2));
        assertThat(layers(4, "{\"type\":\"activation\",\"function\":\"tanh\"}"))
                .isEqualTo(new Network(List.of(new Elementwise(new Tanh(), 4))));
    }

    @Test
    void theSizeOfTheInputFollowsFromTheFirstLayerOrTheData() {
        Network expected = Network.perceptron(new Relu(), 4, 2);
        assertThat(read("{\"layers\":[{\"type\":\"dense\",\"inputSize\":4,\"outputSize\":2}]}"))
                .isEqualTo(expected);
        assertThat(NetworkJson.read(JsonText.read("{\"layers\":[{\"type\":\"dense\",\"outputSize\":2}]}"), 4))
                .isEqualTo(expected);
        assertThat(read("{\"layers\":[{\"type\":\"add\",\"size\":2,\"count\":3,\"name\":\"a\"}]}")
                        .inputSize())
                .isEqualTo(6);
        assertThatThrownBy(() -> read("{\"layers\":[{\"type\":\"dense\",\"outputSize\":2}]}"))
                .hasMessage("the number of features is missing: give the network an \"inputSize\"");
        assertThatThrownBy(() -> read("{\"layers\":[\"relu\"]}"))
                .hasMessageContaining("the number of features is missing");
    }

    @Test
    void weightsStartAsTheActivationBehindThemLikes() {
        Network network = layers(
                4,
                RELU,
                "{\"type\":\"dense\",\"outputSize\":2}",
                "\"tanh\"",
                "{\"type\":\"dense\",\"outputSize\":2,\"initializer\":\"zeros\"}");

        assertThat(((Dense) network.layers().get(0)).initializer()).isEqualTo(new Relu().initializer());
        assertThat(((Dense) network.layers().get(2)).initializer()).isEqualTo(new Tanh().initializer());
        assertThat(((Dense) network.layers().get(4)).initializer()).isEqualTo(new Zeros());
    }

    @Test
    void aResidualBlockAddsItsInput() {
        Network expected = Network.builder(5)
                .activation(new Tanh())
                .residual(block -> block.dense(5).activation(new Relu()))
                .dense(1)
                .build();

        assertThat(layers(5, "\"tanh\"", "{\"type\":\"residual\",\"layers\":[" + RELU + "]}", "\"dense:outputSize=1\""))
                .isEqualTo(expected);
        assertThat(expected.inputs()).containsExactly(List.of(-1), List.of(0), List.of(1), List.of(0, 2), List.of(3));
    }

    @Test
    void layersAreTakenByNameOrNumber() {
        Network expected = Network.builder(3)
                .dense(2)
                .from(Network.INPUT)
                .dense(4)
                .from(0, 1, Network.INPUT)
                .dense(1)
                .build();

        assertThat(layers(
                        3,
                        "{\"type\":\"dense\",\"outputSize\":2,\"name\":\"left\"}",
                        "{\"type\":\"dense\",\"outputSize\":4,\"name\":\"right\",\"inputs\":[\"input\"]}",
                        "{\"type\":\"dense\",\"outputSize\":1,\"inputs\":[\"left\",\"right\",\"input\"]}"))
                .isEqualTo(expected);
        assertThat(layers(
                        3,
                        "\"dense:outputSize=2\"",
                        "{\"type\":\"dense\",\"outputSize\":4,\"inputs\":[\"input\"]}",
                        "{\"type\":\"dense\",\"outputSize\":1,\"inputs\":[0,1,\"input\"]}"))
                .isEqualTo(expected);
    }

    @Test
    void branchesAreAddedOrConcatenated() {
        String branch = "{\"type\":\"dense\",\"outputSize\":3,\"inputs\":[\"input\"]}";
        assertThat(layers(2, branch, branch, "{\"type\":\"add\",\"inputs\":[0,1]}")
                        .layers()
                        .get(2))
                .isEqualTo(new Add(3, 2));
        assertThat(layers(2, branch, branch, "{\"type\":\"concatenate\",\"inputs\":[0,1,0]}")
                        .layers()
                        .get(2))
                .isEqualTo(new Concatenate(9));
        String residual = "{\"type\":\"residual\",\"name\":\"r\",\"layers\":[{\"type\":\"dense\",\"outputSize\":2}]}";
        Network named = layers(2, residual, "\"tanh\"", "{\"type\":\"add\",\"inputs\":[\"r\",2]}");
        assertThat(named.inputs().get(3))
                .as("the name of a block is that of its sum")
                .containsExactly(1, 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | a network is an object with a list of \"layers\"",
                "{'layers':[]} | a network is an object with a list of \"layers\"",
                "{'layers':{}} | a network is an object with a list of \"layers\"",
                "{'inputSize':2,'layer':['relu'],'layers':['relu']} | unknown key 'layer' (did you mean 'layers'?)",
                "{'inputSize':'2','layers':['relu']} | its inputSize is \"2\", but must be a whole number",
                "{'inputSize':0,'layers':['relu']} | layer sizes must be positive: 0",
                "{'inputSize':2,'layers':['rely']} | layer number 0: unknown layer or activation 'rely' (did you mean 'relu'?): use dense, activation",
                "{'inputSize':2,'layers':['tanh',{'type':'dense','units':3}]} | layer number 1: dense: its outputSize is missing",
                "{'inputSize':2,'layers':[{'type':'dense','outputSize':3,'baias':true}]} | dense: unknown key 'baias' (did you mean 'bias'?)",
                "{'inputSize':2,'layers':[{'type':'dense','outputSize':'3'}]} | dense: outputSize is \"3\", but must be a whole number",
                "{'inputSize':2,'layers':[{'type':'dense','outputSize':0}]} | layer sizes must be positive: 2 -> 0",
                "{'inputSize':2,'layers':[{'type':'dense','inputSize':3,'outputSize':1}]} | has 2 values, but its layers take 3",
                "{'inputSize':2,'layers':['tanh',{'type':'dense','inputSize':3,'outputSize':1}]} | layer 0 gives 2 values but layer 1 takes 3",
                "{'inputSize':2,'layers':['relu',{'type':'tanh','inputs':['a']}]} | layer number 1: it takes \"a\", but no layer before it has that name",
                "{'inputSize':2,'layers':['relu',{'type':'tanh','inputs':[1]}]} | layer number 1: there is no layer 1 yet",
                "{'inputSize':2,'layers':['relu',{'type':'tanh','inputs':[-1]}]} | it takes -1, but no layer",
                "{'inputSize':2,'layers':['relu',{'type':'tanh','inputs':[]}]} | inputs is [], but must be a list of names or numbers",
                "{'inputSize':2,'layers':['relu',{'type':'tanh','inputs':0}]} | inputs is 0, but must be a list",
                "{'inputSize':2,'layers':['relu',{'type':'tanh','inputs':['input']}]} | no layer takes layer 0",
                "{'inputSize':2,'layers':[{'type':'relu','name':'a'},{'type':'tanh','name':'a'}]} | layer number 1: the name \"a\" is taken",
                "{'inputSize':2,'layers':[{'type':'relu','name':'input'}]} | its name is \"input\", but must be",
                "{'inputSize':2,'layers':[{'type':'relu','name':3}]} | its name is 3, but must be a text",
                "{'inputSize':2,'layers':[{'type':'residual','layers':['dense:outputSize=3']}]} | a residual block takes 2 values but gives 3",
                "{'inputSize':2,'layers':[{'type':'residual','layers':[]}]} | a residual block needs at least one layer",
                "{'inputSize':2,'layers':[{'type':'residual','layers':['tanh'],'size':2}]} | a residual block has a list of \"layers\" and nothing else",
                "{'inputSize':2,'layers':[{'type':'residual','layers':['tanh',7]}]} | layer number 1: layer: found 7",
                "{'inputSize':2,'layers':['dense:outputSize=3',{'type':'add','inputs':[0,'input']}]} | layer number 1: branches of different sizes cannot be added: 3 and 2",
                "{'inputSize':2,'layers':[{'type':'dense','outputSize':1,'initializer':'xaviar'}]} | unknown initializer 'xaviar'",
            })
    void whatContradictsOrIsNotUnderstoodIsRefused(String json, String says) {
        assertThatThrownBy(() -> read(json.replace('\'', '"')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(says);
    }

    @Test
    void sizesThatOverflowAreRefused() {
        String wide = "{\"type\":\"concatenate\",\"inputs\":[\"input\",\"input\"]}";
        assertThatThrownBy(() -> layers(1 << 30, wide)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> layers(2, "\"dense:outputSize=2147483647\""))
                .isInstanceOf(IllegalArgumentException.class);
        String huge = "{\"type\":\"concatenate\",\"size\":1073741824,\"inputs\":[\"input\"]}";
        assertThatThrownBy(() -> read("{\"inputSize\":1073741824,\"layers\":[" + huge + "," + huge + "," + huge
                        + ",{\"type\":\"add\",\"size\":1,\"count\":2,\"inputs\":[0,1,2,\"input\"]}]}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gives 4294967296 values but layer 3 takes 2");
    }

    @Test
    void aFileMayLeaveOutOnlyWhatIsAsUsual() {
        ObjectNode json = NetworkJson.write(new Network(List.of(new Dense(2, 3, new GlorotUniform()))));
        ObjectNode layer = (ObjectNode) json.get("layers").get(0);
        layer.remove(List.of("bias", "biasInitializer"));
        json.remove("inputSize");
        assertThat(NetworkJson.readWritten(json)).isEqualTo(new Network(List.of(new Dense(2, 3, new GlorotUniform()))));

        layer.remove("initializer");
        assertThatThrownBy(() -> NetworkJson.readWritten(json)).hasMessageContaining("its initializer is missing");
        assertThat(((Dense) NetworkJson.read(json, 0).layers().get(0)).initializer())
                .isEqualTo(new Identity().initializer());
    }
}
