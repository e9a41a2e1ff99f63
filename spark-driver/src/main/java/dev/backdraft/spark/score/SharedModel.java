package dev.backdraft.spark.score;

import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A model that can be sent: as the bytes of its file, from which whoever receives it makes it at the first use. As the value of a
 * broadcast it is made once a JVM. Thread-safe.
 */
public final class SharedModel implements Serializable {
    private static final long serialVersionUID = 1;

    private final byte[] file; // null while it need not be sent
    private transient volatile Model model; // null behind a transfer, until somebody asks

    /** @param model is kept for this JVM */
    public SharedModel(Model model) {
        this(null, model);
    }

    private SharedModel(byte[] file, Model model) {
        this.file = file;
        this.model = model;
    }

    /** Broadcasts a model; each executor makes it once. The caller may destroy the broadcast when no job needs it any more. */
    public static Broadcast<SharedModel> broadcast(SparkContext spark, Model model) {
        return JavaSparkContext.fromSparkContext(spark).broadcast(new SharedModel(model).withFile());
    }

    /** What Java serialization sends instead of this. A broadcast may go through Kryo, which does not ask. */
    private Object writeReplace() {
        return withFile();
    }

    private SharedModel withFile() {
        if (file != null) {
            return this;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ModelFile.write(model, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // of memory
        }
        return new SharedModel(out.toByteArray(), model);
    }

    /** The model; made of its bytes by the first who asks. */
    public Model model() {
        Model made = model;
        if (made != null) {
            return made;
        }
        synchronized (this) {
            if (model == null) {
                try {
                    model = ModelFile.read(new ByteArrayInputStream(file), "the broadcast model");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return model;
        }
    }
}
