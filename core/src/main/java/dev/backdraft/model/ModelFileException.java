package dev.backdraft.model;

import java.io.IOException;

/** A file that is no usable model. The message names the file, what is wrong with it, and what was expected. */
public final class ModelFileException extends IOException {
    private static final long serialVersionUID = 1;

    ModelFileException(String file, String problem) {
        super(file + ": " + problem);
    }
}
