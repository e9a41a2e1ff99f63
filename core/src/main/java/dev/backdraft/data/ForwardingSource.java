package dev.backdraft.data;

import java.util.List;

/** Rows that are made of those of another source, part by part; all else is as there. */
interface ForwardingSource extends ExampleSource {
    /** The other source. */
    ExampleSource source();

    @Override
    default int parts() {
        return source().parts();
    }

    @Override
    default List<String> featureNames() {
        return source().featureNames();
    }

    @Override
    default String labelName() {
        return source().labelName();
    }

    @Override
    default RowEncoder encoder() {
        return source().encoder();
    }
}
