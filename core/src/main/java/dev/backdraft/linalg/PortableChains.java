package dev.backdraft.linalg;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Selects how this JVM computes {@link Chains}: in vectors where it can, and otherwise in plain loops. */
final class PortableChains {
    private static final Logger LOG = LoggerFactory.getLogger(PortableChains.class);

    private PortableChains() {}

    static Chains best() {
        if (!JvmOptions.fusedMultiplyAdd()) {
            return new ScalarChains("this processor has no fused multiply-add");
        }
        if (!JvmOptions.optimizingCompiler()) {
            return new ScalarChains("this JVM runs without its optimizing compiler");
        }
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return new ScalarChains("no Vector API: start Java with --add-modules=jdk.incubator.vector");
        }
        try {
            return vector();
        } catch (ReflectiveOperationException | LinkageError e) {
            LOG.warn("The Vector API of this JVM is not the one that this version was built for", e);
            return new ScalarChains("the Vector API of this JVM is another");
        }
    }

    /** By name, because the classes that use the module are compiled after all others. */
    private static Chains vector() throws ReflectiveOperationException {
        Class<?> vectorChains = Class.forName("dev.backdraft.linalg.VectorChains");
        return (Chains) vectorChains.getDeclaredMethod("ofThisMachine").invoke(null);
    }
}
