package dev.backdraft.layer;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;

/** Normal with variance 1/in: what many lecture notes call Xavier; as {@link LecunNormal}, while Glorot's own is {@link GlorotNormal}. */
public record XavierNormal() implements Initializer {
    @Override
    public String name() {
        return "xavier-normal";
    }

    @Override
    public void fill(SplitMix random, Matrix weights) {
        new LecunNormal().fill(random, weights);
    }
}
