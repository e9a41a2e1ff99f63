package dev.backdraft.faults;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The TCP ports that a process listens on, as Linux tells. */
final class ListeningPorts {
    private static final String LISTENING = "0A"; // TCP_LISTEN

    private ListeningPorts() {}

    static Set<Integer> of(long pid) throws IOException {
        Set<String> sockets = new HashSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path each : descriptors) {
                sockets.add(target(each));
            }
        }
        Set<Integer> ports = new TreeSet<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table))) {
                String[] cells = line.strip().split("\\s+", -1);
                if (cells.length > 9 && cells[3].equals(LISTENING) && sockets.contains("socket:[" + cells[9] + "]")) {
                    ports.add(Integer.parseInt(cells[1].substring(cells[1].indexOf(':') + 1), 16));
                }
            }
        }
        return ports;
    }

    /** What a descriptor refers to; empty when it has been closed meanwhile. */
    static String target(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}
