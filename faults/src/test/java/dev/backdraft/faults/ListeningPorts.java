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
                try {
                    sockets.add(Files.readSymbolicLink(each).toString());
                } catch (NoSuchFileException e) {
                    continue; // closed meanwhile
                }
            }
        }
        Set<Integer> ports = new TreeSet<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table))) {
                String[] cells = line.strip().split("\\s+");
                if (cells.length > 9 && cells[3].equals(LISTENING) && sockets.contains("socket:[" + cells[9] + "]")) {
                    ports.add(Integer.parseInt(cells[1].substring(cells[1].indexOf(':') + 1), 16));
                }
            }
        }
        return ports;
    }
}
