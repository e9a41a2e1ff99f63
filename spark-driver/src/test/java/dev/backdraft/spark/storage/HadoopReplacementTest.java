package dev.backdraft.spark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.backdraft.spark.storage.MemoryFileSystem.DeletesFirst;
import dev.backdraft.spark.storage.MemoryFileSystem.OverwritesAtOnce;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Replacing a file of a file system that the application has brought. */
class HadoopReplacementTest {
    private static final String NAME = "memory:/model";
    private static final String OLD = "the old content";
    private static final String NEW = "the new content";

    /** What a file system can do. */
    enum Kind {
        NO_FILE_CONTEXT,
        A_FILE_CONTEXT_THAT_DELETES_FIRST,
        A_FILE_CONTEXT_THAT_OVERWRITES,
        AN_OBJECT_STORE;

        HadoopStorage storage() {
            Configuration configuration = MemoryFileSystem.configuration();
            String context = "fs.AbstractFileSystem.memory.impl";
            switch (this) {
                case NO_FILE_CONTEXT -> {}
                case A_FILE_CONTEXT_THAT_DELETES_FIRST ->
                    configuration.setClass(context, DeletesFirst.class, DeletesFirst.class);
                case A_FILE_CONTEXT_THAT_OVERWRITES ->
                    configuration.setClass(context, OverwritesAtOnce.class, OverwritesAtOnce.class);
                case AN_OBJECT_STORE -> MemoryFileSystem.isObjectStore = true;
            }
            return new HadoopStorage(configuration);
        }
    }

