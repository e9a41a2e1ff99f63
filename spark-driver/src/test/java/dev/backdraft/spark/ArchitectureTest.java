package dev.backdraft.spark;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The arrows between the packages of this module. */
@AnalyzeClasses(packages = "dev.backdraft.spark", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ENGINE = "dev.backdraft.spark.engine";
    private static final String JOB = ENGINE + ".resident";
    private static final String DRIVER = JOB + ".driver";
    private static final String EXECUTOR = JOB + ".executor";
    private static final String PROTOCOL = JOB + ".protocol";
    private static final String LOCAL = ENGINE + ".local";

    @ArchTest
    static final ArchRule arrowsPointOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("cli")
            .definedBy("dev.backdraft.spark.cli..")
            .layer("ml")
            .definedBy("dev.backdraft.spark.ml..")
            .layer("rdd")
            .definedBy("dev.backdraft.spark.rdd..")
            .layer("sql")
            .definedBy("dev.backdraft.spark.sql..")
            .layer("explain")
            .definedBy("dev.backdraft.spark.explain..")
            .layer("score")
            .definedBy("dev.backdraft.spark.score..")
            .layer("engine")
            .definedBy("dev.backdraft.spark.engine..")
            .layer("data")
            .definedBy("dev.backdraft.spark.data..")
            .layer("demo")
            .definedBy("dev.backdraft.spark.demo..")
            .withOptionalLayers(true)
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("ml")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("rdd")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("sql")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("explain")
            .mayOnlyBeAccessedByLayers("ml", "cli")
            .whereLayer("score")
            .mayOnlyBeAccessedByLayers("ml", "rdd", "sql", "explain", "cli")
            .whereLayer("engine")
            .mayOnlyBeAccessedByLayers("ml", "rdd", "cli")
            .whereLayer("data")
            .mayOnlyBeAccessedByLayers("engine", "score", "ml", "rdd", "sql", "explain", "cli")
            .whereLayer("demo")
            .mayOnlyBeAccessedByLayers("cli");

    @ArchTest
    static final ArchRule theWireKnowsNothingOfWhatItCarries = noClasses()
            .that()
            .resideInAPackage("dev.backdraft.spark.engine.wire")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.backdraft.spark.engine.resident..",
                    "dev.backdraft.spark.engine.local",
                    "dev.backdraft.spark.engine",
                    "dev.backdraft.train");

    /** None of the classes of a package, without its subpackages, may use any of the others. */
    private static ArchRule independent(String of, String... others) {
        return noClasses()
                .that()
                .resideInAPackage(of)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others);
    }

    @ArchTest
    static final ArchRule theExecutorKnowsNothingOfTheDriver = independent(EXECUTOR, DRIVER, LOCAL, ENGINE);

    @ArchTest
    static final ArchRule theProtocolKnowsNeitherSide = independent(PROTOCOL, DRIVER, EXECUTOR, LOCAL, JOB, ENGINE);

    @ArchTest
    static final ArchRule aLocalMasterNeedsNoProtocol = independent(LOCAL, DRIVER, EXECUTOR, PROTOCOL, ENGINE);

    @ArchTest
    static final ArchRule theLongJobKnowsNothingOfItsTasks =
            independent(JOB, DRIVER, EXECUTOR, PROTOCOL, LOCAL, ENGINE);

    @ArchTest
    static final ArchRule theDriverOnlyCreatesTheTasksOfExecutors = noClasses()
            .that()
            .resideInAPackage(DRIVER)
            .and()
            .doNotHaveSimpleName("ClusterSession")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(EXECUTOR, ENGINE);

    @ArchTest
    static final ArchRule theSessionKnowsNothingElseOfExecutors = noClasses()
            .that()
            .haveSimpleName("ClusterSession")
            .should()
            .dependOnClassesThat(resideInAPackage(EXECUTOR).and(not(simpleName("WorkerTask"))));

    @ArchTest
    static final ArchRule theEngineKnowsTheDriversSideOnly = independent(ENGINE, EXECUTOR, PROTOCOL, LOCAL);

    @ArchTest
    static final ArchRule nothingIsReadByJavaSerialization =
            noClasses().should().dependOnClassesThat().haveFullyQualifiedName("java.io.ObjectInputStream");

    @ArchTest
    static final ArchRule fileSystemsAreReachedThroughOneDoor = noClasses()
            .that()
            .doNotHaveSimpleName("HadoopFileSystems")
            .should()
            .callMethod(Path.class, "getFileSystem", Configuration.class)
            .orShould()
            .callMethodWhere(
                    target(owner(assignableTo(FileSystem.class))).and(target(nameMatching("get|newInstance"))));

    @ArchTest
    static final ArchRule netlibIsReachedThroughBlasOnly =
            noClasses().should().dependOnClassesThat().resideInAPackage("dev.ludovic..");
}
