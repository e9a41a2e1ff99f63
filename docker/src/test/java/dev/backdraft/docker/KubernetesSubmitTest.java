package dev.backdraft.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script for Kubernetes with Spark's own client, and in place of an API server one that takes everything: what it is sent
 * is what a cluster would be asked to run.
 */
@DisabledOnOs(OS.WINDOWS)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class KubernetesSubmitTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Path SCRIPT = Repository.DOCKER.resolve("kubernetes/submit");
    private static final String PATH = "path"; // where a resource was sent to, added to what is kept of it

    @TempDir
    private Path directory;

    private final Queue<JsonNode> created = new ConcurrentLinkedQueue<>();

    @Test
    void asksForADriverThatResumesAndMayNotDoMuch() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::accept);
        server.start();
        try {
            submit("http://127.0.0.1:" + server.getAddress().getPort());
        } finally {
            server.stop(0);
        }
        JsonNode document = created.stream()
                .filter(each -> each.path("kind").asText().equals("Pod"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(created));
        Pod pod = JSON.treeToValue(document, Pod.class);
        assertThat(document.get(PATH).asText()).isEqualTo("/api/v1/namespaces/backdraft/pods");
        assertThat(pod.getSpec().getServiceAccountName()).isEqualTo("backdraft");
        KubernetesTest.assertIsRestricted(pod.getSpec(), "spark-kubernetes-driver");
        Container container = pod.getSpec().getContainers().get(0);
        assertThat(container.getImage()).isEqualTo("registry.example.com/backdraft:1");
        assertThat(container.getVolumeMounts())
                .anySatisfy(mount -> assertThat(mount.getMountPath()).isEqualTo("/backdraft"));
        assertThat(pod.getSpec().getVolumes())
                .extracting(Volume::getPersistentVolumeClaim)
                .filteredOn(Objects::nonNull)
                .extracting(PersistentVolumeClaimVolumeSource::getClaimName)
                .containsExactly("backdraft");
        List<String> arguments = container.getArgs();
        assertThat(arguments).startsWith("driver").contains("dev.backdraft.spark.cli.Main");
        int jar = arguments.indexOf("local://" + Repository.JAR_OF_IMAGE);
        List<String> ours = arguments.subList(jar + 1, arguments.size());
        assertThat(ours)
                .containsExactly(
                        "train",
                        "--out",
                        "/backdraft/runs/iris",
                        "--checkpoint-every",
                        "1",
                        "--resume-or-start",
                        "--data",
                        "/backdraft/data/iris.csv");
        CommandLines.backdraftTakes(ours);
        assertExecutorsReadOnly();
    }

    /** The settings that the driver gets, and that its executors follow. */
    private void assertExecutorsReadOnly() {
        String settings = created.stream()
                .filter(each -> each.path("kind").asText().equals("ConfigMap"))
                .map(each -> each.path("data").path("spark.properties").asText())
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElseThrow(() -> new AssertionError(created));
        assertThat(settings)
                .contains("spark.kubernetes.executor.volumes.persistentVolumeClaim.backdraft.mount.readOnly=true")
                .contains("spark.authenticate=true")
                .doesNotContain("spark.authenticate.secret");
        Pattern.compile("--conf (spark[\\w.]+)=")
                .matcher(Repository.text(SCRIPT))
                .results()
                .forEach(setting -> CommandLines.isSetting(setting.group(1)));
    }

    private void submit(String apiServer) throws IOException, InterruptedException {
        SparkHome spark = new SparkHome(directory.resolve("spark"));
        ProcessBuilder script =
                new ProcessBuilder("bash", SCRIPT.toString(), apiServer, "iris", "--data", "/backdraft/data/iris.csv");
        spark.putInto(script.environment());
        script.environment().put("BACKDRAFT_IMAGE", "registry.example.com/backdraft:1");
        script.environment().put("KUBECONFIG", directory.resolve("none").toString());
        script.environment().remove("NAMESPACE");
        ServiceProcess process = new ServiceProcess(script, directory.resolve("submit.log"));
        try {
            assertThat(process.exitCode(180)).as(process.output()).isZero();
        } finally {
            process.kill();
        }
    }

    /** Takes what is created or applied, and says that it is there. */
    private void accept(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        byte[] answer = {};
        int status = 404;
        if (body.length > 0 && !exchange.getRequestMethod().equals("DELETE")) {
            ObjectNode resource = (ObjectNode) JSON.readTree(body);
            created.add(resource.deepCopy().put(PATH, exchange.getRequestURI().getPath()));
            resource.withObject("/metadata")
                    .put("uid", UUID.randomUUID().toString())
                    .put("resourceVersion", "1");
            answer = JSON.writeValueAsBytes(resource);
            status = 201;
        }
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }
}