    @BeforeEach
    void reset() {
        MemoryFileSystem.reset();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text() {
        byte[] found = MemoryFileSystem.FILES.get("model");
        return found == null ? null : new String(found, StandardCharsets.UTF_8);
    }

    private static void replace(HadoopStorage storage) throws IOException {
        storage.replace(NAME, out -> out.write(bytes(NEW)));
    }

    @ParameterizedTest
    @EnumSource
    void aFileIsCreatedThenReplacedAndNothingElseIsLeft(Kind kind) throws IOException {
        HadoopStorage storage = kind.storage();
        storage.replace(NAME, out -> out.write(bytes(OLD)));
        assertThat(text()).isEqualTo(OLD);
        replace(storage);
        assertThat(text()).isEqualTo(NEW);
        assertThat(MemoryFileSystem.FILES).containsOnlyKeys("model");
    }

    @ParameterizedTest
    @EnumSource
    void afterOneFailureTheOldOrTheNewFileIsThere(Kind kind) {
        HadoopStorage storage = kind.storage();
        int at = 0;
        do {
            at++;
            MemoryFileSystem.FILES.clear();
            MemoryFileSystem.FILES.put("model", bytes(OLD));
            MemoryFileSystem.fail(at, at);
            boolean refused = isRefused(storage);
            assertThat(text()).as("operation %d fails", at).isEqualTo(refused ? OLD : NEW);
        } while (MemoryFileSystem.failed);
        assertThat(at).isGreaterThan(2);
    }

    /** As when the network goes, or this process: what it has not done by then is never done. */
    @ParameterizedTest
    @EnumSource
    void whenAllFailsFromSomePointOnOneContentIsStillThere(Kind kind) {
        HadoopStorage storage = kind.storage();
        int at = 0;
        do {
            at++;
            MemoryFileSystem.FILES.clear();
            MemoryFileSystem.FILES.put("model", bytes(OLD));
            MemoryFileSystem.fail(at, Integer.MAX_VALUE);
            boolean refused = isRefused(storage);
            assertThat(MemoryFileSystem.FILES.values().stream().map(found -> new String(found, StandardCharsets.UTF_8)))
                    .as("operation %d fails", at)
                    .containsAnyOf(OLD, NEW);
            assertThat(refused || NEW.equals(text())).isTrue();
        } while (MemoryFileSystem.failed);
    }

    @ParameterizedTest
    @EnumSource(names = "AN_OBJECT_STORE", mode = EnumSource.Mode.EXCLUDE) // which has no such files
    void whatKilledWritersHaveLeftIsRemovedAfterADay(Kind kind) throws IOException {
        String old = ".backdraft-" + MemoryFileSystem.AGED;
        String recent = ".backdraft-12345678-0000-4000-8000-000000000000";
        for (String name : List.of(old + ".tmp", recent + ".tmp", "file" + old + ".tmp")) {
            MemoryFileSystem.FILES.put(name, bytes(OLD));
        }
        HadoopStorage storage = kind.storage();
        storage.replace("memory:/" + kind + "/model", out -> out.write(bytes(NEW)));
        assertThat(MemoryFileSystem.FILES).containsOnlyKeys("model", recent + ".tmp", "file" + old + ".tmp");

        MemoryFileSystem.FILES.put(old + ".tmp", bytes(NEW));
        MemoryFileSystem.FILES.put(old + ".old", bytes(OLD)); // of a file that has neither content in its place
        storage.replace("memory:/" + kind + "/hidden/model", out -> out.write(bytes(NEW)));
        assertThat(MemoryFileSystem.FILES).containsKeys(old + ".tmp", old + ".old");
    }

    private static boolean isRefused(HadoopStorage storage) {
        try {
            replace(storage);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void whoIsLeftWithoutTheFileLearnsWhereItsContentIs() {
        HadoopStorage storage = Kind.NO_FILE_CONTEXT.storage();
        MemoryFileSystem.FILES.put("model", bytes(OLD));
        MemoryFileSystem.fail(4, Integer.MAX_VALUE); // after creating, closing, and renaming the old file
        assertThatIOException()
                .isThrownBy(() -> replace(storage))
                .withMessageMatching(
                        "cannot be replaced .*: the old content is in memory:/\\S+, the new content in memory:/\\S+:.*");
        assertThat(MemoryFileSystem.FILES).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void aWriterThatFailsLeavesTheOldFile(Kind kind) {
        HadoopStorage storage = kind.storage();
        MemoryFileSystem.FILES.put("model", bytes(OLD));
        assertThatIOException()
                .isThrownBy(() -> storage.replace(NAME, stream -> {
                    try (OutputStream out = stream) {
                        out.write(bytes("ha"));
                        throw new IOException("no more rows");
                    }
                }))
                .withMessage("no more rows");
        assertThat(text()).isEqualTo(OLD);
        assertThat(MemoryFileSystem.FILES).containsOnlyKeys("model");
    }

    @Test
    void aStreamThatCannotBeAbortedDoesNotHideWhyItWas() {
        HadoopStorage storage = Kind.AN_OBJECT_STORE.storage();
        MemoryFileSystem.refusesToAbort = true;
        assertThatIOException()
                .isThrownBy(() -> storage.replace(NAME, out -> {
                    throw new IOException("no more rows");
                }))
                .withMessage("no more rows")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    }

    @ParameterizedTest
    @EnumSource
    void aDirectoryIsNoFileToReplace(Kind kind) {
        HadoopStorage storage = kind.storage();
        MemoryFileSystem.FILES.put("model", MemoryFileSystem.DIRECTORY);
        assertThatIOException().isThrownBy(() -> replace(storage)).withMessage("it is a directory");
        assertThatIOException()
                .isThrownBy(() -> storage.create(NAME, bytes(NEW)).close())
                .withMessage("it is a directory");
        assertThat(MemoryFileSystem.FILES).containsOnlyKeys("model");
        assertThat(MemoryFileSystem.FILES.get("model")).isSameAs(MemoryFileSystem.DIRECTORY);
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatGrowsNeverHasLessThanItsStart(Kind kind) throws IOException {
        HadoopStorage storage = kind.storage();
        MemoryFileSystem.FILES.put("model", bytes("1\n2\n3"));
        try (OutputStream out = storage.create(NAME, bytes("1\n2\n"))) {
            assertThat(text()).isIn(List.of("1\n2\n", "1\n2\n3"));
            out.write(bytes("3\n"));
            out.flush();
            assertThat(text()).isIn(List.of("1\n2\n3\n", "1\n2\n3"));
        }
        assertThat(text()).isEqualTo("1\n2\n3\n");
        assertThat(MemoryFileSystem.FILES).containsOnlyKeys("model");
    }

    /** Some file systems say so with one exception, some with another. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFileGrowsWhereNothingCanBeAppended(boolean checked) throws IOException {
        HadoopStorage storage = Kind.NO_FILE_CONTEXT.storage();
        MemoryFileSystem.refusesToAppend =
                () -> checked ? new IOException("Append is not supported!") : new UnsupportedOperationException();
        MemoryFileSystem.FILES.put("model", bytes("1\n2\n3"));
        try (OutputStream out = storage.create(NAME, bytes("1\n2\n"))) {
            assertThat(text()).isEqualTo("1\n2\n");
            out.write(bytes("3\n"));
            out.flush();
            assertThat(text()).isEqualTo("1\n2\n3\n");
            out.write('4');
        }
        assertThat(text()).isEqualTo("1\n2\n3\n4");
        assertThat(MemoryFileSystem.FILES).containsOnlyKeys("model");
    }

    @ParameterizedTest
    @EnumSource
    void noStreamStaysOpenWhenTheStartCannotBeWritten(Kind kind) {
        HadoopStorage storage = kind.storage();
        assertThatException().isThrownBy(() -> storage.create(NAME, null).close()); // any exception of writing
        assertThat(MemoryFileSystem.openOutputs).isZero();
    }
}
