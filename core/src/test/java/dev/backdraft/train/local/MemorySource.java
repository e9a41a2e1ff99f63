package dev.backdraft.train.local;

import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import java.util.ArrayList;
import java.util.List;

/** A data set in memory. */
@SuppressWarnings("serial") // is never serialised here
public record MemorySource(List<List<Example>> rows) implements ExampleSource {
    /** Rows dealt out to so many parts. */
    public static MemorySource of(List<Example> rows, int parts) {
        List<List<Example>> dealt = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            dealt.add(new ArrayList<>());
        }
        for (int i = 0; i < rows.size(); i++) {
            dealt.get(i % parts).add(rows.get(i));
        }
        return new MemorySource(dealt);
    }

    @Override
    public int parts() {
        return rows.size();
    }

    @Override
    public ExampleReader open(int part) {
        return new Reader(part);
    }

    @Override
    public List<String> featureNames() {
        return List.of();
    }

    @Override
    public String labelName() {
        return null;
    }

    private final class Reader implements ExampleReader {
        private final int part;
        private int next;

        Reader(int part) {
            this.part = part;
        }

        @Override
        public Example read() {
            return next == rows.get(part).size() ? null : rows.get(part).get(next++);
        }

        @Override
        public String where() {
            return "part " + part + " row " + next;
        }

        @Override
        public void close() {}
    }
}
