package dev.backdraft.benchmarks.tables;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backdraft.benchmarks.compare.PythonPeers;
import dev.backdraft.benchmarks.tables.Method.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Learns from tables with several methods, and ranks them. */
@Command(
        name = "benchmarks/run --tables",
        sortOptions = false,
        description =
                "Trains on folds 0 to 3 of each table and measures on fold 4: the log-loss of classes, or the root mean squared"
                        + " error of numbers. Rows are scored by all cores, from raw rows to answers. A method that cannot learn from a table has a dash,"
                        + " and the reason is below. The directory has a file tables.json that describes the tables, and NAME.csv.gz for each; results of"
                        + " other methods in reference_results.json are ranked, too.")
public final class Tables implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "the directory of the tables")
    private Path directory;

    @Option(names = "--tables", split = ",", paramLabel = "NAME", description = "only these tables")
    private List<String> only = List.of();

    @Option(names = "--methods", split = ",", paramLabel = "NAME", description = "only these methods")
    private List<String> methods = List.of();

    @Option(names = "--seeds", defaultValue = "3", description = "fits of each method (default: ${DEFAULT-VALUE})")
    private int seeds;

    @Option(names = "--help", usageHelp = true, description = "show this text")
    @SuppressWarnings("unused") // picocli acts on it
    private boolean help;

    private final Map<String, Map<String, Double>> losses = new LinkedHashMap<>(); // by table and method

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Tables()).setUsageHelpWidth(110).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        ObjectMapper json = new ObjectMapper();
        List<Method> chosen = chosen();
        JsonNode descriptions = json.readTree(directory.resolve("tables.json").toFile());
        for (Map.Entry<String, JsonNode> description : descriptions.properties()) {
            String name = description.getKey();
            if (only.isEmpty() || only.contains(name)) {
                run(Table.read(directory, name, description.getValue()), chosen);
            }
        }
        chosen.forEach(Method::close);
        Path references = directory.resolve("reference_results.json");
        if (Files.exists(references)) {
            addReferences(json.readTree(references.toFile()));
        }
        printRanks();
        return 0;
    }

    private void run(Table table, List<Method> chosen) throws IOException, InterruptedException {
        System.out.printf(
                Locale.ROOT,
                "%n**%s**: %,d rows to train on, %,d to test on%n%n| method | %s | s.e. | %s | fit, s | rows/s |%n|---|---:|---:|---:|---:|---:|%n",
                table.name(),
                table.train().rows().size(),
                table.test().rows().size(),
                table.classifies() ? "log-loss" : "RMSE",
                table.classifies() ? "accuracy" : "MAE");
        List<String> absences = new ArrayList<>();
        Map<String, Double> ofTable = losses.computeIfAbsent(table.name(), name -> new LinkedHashMap<>());
        for (Method method : chosen) {
            String absence = method.absence(table);
            if (absence != null) {
                System.out.printf("| %s | - | | - | - | - |%n", method.name());
                absences.add(table.name() + ", " + method.name() + ": " + absence);
                continue;
            }
            List<Score> scores = new ArrayList<>();
            for (int seed = 0; seed < seeds; seed++) {
                scores.add(method.run(table, seed));
            }
            double loss = mean(scores, Score::loss);
            ofTable.put(method.name(), loss);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.4f | %s | %.4f | %.1f | %,.0f |%n",
                    method.name(),
                    loss,
                    scores.size() < 2 ? "" : String.format(Locale.ROOT, "%.4f", standardError(scores, loss)),
                    mean(scores, Score::further),
                    mean(scores, Score::fitSeconds),
                    mean(scores, Score::rowsPerSecond));
        }
        absences.forEach(absence -> System.out.printf("%n- %s", absence));
        System.out.println();
    }

    private List<Method> chosen() {
        PythonPeers python = new PythonPeers(Path.of(System.getProperty("benchmarks.home", "benchmarks")));
        Stream<Method> all = Stream.of(
                        List.of(
                                new NetworkMethod("tabular", "tabular"),
                                new NetworkMethod("tabular-ensemble", "tabular-ensemble"),
                                new NetworkMethod("no preset", null),
                                new BoostedTrees("xgboost", false),
                                new BoostedTrees("xgboost early-stopped", true)),
                        SparkMethod.all(new SharedSpark()),
                        List.of(
                                new HistGradientBoosting("sklearn hist", directory, python, false),
                                new HistGradientBoosting("sklearn hist early-stopped", directory, python, true)))
                .flatMap(List::stream);
        return all.filter(method -> methods.isEmpty() || methods.contains(method.name()))
                .toList();
    }

    private static <T> double mean(List<T> values, ToDoubleFunction<T> of) {
        return values.stream().mapToDouble(of).average().orElseThrow();
    }

    private static double standardError(List<Score> scores, double mean) {
        double squares = scores.stream()
                .mapToDouble(score -> (score.loss() - mean) * (score.loss() - mean))
                .sum();
        return Math.sqrt(squares / (scores.size() - 1) / scores.size());
    }

    private void addReferences(JsonNode references) {
        losses.forEach(
                (table, ofTable) -> references.path(table).path("results").forEach(result -> {
                    JsonNode loss = result.has("log_loss") ? result.get("log_loss") : result.path("rmse");
                    ofTable.put(result.get("method").asText(), loss.get("mean").asDouble());
                }));
    }

    /**
     * The mean over the tables of the place of each method, the best being 1; equal ones share their places. A method
     * has a place only among those of a table that it can learn from.
     */
    private void printRanks() {
        Map<String, List<Double>> ranks = new LinkedHashMap<>();
        losses.values()
                .forEach(ofTable -> ofTable.forEach((method, loss) -> {
                    long better = ofTable.values().stream()
                            .filter(other -> other < loss)
                            .count();
                    long equal = ofTable.values().stream()
                            .filter(other -> other.equals(loss))
                            .count();
                    ranks.computeIfAbsent(method, name -> new ArrayList<>()).add(1 + better + (equal - 1) / 2.0);
                }));
        System.out.printf(
                "%n| method | mean rank | tables | %s |%n|---|---:|---:|%s%n",
                String.join(" | ", losses.keySet()), "---:|".repeat(losses.size()));
        ranks.entrySet().stream()
                .sorted(Comparator.comparingDouble(entry -> mean(entry.getValue(), rank -> rank)))
                .forEach(entry -> {
                    List<String> cells = losses.values().stream()
                            .map(ofTable -> ofTable.get(entry.getKey()))
                            .map(loss -> loss == null ? "-" : String.format(Locale.ROOT, "%.4f", loss))
                            .toList();
                    System.out.printf(
                            Locale.ROOT,
                            "| %s | %.2f | %d | %s |%n",
                            entry.getKey(),
                            mean(entry.getValue(), rank -> rank),
                            entry.getValue().size(),
                            String.join(" | ", cells));
                });
    }
}
