package dev.backdraft.benchmarks.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * More hosts within this one, whose network cables can be pulled or carry a few bits per second only: network
 * namespaces connected by a switch, which is another namespace. This host, number 0, has a cable to the switch, too.
 * Processes on the other hosts see no others, so that nothing but the cables connects them. Needs root on Linux.
 *
 * <p>A namespace exists as long as a process of it, and a cable as long as both of its ends. Each of these processes
 * ends with its standard input, so that nothing is left even when this JVM is killed.
 */
public final class VirtualNetwork implements AutoCloseable {
    private static final int MASK = 24;
    private static final String CABLE = "cable"; // the name of its end on other hosts
    private static final double BURST_SECONDS = 1e-4; // sent at once after a pause
    private static final int LEAST_BURST = 20_000; // bytes; more than the largest packet
    private static final double QUEUE_SECONDS = 0.02; // of packets that wait at each end of a cable; others are dropped

    private final List<Process> holders = new ArrayList<>();
    private final String subnet;
    private final String ownCable; // the name of its end on this host
    private long inSwitch; // number of a process there
    private final List<Long> inHost = new ArrayList<>(); // numbers of processes, of host 1 first

    /** What went through the cable of a host since the network was made, with the headers of all packets. */
    public record Traffic(long bytesSent, long bytesReceived) {}

    /**
     * Makes it.
     *
     * @param hosts besides this one
     * @throws IOException where that is not possible
     */
    public static VirtualNetwork of(int hosts) throws IOException {
        VirtualNetwork network = new VirtualNetwork();
        try {
            network.connect(hosts);
            return network;
        } catch (IOException e) {
            network.close();
            throw new IOException("needs root on Linux, for network namespaces: " + e.getMessage(), e);
        }
    }

    private VirtualNetwork() {
        subnet = "198.18." + ProcessHandle.current().pid() % 256; // for benchmarks, says RFC 2544: nobody else's
        ownCable = "bd" + ProcessHandle.current().pid() % 1_000_000;
    }

