package dev.backdraft.spark.storage;

import java.io.IOException;

/** Another training holds a directory. The message names it, its process, and what to do. */
public final class DirectoryInUseException extends IOException {
    private static final long serialVersionUID = 1;

    DirectoryInUseException(String message) {
        super(message);
    }
}
