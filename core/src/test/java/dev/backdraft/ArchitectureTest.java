package dev.backdraft;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows between packages, and what no class of this module may use. */
class ArchitectureTest {
    private static final String ROOT = "dev.backdraft";

    private static JavaClasses core;

    /** A package and those of ours that it may use. */
    record Arrows(String from, List<String> to) {}

    static Stream<Arrows> everyPackage() {
        return Stream.of(
                new Arrows("json", List.of()),
                new Arrows("linalg", List.of()),
                new Arrows("optim", List.of("json")),
                new Arrows("layer", List.of("json", "linalg")),
                new Arrows("loss", List.of("json", "linalg")),
                new Arrows("metric", List.of("json", "loss", "linalg")),
                new Arrows("data", List.of("json", "linalg")),
                new Arrows("network", List.of("json", "layer", "loss", "linalg")),
                new Arrows("model", List.of("json", "network", "layer", "loss", "metric", "data", "linalg")),
                new Arrows(
                        "train",
                        List.of("json", "model", "network", "layer", "loss", "metric", "data", "linalg", "optim")),
                new Arrows(
                        "explain",
                        List.of("json", "train", "model", "network", "layer", "loss", "metric", "data", "linalg")));
    }

    @BeforeAll
    static void read() {
        core = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(ROOT);
    }

    @ParameterizedTest
    @MethodSource("everyPackage")
    void packagesUseOnlyThoseBelowThem(Arrows arrows) {
        List<String> allowed = new ArrayList<>(arrows.to());
        allowed.add(arrows.from());
        noClasses()
                .that()
                .resideInAPackage(inside(arrows.from()))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(everyPackage()
                        .map(Arrows::from)
                        .filter(name -> !allowed.contains(name))
                        .map(ArchitectureTest::inside)
                        .toArray(String[]::new))
                .check(core);
    }

    @Test
    void everyClassIsInOneOfThesePackages() {
        classes()
                .should()
                .resideInAnyPackage(
                        everyPackage().map(arrows -> inside(arrows.from())).toArray(String[]::new))
                .check(core);
    }

    private static String inside(String name) {
        return ROOT + "." + name + "..";
    }

    @Test
    void onlyBlasTouchesNetlib() {
        noClasses()
                .that()
                .resideOutsideOfPackage(inside("linalg"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.ludovic.netlib..")
                .check(core);
    }

    @Test
    void nobodyReadsOrWritesSerializedObjects() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(ObjectInputStream.class, ObjectOutputStream.class)
                .check(core);
    }

    @Test
    void nobodyKnowsSpark() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..")
                .check(core);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.apache.spark.SparkContext",
                "org.apache.spark.sql.SparkSession",
                "org.apache.hadoop.conf.Configuration",
                "scala.Option"
            })
    void sparkIsNotOnTheClassPath(String name) {
        assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void everyClassIsFinal() {
        classes()
                .that()
                .areNotInterfaces()
                .and()
                .areNotEnums()
                .and()
                .areTopLevelClasses()
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(core);
    }
}