    private void connect(int hosts) throws IOException {
        inSwitch = hold();
        inSwitch("ip", "link", "add", "name", "switch", "type", "bridge");
        inSwitch("ip", "link", "set", "switch", "up");
        run("ip", "link", "add", "name", ownCable, "type", "veth", "peer", "name", port(0), "netns", text(inSwitch));
        for (int host = 1; host <= hosts; host++) {
            inHost.add(hold());
            onHost(host, "ip", "link", "set", "lo", "up");
            onHost(
                    host,
                    "ip",
                    "link",
                    "add",
                    "name",
                    CABLE,
                    "type",
                    "veth",
                    "peer",
                    "name",
                    port(host),
                    "netns",
                    text(inSwitch));
        }
        for (int host = 0; host <= hosts; host++) {
            inSwitch("ip", "link", "set", port(host), "master", "switch", "up");
            onHost(host, "ip", "address", "add", address(host) + "/" + MASK, "dev", cable(host));
            onHost(host, "ip", "link", "set", cable(host), "up");
        }
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

    private static String text(long number) {
        return Long.toString(number);
    }

    /** The name of the end of a host's cable in the switch. */
    private static String port(int host) {
        return "port" + host;
    }

    private String cable(int host) {
        return host == 0 ? ownCable : CABLE;
    }

    /** What starts a command in the namespace of a process. */
    private static List<String> within(long process) {
        return List.of("nsenter", "--target", text(process), "--net", "--");
    }

    private String inSwitch(String... command) throws IOException {
        return run(within(inSwitch), command);
    }

    private String onHost(int host, String... command) throws IOException {
        return run(host == 0 ? List.of() : within(inHost.get(host - 1)), command);
    }

    private static String run(String... command) throws IOException {
        return run(List.of(), command);
    }

    /** Runs a command. Returns what it prints. */
    private static String run(List<String> starter, String... command) throws IOException {
        List<String> words = new ArrayList<>(starter);
        words.addAll(List.of(command));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
        return said;
    }

    /**
     * The address of a host.
     *
     * @param host 0 for this one
     */
    public String address(int host) {
        return subnet + "." + (host + 1);
    }

    /**
     * What starts a command on another host, of which it is the last argument. The command also has a {@code /proc} of
     * its own.
     */
    public List<String> on(int host) {
        List<String> command = new ArrayList<>(within(inHost.get(host - 1)));
        command.addAll(List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc"));
        return command;
    }

    /** Pulls the cable of a host: whatever is sent from now on, and what is under way, is lost. */
    public void cut(int host) throws IOException {
        inSwitch("ip", "link", "set", port(host), "down");
    }

    /** Plugs the cable in again. */
    public void restore(int host) throws IOException {
        inSwitch("ip", "link", "set", port(host), "up");
    }

    /**
     * Limits what all cables carry, in each direction.
     *
     * @param bitsPerSecond of packets, with all headers; 0 for no limit
     */
    public void limit(double bitsPerSecond) throws IOException {
        int burst = (int) Math.max(LEAST_BURST, bitsPerSecond / 8 * BURST_SECONDS);
        for (int host = 0; host <= inHost.size(); host++) {
            int packet = bitsPerSecond == 0 ? 65_536 : Math.min(65_536, burst * 4 / 5); // that the kernel cuts late
            onHost(host, "ip", "link", "set", cable(host), "gso_max_size", text(packet));
            onHost(host, limitOf(cable(host), bitsPerSecond, burst));
            inSwitch(limitOf(port(host), bitsPerSecond, burst));
        }
    }

    private static String[] limitOf(String device, double bitsPerSecond, int burst) {
        String command = bitsPerSecond == 0
                ? "tc qdisc replace dev " + device + " root noqueue"
                : String.format(
                        Locale.ROOT,
                        "tc qdisc replace dev %s root tbf rate %.0fbit burst %d limit %d",
                        device,
                        bitsPerSecond,
                        burst,
                        burst + (long) (bitsPerSecond / 8 * QUEUE_SECONDS));
        return command.split(" ");
    }

    /** What a host has sent and received. */
    public Traffic traffic(int host) throws IOException {
        String prefix = cable(host) + ":";
        for (String line : onHost(host, "cat", "/proc/net/dev").split("\n", -1)) {
            if (line.strip().startsWith(prefix)) {
                String[] figures =
                        line.strip().substring(prefix.length()).strip().split(" +", -1);
                return new Traffic(Long.parseLong(figures[8]), Long.parseLong(figures[0]));
            }
        }
        throw new IOException("no cable on host " + host);
    }

    /** Seconds from a packet to its answer, on average: of a small one, between this host and another one. */
    public double roundTripSeconds(int host) throws IOException {
        String said = run("ping", "-q", "-c", "50", "-i", "0.01", address(host));
        return Double.parseDouble(
                        said.substring(said.lastIndexOf('=') + 1).strip().split("/", -1)[1])
                * 1e-3; // min/avg/
    }

    /** Bytes per second that one TCP connection carries from another host to this one. */
    public double bytesPerSecond(int host, long bytes) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName(address(0)))) {
            String copy = "head -c " + bytes + " /dev/zero > /dev/tcp/" + address(0) + "/" + server.getLocalPort();
            List<String> words = new ArrayList<>(within(inHost.get(host - 1)));
            words.addAll(List.of("bash", "-c", copy));
            Process sender = new ProcessBuilder(words).inheritIO().start();
            try (Socket socket = server.accept();
                    InputStream in = socket.getInputStream()) {
                byte[] buffer = new byte[1 << 16];
                in.readNBytes(buffer, 0, buffer.length); // so that the start of the process does not count
                long start = System.nanoTime();
                long read = 0;
                for (int now = in.read(buffer); now > 0; now = in.read(buffer)) {
                    read += now;
                }
                return read / ((System.nanoTime() - start) * 1e-9);
            } finally {
                sender.onExit().join();
            }
        }
    }

    /** Ends the namespaces, and with them what connects them, once their processes have ended. */
    @Override
    public void close() {
        try {
            run("ip", "link", "delete", ownCable); // the kernel does it some time after the switch has ended
        } catch (IOException e) {
            // it was not made
        }
        holders.forEach(Process::destroyForcibly);
        holders.forEach(holder -> holder.onExit().join());
    }
}
