package dev.backdraft;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
        Stream.Builder<Arrows> all = Stream.builder();
        Arrows json = add(all, "json");
        Arrows linalg = add(all, "linalg");
        Arrows initializer = add(all, "initializer", json, linalg);
        Arrows activation = add(all, "activation", initializer);
        Arrows tensor = add(all, "tensor", json);
        Arrows layer = add(all, "layer", tensor, activation);
        Arrows loss = add(all, "loss", json, linalg);
        Arrows metric = add(all, "metric", loss);
        Arrows optim = add(all, "optim", tensor);
        Arrows schedule = add(all, "schedule", json);
        Arrows data = add(all, "data", json, linalg);
        add(all, "data.file", data);
        Arrows column = add(all, "column", data);
        Arrows label = add(all, "label", loss, data);
        Arrows network = add(all, "network", layer, loss);
        Arrows model = add(all, "model", network, metric, column);
        Arrows evaluate = add(all, "evaluate", model, label);
        Arrows train = add(all, "train", evaluate, optim, schedule);
        add(all, "train.checkpoint", train);
        Arrows plan = add(all, "train.plan", train);
        Arrows engine = add(all, "train.engine", plan);
        add(all, "train.local", engine);
        add(all, "explain", evaluate);
        return all.build();
    }

    /** Adds a package that may use these, and all that these may use. */
    private static Arrows add(Stream.Builder<Arrows> all, String name, Arrows... below) {
        Set<String> to = new TreeSet<>();
        for (Arrows each : below) {
            to.add(each.from());
            to.addAll(each.to());
        }
        Arrows arrows = new Arrows(name, List.copyOf(to));
        all.add(arrows);
        return arrows;
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
        return ROOT + "." + name;
    }

    /** Users touch no type that only an engine needs: neither as a result nor as an argument. */
    @Test
    void noTypeForUsersMentionsTheEngine() {
        methods()
                .that()
                .arePublic()
                .and()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackages(inside("train.engine"), inside("train.plan"))
                .should(new ArchCondition<>("mention no type of the engine") {
                    @Override
                    public void check(JavaMethod method, ConditionEvents events) {
                        Stream.concat(Stream.of(method.getRawReturnType()), method.getRawParameterTypes().stream())
                                .filter(type -> type.getPackageName().equals(inside("train.engine"))
                                        || type.getPackageName().equals(inside("train.plan")))
                                .forEach(type -> events.add(SimpleConditionEvent.violated(
                                        method, method.getFullName() + " mentions " + type.getName())));
                    }
                })
                .check(core);
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
