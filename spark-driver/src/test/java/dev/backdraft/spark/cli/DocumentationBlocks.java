package dev.backdraft.spark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The fenced code blocks of README and docs. */
final class DocumentationBlocks {
    static final Path ROOT = Path.of("..");

    private DocumentationBlocks() {}

    /**
     * A block.
     *
     * @param place its page and first line
     * @param language what follows the opening fence; empty for none
     */
    record Block(String place, String language, String text) {
        boolean isOf(String page) {
            return place.startsWith(page + ":");
        }
    }

    static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(
                List.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md"), ROOT.resolve("docker/README.md")));
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            docs.filter(path -> path.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        return pages;
    }

    static List<Block> all() throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (Path page : pages()) {
            String language = null;
            int first = 0;
            List<String> lines = Files.readAllLines(page);
            for (int i = 0; i < lines.size(); i++) {
                if (!lines.get(i).startsWith("```")) {
                    continue;
                }
                if (language == null) {
                    language = lines.get(i).substring(3).strip();
                    first = i + 1;
                } else {
                    String text = String.join("\n", lines.subList(first, i)) + "\n";
                    blocks.add(new Block(ROOT.relativize(page) + ":" + (first + 1), language, text));
                    language = null;
                }
            }
        }
        return blocks;
    }

    static List<Block> of(String language) throws IOException {
        return all().stream().filter(block -> block.language().equals(language)).toList();
    }
}
