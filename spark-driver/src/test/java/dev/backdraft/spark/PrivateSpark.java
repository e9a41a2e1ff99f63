package dev.backdraft.spark;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.NameTransformer;
import scala.reflect.api.JavaUniverse;
import scala.reflect.api.Names;
import scala.reflect.api.Symbols;
import scala.reflect.api.Types;
import scala.reflect.api.Universe;

/**
 * Which of Spark's classes and members are private to it: public in its class files, but not promised. Those that
 * Scala's signatures call private, such as {@code private[spark]}, are asked for of the Spark that the tests run on;
 * what a signature does not tell is listed here.
 */
final class PrivateSpark {
    /** What Spark's own API documentation leaves out, and its Netty. */
    private static final List<String> PACKAGES = List.of(
            "io.netty",
            "org.apache.spark.deploy",
            "org.apache.spark.executor",
            "org.apache.spark.internal",
            "org.apache.spark.memory",
            "org.apache.spark.network",
            "org.apache.spark.rpc",
            "org.apache.spark.shuffle",
            "org.apache.spark.sql.catalyst",
            "org.apache.spark.sql.classic",
            "org.apache.spark.sql.execution",
            "org.apache.spark.sql.internal",
            "org.apache.spark.storage",
            "org.apache.spark.unsafe",
            "org.apache.spark.util",
            "org.sparkproject");

    /** In Spark's documentation, but with the words that it is not intended for users. */
    private static final Set<String> CLASSES = Set.of("org.apache.spark.SparkEnv");

    /** Promised, though in one of the packages. */
    private static final Set<String> PROMISED = Set.of(
            "org.apache.spark.storage.RDDInfo",
            "org.apache.spark.storage.StorageLevel",
            "org.apache.spark.util.AccumulatorV2",
            "org.apache.spark.util.DoubleAccumulator",
            "org.apache.spark.util.LongAccumulator",
            "org.apache.spark.util.TaskCompletionListener");

    private static final JavaUniverse SCALA = scala.reflect.runtime.package$.MODULE$.universe();
    private static final JavaUniverse.JavaMirror MIRROR =
            (JavaUniverse.JavaMirror) (Object) SCALA.runtimeMirror(PrivateSpark.class.getClassLoader());
    private static final Map<String, Boolean> KNOWN = new ConcurrentHashMap<>();

    private PrivateSpark() {}

    /** Uses of what is private, as {@code class} or {@code class.member}. */
    static Set<String> usedBy(JavaClass type) {
        Set<String> used = new TreeSet<>();
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
            String name = dependency.getTargetClass().getBaseComponentType().getName();
            if (isPrivate(name)) {
                used.add(name);
            }
        }
        for (JavaAccess<?> access : type.getAccessesFromSelf()) {
            String owner = access.getTargetOwner().getName();
            if (isPrivate(owner, access.getTarget().getName())) {
                used.add(owner + "." + access.getTarget().getName());
            }
        }
        return used;
    }

    static ArchCondition<JavaClass> beUsed() {
        return new ArchCondition<>("use what is private to Spark") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                Set<String> used = usedBy(type);
                String message = type.getName() + " uses " + String.join(", ", used);
                events.add(new SimpleConditionEvent(type, !used.isEmpty(), message));
            }
        };
    }

    /** Whether a class is. */
    static boolean isPrivate(String name) {
        String outer = name.replaceAll("\\$.*", "");
        if (PACKAGES.stream().anyMatch(prefix -> name.startsWith(prefix + "."))) {
            return !PROMISED.contains(outer);
        }
        return CLASSES.contains(outer)
                || (isOfSpark(name) && KNOWN.computeIfAbsent(name, PrivateSpark::isPrivateInScala));
    }

    /** Whether a member of a class is, whatever its arguments are. */
    static boolean isPrivate(String owner, String member) {
        return isOfSpark(owner)
                && !member.equals("MODULE$")
                && KNOWN.computeIfAbsent(owner + "." + member, key -> isPrivateInScala(owner, member));
    }

    private static boolean isOfSpark(String name) {
        return name.startsWith("org.apache.spark.");
    }

    private static boolean isPrivateInScala(String name) {
        for (Symbols.SymbolApi symbol = symbol(name); isNamed(symbol); symbol = symbol.owner()) {
            if (isRestricted(symbol)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPrivateInScala(String owner, String member) {
        Symbols.SymbolApi symbol = symbol(owner);
        Symbols.SymbolApi found = member(symbol, member);
        if (!isNamed(found)) { // a static method is one of the companion object
            found = member(symbol.companion(), member);
        }
        if (!isNamed(found)) {
            return false; // of a class that is Java's
        }
        for (Object overload : CollectionConverters.asJava(found.asTerm().alternatives())) {
            if (!isRestricted((Symbols.SymbolApi) overload)) {
                return false;
            }
        }
        return true;
    }

    private static Symbols.SymbolApi symbol(String name) {
        try {
            Class<?> type = Class.forName(name, false, PrivateSpark.class.getClassLoader());
            return (Symbols.SymbolApi)
                    (Object) (name.endsWith("$") ? MIRROR.moduleSymbol(type) : MIRROR.classSymbol(type));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Symbols.SymbolApi member(Symbols.SymbolApi of, String name) {
        Types.TypeApi type = of.typeSignature();
        Names.NameApi term =
                (Names.NameApi) (Object) ((Universe) (Object) SCALA).TermName().apply(NameTransformer.decode(name));
        return type.member(term);
    }

    private static boolean isNamed(Symbols.SymbolApi symbol) {
        return !symbol.equals(((Universe) (Object) SCALA).NoSymbol()) && !symbol.isPackage();
    }

    /** Protected is for subclasses, and is promised to them, unless it is protected within a package. */
    private static boolean isRestricted(Symbols.SymbolApi symbol) {
        return symbol.isPrivate() || !symbol.privateWithin().equals(((Universe) (Object) SCALA).NoSymbol());
    }
}
