package dev.backdraft.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The checks themselves: each finds a mistake that it is there for. */
class ChecksTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void anUnknownSettingIsFound() {
        CommandLines.isSetting("spark.kubernetes.namespace");
        assertThatThrownBy(() -> CommandLines.isSetting("spark.kubernetes.namspace"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("spark.kubernetes.namspace");
        assertThatThrownBy(() -> CommandLines.isSetting(
                        "spark.kubernetes.driver.volumes.persistentVolumeClaim.backdraft.claimName"))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void anUnknownOptionIsFound() {
        CommandLines.backdraftTakes(List.of("demo", "--out", "x"));
        assertThatThrownBy(() -> CommandLines.backdraftTakes(List.of("demo", "--output", "x")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("--output");
        assertThatThrownBy(() -> CommandLines.sparkSubmitTakes(
                        List.of("--conf", "spark.eventlog.enabled=true", Repository.JAR_OF_IMAGE)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("spark.eventlog.enabled");
    }

    @Test
    void anUnknownFieldOfKubernetesIsFound() throws IOException {
        JsonNode pod = JSON.readTree(
                "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"spec\": {\"securityContext\": {\"runAsNonroot\": true}}}");
        assertThatThrownBy(() -> KubernetesTest.STRICT.treeToValue(pod, Pod.class))
                .hasMessageContaining("runAsNonroot");
    }

    @Test
    void mistakesInTheOperatorsResourceAreFound() throws IOException {
        JsonNode mistaken = JSON.readTree(
                """
                {"driverArgs": [1], "sparkConf": {"spark.executor.cores": 2}, "restartPolicy": "OnFailure",
                 "applicationTolerations": {"restartConfig": {"restartPolicy": "Sometimes"}}}""");
        try (InputStream schema = getClass().getResourceAsStream("/spark-application-spec.json")) {
            assertThat(Schema.faults(JSON.readTree(schema), mistaken, "spec"))
                    .containsExactlyInAnyOrder(
                            "spec: runtimeVersions is missing",
                            "spec.driverArgs[0]: 1 is no string",
                            "spec.sparkConf.spark.executor.cores: 2 is no string",
                            "spec.restartPolicy: unknown field",
                            "spec.applicationTolerations.restartConfig.restartPolicy: Sometimes is none of"
                                    + " [\"Always\",\"Never\",\"OnFailure\",\"OnInfrastructureFailure\"]");
        }
    }

    @Test
    void dockerignoreLeavesOutDirectoriesWithAllThatIsInThem() {
        DockerIgnore rules = new DockerIgnore("# built\n**/target/\n*.log\nruns/\n");
        assertThat(List.of("target/x", "core/target/classes/A.class", "a.log", "runs/iris/model.backdraft"))
                .allMatch(rules::excludes);
        assertThat(List.of("core/src/Target.java", "core/a.log", "docs/runs/x")).noneMatch(rules::excludes);
    }
}
