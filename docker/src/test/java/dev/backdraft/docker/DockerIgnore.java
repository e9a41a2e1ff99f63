package dev.backdraft.docker;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;

/** The rules of {@code .dockerignore}, of which this repository uses patterns without exceptions. */
final class DockerIgnore {
    private final List<PathMatcher> rules;

    DockerIgnore(String text) {
        rules = text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(line -> line.endsWith("/") ? line.substring(0, line.length() - 1) : line)
                .flatMap(line ->
                        line.startsWith("**/") ? List.of(line, line.substring(3)).stream() : List.of(line).stream())
                .map(line -> FileSystems.getDefault().getPathMatcher("glob:" + line))
                .toList();
    }

    /** Whether a path, relative to the root, is left out: it or a directory above it matches a rule. */
    boolean excludes(String path) {
        for (Path each = Path.of(path); each != null; each = each.getParent()) {
            Path candidate = each;
            if (rules.stream().anyMatch(rule -> rule.matches(candidate))) {
                return true;
            }
        }
        return false;
    }
}
