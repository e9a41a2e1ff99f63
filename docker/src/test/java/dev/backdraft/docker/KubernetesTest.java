package dev.backdraft.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files for Kubernetes, against Kubernetes' own model and the operator's schema. */
class KubernetesTest {
    /** Reads the model and refuses fields that it does not have, which Kubernetes' own classes would keep. */
    static final ObjectMapper STRICT = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return false;
                }
            });

    private static List<JsonNode> documents(String name) {
        return Repository.yaml(Repository.DOCKER.resolve("kubernetes").resolve(name));
    }

    private static <T extends HasMetadata> T read(JsonNode document, Class<T> type) {
        try {
            T resource = STRICT.treeToValue(document, type);
            assertThat(resource.getKind()).isEqualTo(HasMetadata.getKind(type));
            assertThat(resource.getApiVersion()).isEqualTo(HasMetadata.getApiVersion(type));
            return resource;
        } catch (JsonProcessingException e) {
            throw new AssertionError(document.toString(), e);
        }
    }

    @Test
    void theDriverMayManageItsPodsAndNothingElse() {
        List<JsonNode> documents = documents("base.yaml");
        assertThat(documents).hasSize(4);
        String account =
                read(documents.get(0), ServiceAccount.class).getMetadata().getName();
        Role role = read(documents.get(1), Role.class);
        RoleBinding binding = read(documents.get(2), RoleBinding.class);
        PersistentVolumeClaim claim = read(documents.get(3), PersistentVolumeClaim.class);
        assertThat(binding.getRoleRef().getKind()).isEqualTo("Role");
        assertThat(binding.getRoleRef().getName()).isEqualTo(role.getMetadata().getName());
        assertThat(binding.getSubjects()).singleElement().satisfies(subject -> {
            assertThat(subject.getKind()).isEqualTo("ServiceAccount");
            assertThat(subject.getName()).isEqualTo(account).isEqualTo("backdraft");
        });
        assertThat(claim.getMetadata().getName()).isEqualTo("backdraft");
        assertThat(claim.getSpec().getAccessModes()).containsExactly("ReadWriteMany");
        List<String> resources = new ArrayList<>();
        for (PolicyRule rule : role.getRules()) {
            assertThat(rule.getApiGroups()).containsExactly("");
            assertThat(rule.getVerbs()).doesNotContain("*");
            resources.addAll(rule.getResources());
        }
        assertThat(resources).containsExactlyInAnyOrder("pods", "configmaps", "services", "persistentvolumeclaims");
    }

    @ParameterizedTest
    @ValueSource(strings = {"driver", "executor"})
    void podTemplatesAreRestricted(String who) {
        Pod pod = read(documents(who + "-pod.yaml").get(0), Pod.class);
        assertIsRestricted(pod.getSpec(), "spark-kubernetes-" + who);
    }

    @Test
    void thePodForFilesMountsTheVolumeAndMayDoNoMoreThanATraining() {
        Pod pod = read(documents("files-pod.yaml").get(0), Pod.class);
        Container container = assertMayDoLittle(pod.getSpec(), "files");
        assertThat(container.getImage()).isEqualTo("registry.example.com/backdraft:" + Repository.version());
        assertThat(container.getVolumeMounts()).singleElement().satisfies(mount -> {
            assertThat(mount.getMountPath()).isEqualTo("/backdraft");
            assertThat(mount.getReadOnly()).as("read-only").isNull();
        });
        assertThat(pod.getSpec().getVolumes()).singleElement().satisfies(volume -> assertThat(
                        volume.getPersistentVolumeClaim().getClaimName())
                .isEqualTo(read(documents("base.yaml").get(3), PersistentVolumeClaim.class)
                        .getMetadata()
                        .getName()));
    }

    /** What Pod Security's level "restricted" asks for, and that there is room to write where the root file system has none. */
    static void assertIsRestricted(PodSpec spec, String containerName) {
        Container container = assertMayDoLittle(spec, containerName);
        for (String directory : List.of("/tmp", "/opt/spark/work-dir")) {
            assertThat(container.getVolumeMounts())
                    .filteredOn(mount -> mount.getMountPath().equals(directory))
                    .singleElement()
                    .satisfies(mount -> assertThat(spec.getVolumes())
                            .filteredOn(volume -> volume.getName().equals(mount.getName()))
                            .singleElement()
                            .satisfies(
                                    volume -> assertThat(volume.getEmptyDir()).isNotNull()));
        }
    }

    /** What Pod Security's level "restricted" asks for. Returns the pod's only container. */
    private static Container assertMayDoLittle(PodSpec spec, String containerName) {
        assertThat(spec.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(spec.getSecurityContext().getRunAsUser()).isEqualTo(185);
        assertThat(spec.getSecurityContext().getFsGroup()).isEqualTo(185);
        assertThat(spec.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(spec.getContainers()).hasSize(1);
        Container container = spec.getContainers().get(0);
        assertThat(container.getName()).isEqualTo(containerName);
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        return container;
    }

    @Test
    void theOperatorsApplicationFitsItsSchema() throws IOException {
        JsonNode application = documents("spark-application.yaml").get(0);
        assertThat(ComposeTest.keys(application)).containsExactly("apiVersion", "kind", "metadata", "spec");
        assertThat(application.get("apiVersion").asText()).isEqualTo("spark.apache.org/v1");
        assertThat(application.get("kind").asText()).isEqualTo("SparkApplication");
        try (InputStream schema = getClass().getResourceAsStream("/spark-application-spec.json")) {
            assertThat(Schema.faults(new ObjectMapper().readTree(schema), application.get("spec"), "spec"))
                    .isEmpty();
        }
    }

    @Test
    void theOperatorsApplicationNamesWhatThereIs() throws Exception {
        JsonNode spec = documents("spark-application.yaml").get(0).get("spec");
        assertThat(spec.at("/runtimeVersions/sparkVersion").asText()).isEqualTo(Repository.sparkVersion());
        Class.forName(spec.get("mainClass").asText());
        assertThat(spec.get("jars").asText()).isEqualTo("local://" + Repository.JAR_OF_IMAGE);
        List<String> arguments = Repository.texts(spec.get("driverArgs"));
        CommandLines.backdraftTakes(arguments);
        assertThat(arguments)
                .contains("--resume-or-start", "--checkpoint-every")
                .doesNotContain("--layers", "--standardize", "--epochs"); // the defaults do
        assertThat(spec.at("/applicationTolerations/restartConfig/restartPolicy")
                        .asText())
                .isEqualTo("OnFailure");
        JsonNode settings = spec.get("sparkConf");
        ComposeTest.keys(settings).forEach(CommandLines::isSetting);
        assertThat(settings.get("spark.kubernetes.container.image").asText())
                .isEqualTo("registry.example.com/backdraft:" + Repository.version());
        Class.forName(settings.get("spark.plugins").asText());
        for (String who : List.of("driver", "executor")) {
            JsonNode template = spec.at("/" + who + "Spec/podTemplateSpec/spec");
            assertThat(template).isEqualTo(documents(who + "-pod.yaml").get(0).get("spec"));
        }
    }
}
