package dev.backdraft.benchmarks.jmh;

import dev.backdraft.activation.Relu;
import dev.backdraft.network.Network;

/** The networks of the workloads. */
final class Networks {
    private Networks() {}

    /** That of W1: 784-512-256-10, ReLU. */
    static Network large() {
        return Network.builder(784)
                .dense(512)
                .activation(new Relu())
                .dense(256)
                .activation(new Relu())
                .dense(10)
                .build();
    }

    /** That of W3: 20-64-32-2, ReLU. */
    static Network small() {
        return Network.builder(20)
                .dense(64)
                .activation(new Relu())
                .dense(32)
                .activation(new Relu())
                .dense(2)
                .build();
    }
}
