package dev.backdraft.benchmarks.compare;

import java.util.List;

/**
 * What peers are measured at side by side. Each peer reports examples a second, of training a ReLU network with softmax
 * cross-entropy, unless the unit says otherwise.
 *
 * @param group the name on the command line that takes this workload and its relatives in: {@code W1}
 * @param id its own name: {@code W1-sgd}
 * @param title what it is, for people
 * @param unit of the figures; {@link #EXAMPLES} for examples a second
 * @param layers features, units of the hidden layers, classes
 * @param rows N
 * @param batch rows a step
 * @param optimizer {@code sgd} or {@code adam}
 * @param peers that take part, in this order in every repeat
 */
record Workload(
        String group,
        String id,
        String title,
        String unit,
        List<Integer> layers,
        int rows,
        int batch,
        String optimizer,
        List<String> peers) {
    static final String EXAMPLES = "examples/s";

    private static final List<Integer> LARGE = List.of(784, 512, 256, 10);
    private static final List<Integer> SMALL = List.of(20, 64, 32, 2);
    private static final int LARGE_ROWS = 60_000;
    private static final int SMALL_ROWS = 200_000;

    Workload {
        layers = List.copyOf(layers);
        peers = List.copyOf(peers);
    }

    /** All workloads, in the order in which they run. */
    static List<Workload> all() {
        return List.of(
                large("W1-sgd", "batch 128, SGD", 128, "sgd")
                        .withPeers("core core-1 spark spark-job executors mllib-128 torch torch-ddp sklearn"),
                large("W1-adam", "batch 128, Adam", 128, "adam").withPeers("core torch sklearn"),
                large("W2-sgd", "batch 1,024, SGD", 1024, "sgd")
                        .withPeers("core core-1 products spark spark-job executors torch torch-ddp sklearn"),
                large("W2-adam", "batch 1,024, Adam", 1024, "adam").withPeers("core torch sklearn"),
                small("W3-b32", 32).withPeers("core core-1 spark executors torch torch-1 torch-ddp sklearn"),
                small("W3-b256", 256).withPeers("core core-1 torch torch-1 sklearn"),
                large("W4", "one gradient of all rows a step", LARGE_ROWS, "sgd")
                        .withPeers("core spark mllib torch sklearn"),
                new Workload(
                                "W5",
                                "W5",
                                "784-512-256-10 on MNIST, batch 128, Adam: seconds to 97 % of the test pictures",
                                "s",
                                LARGE,
                                LARGE_ROWS,
                                128,
                                "adam",
                                List.of())
                        .withPeers("core-mnist spark-mnist executors-mnist torch-mnist sklearn-mnist"),
                new Workload(
                                "overhead",
                                "overhead",
                                "one Spark job per step, local[2], 10⁴ parameters, one row per partition; and an empty job",
                                "ms",
                                List.of(67, 128, 10),
                                4096,
                                2,
                                "sgd",
                                List.of())
                        .withPeers("job-step"),
                new Workload(
                                "memory",
                                "memory",
                                "a fit of W1 on local[2], beyond its data's own bytes",
                                "MB",
                                LARGE,
                                LARGE_ROWS,
                                128,
                                "sgd",
                                List.of())
                        .withPeers("memory"));
    }

    /** The part before the dash. */
    private static String group(String id) {
        int dash = id.indexOf('-');
        return dash < 0 ? id : id.substring(0, dash);
    }

    private static Workload large(String id, String title, int batch, String optimizer) {
        String text = "784-512-256-10, 60,000 rows, " + title;
        return new Workload(group(id), id, text, EXAMPLES, LARGE, LARGE_ROWS, batch, optimizer, List.of());
    }

    private static Workload small(String id, int batch) {
        String text = "20-64-32-2, 200,000 rows, batch " + batch + ", SGD";
        return new Workload(group(id), id, text, EXAMPLES, SMALL, SMALL_ROWS, batch, "sgd", List.of());
    }

    /** Workloads of which parts are shown together, by the name on the command line. */
    static List<Workload> named(String name) {
        List<Workload> all = all();
        if (name.equals("W6")) { // one core against two, one JVM against two
            return all.stream()
                    .filter(workload -> List.of("W1-sgd", "W2-sgd").contains(workload.id()))
                    .map(workload -> workload.withPeers("core core-1 spark executors"))
                    .toList();
        }
        return all.stream()
                .filter(workload ->
                        workload.group().equals(name) || workload.id().equals(name))
                .toList();
    }

    private Workload withPeers(String spaced) {
        return withPeers(List.of(spaced.split(" ", -1)));
    }

    /** The same for a part of its peers. */
    Workload withPeers(List<String> newPeers) {
        return new Workload(group, id, title, unit, layers, rows, batch, optimizer, newPeers);
    }

    /** The same, with fewer rows: to try things out. */
    Workload withRows(int newRows) {
        int newBatch = batch >= rows ? newRows : Math.min(batch, newRows);
        return new Workload(group, id, title, unit, layers, newRows, newBatch, optimizer, peers);
    }

    /** As the peers take it. */
    List<String> arguments() {
        String sizes = String.join(",", layers.stream().map(String::valueOf).toList());
        return List.of(
                "--layers",
                sizes,
                "--rows",
                Integer.toString(rows),
                "--batch",
                Integer.toString(batch),
                "--optimizer",
                optimizer);
    }
}
