package dev.backdraft.docker;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the services of compose.yaml as processes of this machine, by the commands, variables and health checks that it has. Only
 * hosts, ports and directories are replaced: a container has its own, processes of one machine share them.
 */
final class ComposeRun implements AutoCloseable {
    /** The output of all containers, which stays after the test. */
    static final Path LOGS = Path.of("target", "cluster-logs");

    private final JsonNode services;
    private final SparkHome spark;
    private final Path directory;
    private final Map<String, String> shared = new LinkedHashMap<>();
    private final Map<String, ServiceProcess> containers = new LinkedHashMap<>();
    private final Map<String, List<String>> checks = new HashMap<>();
    private final Map<String, Integer> ports = new HashMap<>();

    ComposeRun(Path directory, Path secret, Map<String, String> variables) throws IOException {
        this.directory = directory;
        services = Repository.compose(variables).get("services");
        spark = new SparkHome(directory.resolve("spark"));
        shared.put("/run/secrets/spark-auth", secret.toString());
        shared.put("/opt/spark/bin/", spark.path() + "/bin/");
        shared.put(Repository.JAR_OF_IMAGE, Repository.jar().toString());
        for (String volume : List.of("/runs", "/data")) {
            shared.put(volume, Files.createDirectories(path(volume)).toString());
        }
        shared.put("/var/spark/events", Files.createDirectories(path("/events")).toString());
        shared.put("spark://master:7077", "spark://127.0.0.1:" + port("7077"));
        for (String port : List.of("7077", "8080", "18080", "4040")) {
            shared.put(port, Integer.toString(port(port)));
        }
    }

    /** The port of this machine for one of the master, the history server or the driver. */
    int port(String ofContainer) throws IOException {
        Integer known = ports.get(ofContainer);
        if (known == null) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                known = socket.getLocalPort();
            }
            ports.put(ofContainer, known);
        }
        return known;
    }

    /** Where a directory of the containers is on this machine. */
    Path path(String ofContainers) {
        return directory.resolve(ofContainers.substring(1));
    }

    /** The directory that a container's process runs in. */
    Path workDirectory(String name) {
        return directory.resolve("work-dir").resolve(name);
    }

    /**
     * Starts a container of a service.
     *
     * @param arguments in place of the service's command, as {@code docker compose run} has them; none for the command itself
     */
    ServiceProcess start(String service, String name, String... arguments) throws IOException, InterruptedException {
        JsonNode definition = services.get(service);
        List<String> words = Repository.texts(definition.path("entrypoint"));
        words.addAll(arguments.length == 0 ? Repository.texts(definition.path("command")) : List.of(arguments));
        return start(definition, name, words);
    }

    /** Starts a container of a service, but without the file that has the secret. */
    ServiceProcess startWithoutSecret(String service, String name) throws IOException, InterruptedException {
        List<String> words = Repository.texts(services.at("/" + service + "/command"));
        int option = words.indexOf("--properties-file");
        words.subList(option, option + 2).clear();
        return start(services.get(service), name, words);
    }

    private ServiceProcess start(JsonNode definition, String name, List<String> words)
            throws IOException, InterruptedException {
        Map<String, String> own = new LinkedHashMap<>(shared);
        own.put(
                "/var/spark/scratch",
                Files.createDirectories(path("/scratch/" + name)).toString());
        own.put("8081", Integer.toString(port(name)));
        Map<String, String> environment = new HashMap<>();
        definition
                .path("environment")
                .properties()
                .forEach(variable -> environment.put(
                        variable.getKey(), here(variable.getValue().asText(), own)));
        List<String> command = spark.command(here(words, own), environment);
        ProcessBuilder builder = new ProcessBuilder(command);
        spark.putInto(builder.environment());
        builder.environment().putAll(environment);
        builder.directory(Files.createDirectories(workDirectory(name)).toFile());
        ServiceProcess container =
                new ServiceProcess(builder, Files.createDirectories(LOGS).resolve(name + ".log"));
        containers.put(name, container);
        List<String> check = here(Repository.texts(definition.at("/healthcheck/test")), own);
        checks.put(name, check.isEmpty() ? check : check.subList(1, check.size())); // the first is CMD
        return container;
    }

    ServiceProcess container(String name) {
        return containers.get(name);
    }

    /** Whether a container is healthy by its own check. */
    boolean isHealthy(String name) {
        return ServiceProcess.isHealthy(checks.get(name));
    }

    /** Waits until containers are healthy by their own checks. */
    void awaitHealthy(String... names) throws InterruptedException {
        for (String name : names) {
            containers.get(name).await(name + " is healthy", 180, () -> isHealthy(name));
        }
    }

    private static List<String> here(List<String> words, Map<String, String> replaced) {
        List<String> here = new ArrayList<>();
        String before = "";
        for (String word : words) {
            here.add(before.equals("--host") ? "127.0.0.1" : here(word, replaced));
            before = word;
        }
        return here;
    }

    /** Replaces what stands alone or between delimiters, in one pass: replacements are not replaced again. */
    private static String here(String text, Map<String, String> replaced) {
        StringBuilder result = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            String found = null;
            for (String each : replaced.keySet()) {
                boolean isNumber = Character.isDigit(each.charAt(0));
                boolean begins = !isNumber || at == 0 || !Character.isDigit(text.charAt(at - 1));
                if (begins && text.startsWith(each, at) && (found == null || each.length() > found.length())) {
                    found = each;
                }
            }
            result.append(found == null ? text.substring(at, at + 1) : replaced.get(found));
            at += found == null ? 1 : found.length();
        }
        return result.toString();
    }

    /** Ends everything that was started. */
    @Override
    public void close() {
        containers.values().forEach(ServiceProcess::kill);
    }
}
