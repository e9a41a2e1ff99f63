package dev.backdraft.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A second host within this one, whose network cable can be pulled: a network namespace behind a switch, which is
 * another namespace. Its processes also see no others, so that nothing but the cable connects them with this host.
 *
 * <p>A namespace exists as long as a process of it, and a cable as long as both of its ends. Each of these processes
 * ends with its standard input, so that nothing is left even when this JVM is killed.
 */
final class CutOffNetwork implements AutoCloseable {
    private static final int MASK = 30; // two hosts

    private final List<Process> holders = new ArrayList<>();
    private final String subnet;
    private String port; // of the switch, where the second host's cable ends
    private long inSwitch; // number of a process there
    private long inSecond;

    /** Makes it, or aborts the test where that is not possible. */
    static CutOffNetwork make() {
        CutOffNetwork network = new CutOffNetwork();
        try {
            network.connect();
            return network;
        } catch (IOException e) {
            network.close();
            return Assumptions.abort("needs root on Linux, for network namespaces: " + e.getMessage());
        }
    }

    private CutOffNetwork() {
        subnet = "198.18." + ProcessHandle.current().pid() % 256; // for benchmarks, says RFC 2544: nobody else's
    }

    private void connect() throws IOException {
        String name = "bd" + ProcessHandle.current().pid() % 1_000_000;
        port = name + "p";
        inSwitch = hold();
        inSecond = hold();
        run("ip", "link", "add", name, "type", "veth", "peer", "name", name + "s", "netns", Long.toString(inSwitch));
        run(
                inSwitch,
                "ip",
                "link",
                "add",
                port,
                "type",
                "veth",
                "peer",
                "name",
                name,
                "netns",
                Long.toString(inSecond));
        run(inSwitch, "ip", "link", "add", "switch", "type", "bridge");
        for (String each : List.of(name + "s", port)) {
            run(inSwitch, "ip", "link", "set", each, "master", "switch", "up");
        }
        run(inSwitch, "ip", "link", "set", "switch", "up");
        run("ip", "address", "add", first() + "/" + MASK, "dev", name);
        run("ip", "link", "set", name, "up");
        run(inSecond, "ip", "address", "add", second() + "/" + MASK, "dev", name);
        run(inSecond, "ip", "link", "set", name, "up");
        run(inSecond, "ip", "link", "set", "lo", "up");
    }

    /** The number of a process in a new namespace. */
    private long hold() throws IOException {
        Process holder = new ProcessBuilder("unshare", "--net", "sh", "-c", "echo; exec cat")
                .redirectErrorStream(true)
                .start();
        holders.add(holder);
        String line =
                new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (line == null || !line.isEmpty()) {
            throw new IOException("unshare: " + line);
        }
        return holder.pid();
    }

    private static void run(long within, String... command) throws IOException {
        List<String> line = new ArrayList<>(List.of("nsenter", "--target", Long.toString(within), "--net"));
        line.addAll(List.of(command));
        run(line.toArray(new String[0]));
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
    }

    /** The address of this host. */
    String first() {
        return subnet + ".1";
    }

    /** The address of the second host. */
    String second() {
        return subnet + ".2";
    }

    /** What starts a command on the second host, of which it is the last argument. */
    List<String> onSecond() {
        return List.of(
                "nsenter",
                "--target",
                Long.toString(inSecond),
                "--net",
                "--", // and a /proc of its own
                "unshare",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc");
    }

    /** Pulls the cable of the second host: whatever is sent from now on, and what is under way, is lost. */
    void cut() throws IOException {
        run(inSwitch, "ip", "link", "set", port, "down");
    }

    /** Plugs the cable in again. */
    void restore() throws IOException {
        run(inSwitch, "ip", "link", "set", port, "up");
    }

    /** Ends the namespaces, and with them what connects them, once their processes have ended. */
    @Override
    public void close() {
        holders.forEach(Process::destroyForcibly);
        holders.forEach(holder -> holder.onExit().join());
    }
}
