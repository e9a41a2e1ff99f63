package dev.backdraft.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** compose.yaml, as Compose reads it. */
class ComposeTest {
    private static final JsonNode COMPOSE = Repository.compose(Map.of());
    private static final JsonNode SERVICES = COMPOSE.get("services");

    /** The keys that are used, of Compose's specification: a misspelled one would be refused or, worse, ignored. */
    private static final Set<String> KEYS = Set.of(
            "image",
            "build",
            "init",
            "user",
            "read_only",
            "tmpfs",
            "cap_drop",
            "security_opt",
            "pids_limit",
            "logging",
            "hostname",
            "command",
            "entrypoint",
            "environment",
            "secrets",
            "ports",
            "mem_limit",
            "shm_size",
            "restart",
            "stop_grace_period",
            "healthcheck",
            "depends_on",
            "deploy",
            "volumes",
            "profiles");

    static List<String> keys(JsonNode node) {
        List<String> keys = new ArrayList<>();
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    @Test
    void hasTheServicesOfACluster() {
        assertThat(keys(COMPOSE)).containsExactlyInAnyOrder("name", "x-spark", "services", "volumes", "secrets");
        assertThat(keys(SERVICES)).containsExactly("master", "worker", "history", "submit");
        for (String service : keys(SERVICES)) {
            boolean isJob = service.equals("submit");
            assertThat(SERVICES.get(service).has("profiles")).as(service).isEqualTo(isJob);
            assertThat(SERVICES.get(service).has("healthcheck")).as(service).isEqualTo(!isJob);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"master", "worker", "history", "submit"})
    void aServiceMayDoNoMoreThanItMust(String name) {
        JsonNode service = SERVICES.get(name);
        assertThat(KEYS).containsAll(keys(service));
        assertThat(service.get("image").asText()).isEqualTo("backdraft:" + Repository.version());
        assertThat(Repository.DOCKER
                        .resolve(service.at("/build/context").asText())
                        .normalize())
                .isEqualTo(Repository.ROOT);
        assertThat(Repository.ROOT.resolve(service.at("/build/dockerfile").asText()))
                .exists();
        assertThat(service.get("user").asText()).isEqualTo("185:185");
        assertThat(service.get("read_only").asBoolean()).isTrue();
        assertThat(Repository.texts(service.get("cap_drop"))).containsExactly("ALL");
        assertThat(Repository.texts(service.get("security_opt"))).containsExactly("no-new-privileges:true");
        assertThat(service.get("mem_limit").asText()).matches("\\d+g");
        assertThat(service.has("privileged") || service.has("container_name")).isFalse();
        // Docker mounts a tmpfs with noexec, and native libraries that are unpacked there could not be loaded
        assertThat(Repository.texts(service.get("tmpfs")))
                .singleElement()
                .asString()
                .startsWith("/tmp:exec,");
    }

    @Test
    void pagesAreForThisMachineOnly() {
        for (JsonNode service : SERVICES) {
            assertThat(Repository.texts(service.path("ports")))
                    .allMatch(port -> port.matches("127\\.0\\.0\\.1:(\\d+):\\1"));
        }
        assertThat(SERVICES.get("worker").has("ports"))
                .as("ports of a service with several containers")
                .isFalse();
    }

    @Test
    void secretsComeFromFiles() {
        assertThat(COMPOSE.at("/secrets/spark-auth/file").asText()).isEqualTo("./secrets/spark-auth.conf");
        for (JsonNode service : SERVICES) {
            service.path("environment")
                    .forEach(value -> assertThat(value.asText()).doesNotContainIgnoringCase("secret"));
            assertThat(service.path("secrets").size())
                    .isEqualTo(service.toString().contains("/run/secrets/") ? 1 : 0);
        }
        assertThat(Repository.text(Repository.ROOT.resolve(".gitignore"))).contains("/docker/secrets/");
    }

    @Test
    void nothingStartsBeforeWhatItNeedsIsHealthy() {
        assertThat(SERVICES.at("/worker/depends_on/master/condition").asText()).isEqualTo("service_healthy");
        assertThat(SERVICES.at("/submit/depends_on/master/condition").asText()).isEqualTo("service_healthy");
        assertThat(SERVICES.at("/submit/depends_on/worker/condition").asText()).isEqualTo("service_healthy");
    }

    @Test
    void volumesAreDeclaredAndTheImageHasTheirDirectories() {
        String dockerfile = Repository.text(Repository.DOCKER.resolve("Dockerfile"));
        Set<String> named = new TreeSet<>();
        for (JsonNode service : SERVICES) {
            for (String volume : Repository.texts(service.path("volumes"))) {
                String[] parts = volume.split(":", -1);
                String directory = parts.length == 1 ? parts[0] : parts[1];
                assertThat(dockerfile).containsPattern("install -d -o 185 -g 185 [^\n]*" + directory);
                if (parts.length > 1 && !parts[0].startsWith(".")) {
                    named.add(parts[0]);
                }
            }
        }
        assertThat(named).containsExactlyInAnyOrderElementsOf(keys(COMPOSE.get("volumes")));
    }

    @Test
    void memoryOfAContainerIsMoreThanThatOfItsJvms() {
        JsonNode worker = SERVICES.get("worker");
        assertThat(gigabytes(worker.get("mem_limit").asText()))
                .isGreaterThanOrEqualTo(gigabytes(after(worker.get("command"), "--memory")) + 1);
        JsonNode submit = SERVICES.get("submit");
        assertThat(gigabytes(submit.get("mem_limit").asText()))
                .isGreaterThanOrEqualTo(gigabytes(after(submit.get("entrypoint"), "--driver-memory")) + 1);
        assertThat(after(submit.get("entrypoint"), "--executor-memory"))
                .isEqualTo(after(worker.get("command"), "--memory"));
        int cores = Integer.parseInt(after(worker.get("command"), "--cores"))
                * worker.at("/deploy/replicas").asInt();
        assertThat(after(submit.get("entrypoint"), "--total-executor-cores")).isEqualTo(Integer.toString(cores));
    }

    private static int gigabytes(String text) {
        assertThat(text).endsWith("g");
        return Integer.parseInt(text.substring(0, text.length() - 1));
    }

    private static String after(JsonNode command, String option) {
        List<String> words = Repository.texts(command);
        return words.get(words.indexOf(option) + 1);
    }

    @Test
    void commandsNameWhatSparkAndBackdraftHave() throws ClassNotFoundException {
        for (String service : List.of("master", "worker", "history")) {
            List<String> command = Repository.texts(SERVICES.at("/" + service + "/command"));
            assertThat(command.get(0)).isEqualTo("/opt/spark/bin/spark-class");
            Class.forName(command.get(1));
            SERVICES.at("/" + service + "/environment").properties().forEach(variable -> {
                if (variable.getKey().endsWith("_OPTS")) {
                    for (String option : variable.getValue().asText().split(" ", -1)) {
                        assertThat(option).startsWith("-Dspark.");
                        CommandLines.isSetting(option.substring(2, option.indexOf('=')));
                    }
                }
            });
        }
        List<String> submit = Repository.texts(SERVICES.at("/submit/entrypoint"));
        assertThat(submit.get(0)).isEqualTo("/opt/spark/bin/spark-submit");
        List<String> words = new ArrayList<>(submit.subList(1, submit.size()));
        words.addAll(Repository.texts(SERVICES.at("/submit/command")));
        CommandLines.backdraftTakes(CommandLines.sparkSubmitTakes(words));
        Class.forName("dev.backdraft.spark.BackdraftPlugin");
    }
}
