package dev.backdraft.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code train} is killed again and again, and resumed each time, now by one thread, now by two, now by Spark: the
 * weights are those of a training that was never killed.
 */
@Tag("slow")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class DriverKillTest {
    private static final long SEED = 4; // of 4 kills, one is while it starts, and each route is killed
    private static final int EPOCHS = 20 + 15 * Kills.COUNT; // room for 15 at each kill
    private static final int MOST_EPOCHS_LOST = 3;
    private static final Pattern CONTINUED = Pattern.compile("continuing after epoch (\\d+) ");
    private static final Pattern HASH = Pattern.compile("weights-sha256: (\\p{XDigit}+)");

    private final Random random = new Random(SEED);

    @TempDir
    private Path directory;

    /** Where a training computes, in turns. */
    private static List<String> route(int turn) {
        return switch (turn % 4) {
            case 0 -> List.of("--aggregation=local", "--master=local[2]");
            case 1 -> List.of("--aggregation=job", "--master=local[2]");
            case 2 -> List.of("--aggregation=local", "--master=local[1]");
            default -> List.of("--aggregation=local", "--master=local[3]");
        };
    }

    private Path data() throws IOException {
        Random rows = new Random(1);
        StringBuilder csv = new StringBuilder("a,b,c,d,kind\n");
        for (int i = 0; i < 400; i++) {
            for (int j = 0; j < 4; j++) {
                csv.append(rows.nextGaussian() + (i % 3 == j ? 1 : 0)).append(',');
            }
            csv.append("xyz".charAt(i % 3)).append('\n');
        }
        return Files.writeString(directory.resolve("rows.csv"), csv);
    }

    private CommandProcess start(String run, List<String> more, int turn) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("train", "--out", directory.resolve(run).toString()));
        arguments.addAll(more);
        arguments.addAll(route(turn));
        return CommandProcess.start(directory, arguments);
    }

    /** The number of epochs in the history. */
    private int epochs() throws IOException {
        Path history = directory.resolve("run/history.csv");
        if (!Files.exists(history)) {
            return 0;
        }
        return Math.max(
                0,
                (int) Files.readString(history).chars().filter(c -> c == '\n').count() - 1);
    }

    /** Kills the process at a random moment, and returns when that was. */
    private String kill(CommandProcess process, boolean isFirst) throws Exception {
        long start = System.nanoTime();
        int pause;
        if (!isFirst && random.nextInt(4) == 0) { // while it starts, reads the checkpoint, or trains
            pause = random.nextInt(4000);
            int before = epochs();
            while (process.isAlive()
                    && epochs() < before + 8
                    && System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(pause)) {
                Thread.sleep(1);
            }
        } else {
            int more = 2 + random.nextInt(4);
            pause = random.nextInt(30);
            int before = epochs();
            int seen = before;
            while (process.isAlive() && seen < before + more) {
                Thread.sleep(1);
                int now = epochs();
                before = now < seen ? now : before; // a resumed training has dropped what came after its checkpoint
                seen = now;
            }
            Thread.sleep(pause);
        }
        assertThat(process.isAlive()).as(process.all()).isTrue();
        process.kill();
        return String.format(Locale.ROOT, "%d epochs, %.1f s", epochs(), (System.nanoTime() - start) / 1e9);
    }

    private static String hash(CommandProcess process) throws Exception {
        assertThat(process.process().waitFor()).as(process.all()).isZero();
        Matcher hash = HASH.matcher(process.printed());
        assertThat(hash.find()).as(process.all()).isTrue();
        return hash.group(1);
    }

    /** The lines of a history without the columns of time. */
    private List<String> history(String run) throws IOException {
        return Files.readAllLines(directory.resolve(run).resolve("history.csv")).stream()
                .map(line -> String.join(",", List.of(line.split(",")).subList(0, 6)))
                .toList();
    }

    @Test
    void killsChangeNoBit() throws Exception {
        List<String> settings = List.of(
                "--data=" + data(),
                "--layers=4,96,96,3",
                "--batch-size=100",
                "--epochs=" + EPOCHS,
                "--early-stopping=none",
                "--checkpoint-every=1");
        String undisturbed = hash(start("undisturbed", settings, 0));

        List<String> kills = new ArrayList<>();
        int last = 0;
        for (int i = 0; i < Kills.COUNT; i++) {
            CommandProcess process = start("run", i == 0 ? settings : List.of("--resume"), i);
            kills.add(kill(process, i == 0));
            Matcher continued = CONTINUED.matcher(process.printed());
            if (continued.find()) {
                assertThat(Integer.parseInt(continued.group(1)))
                        .as("the epoch that training %d has continued after", i)
                        .isGreaterThanOrEqualTo(last - MOST_EPOCHS_LOST);
            }
            last = epochs();
        }
        CommandProcess process = start("run", List.of("--resume"), 1);
        String hash = hash(process);
        System.out.printf("seed %d, %d kills of the driver: %s%n", SEED, kills.size(), kills);
        assertThat(last).as("the epoch at the last kill").isLessThan(EPOCHS);
        assertThat(CONTINUED.matcher(process.printed()).find()).isTrue();
        assertThat(hash).isEqualTo(undisturbed);
        assertThat(history("run")).isEqualTo(history("undisturbed"));
        assertThat(history("run").stream().skip(1).map(line -> line.substring(0, line.indexOf(','))))
                .isEqualTo(IntStream.rangeClosed(1, EPOCHS)
                        .mapToObj(Integer::toString)
                        .toList());
        try (Stream<Path> files = Files.list(directory.resolve("run"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.startsWith(".") || name.endsWith(".lock"));
        }
    }
}
