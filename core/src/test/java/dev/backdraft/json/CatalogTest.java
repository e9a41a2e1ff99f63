package dev.backdraft.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members of users join by a file on the class path, seen through the context class loader. */
class CatalogTest {
    /** A family for the test. */
    public interface Fruit {
        String name();
    }

    /** Ours. */
    public record Apple() implements Fruit {
        @Override
        public String name() {
            return "apple";
        }
    }

    /** A user's. */
    public record Quince() implements Fruit {
        @Override
        public String name() {
            return "quince";
        }
    }

    /** A user's, whose name is taken. */
    public record Impostor() implements Fruit {
        @Override
        public String name() {
            return "apple";
        }
    }

    /** A user's that has no components to write. */
    public static final class NoRecord implements Fruit {
        @Override
        public String name() {
            return "pear";
        }
    }

    private final Catalog<Fruit> fruit = new Catalog<>(Fruit.class, "fruit", Fruit::name, List.of(new Apple()));

    @TempDir
    private Path classPath;

    private ClassLoader before;
    private URLClassLoader loader;

    @BeforeEach
    void addToTheClassPath() throws IOException {
        before = Thread.currentThread().getContextClassLoader();
        loader = new URLClassLoader(new URL[] {classPath.toUri().toURL()}, before);
        Thread.currentThread().setContextClassLoader(loader);
    }

    @AfterEach
    void restore() throws IOException {
        Thread.currentThread().setContextClassLoader(before);
        loader.close();
    }

    private void register(Class<?>... members) throws IOException {
        Path folder = Files.createDirectories(classPath.resolve("META-INF/services"));
        List<String> names = List.of(members).stream().map(Class::getName).toList();
        Files.write(folder.resolve(Fruit.class.getName()), names);
    }

    @Test
    void aUsersMemberStandsBehindOurs() throws IOException {
        register(Quince.class);

        assertThat(fruit.all()).containsExactly(new Apple(), new Quince());
        assertThat(fruit.named("quince")).isEqualTo(new Quince());
    }

    @Test
    void anotherClassLoaderSeesOthers() throws IOException {
        register(Quince.class);
        assertThat(fruit.has("quince")).isTrue();
        Thread.currentThread().setContextClassLoader(before);

        assertThat(fruit.has("quince")).isFalse();
        assertThat(fruit.all()).containsExactly(new Apple());
    }

    @Test
    void aMemberAddedLaterIsFoundByItsName() throws IOException {
        assertThat(fruit.all()).containsExactly(new Apple());
        register(Quince.class);

        assertThat(fruit.named("quince")).isEqualTo(new Quince());
        assertThat(fruit.list()).containsExactly("apple", "quince");
    }

    @Test
    void twoOfANameAreRefused() throws IOException {
        register(Impostor.class);

        assertThatThrownBy(() -> fruit.named("apple"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("two of the name 'apple'")
                .hasMessageContaining("Apple and ")
                .hasMessageContaining("Impostor");
    }

    @Test
    void whatIsNoRecordIsRefused() throws IOException {
        register(NoRecord.class);

        assertThatThrownBy(fruit::all)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("NoRecord must be a record");
    }
}
