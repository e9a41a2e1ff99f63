package dev.backdraft.model;

/** What a safetensors file of ours holds, and how a message says that another file does not. */
enum FileKind {
    MODEL("not a Backdraft model file: ", "; name a file that Backdraft wrote"),
    CHECKPOINT("is not a checkpoint, or is incomplete: ", "");

    private final String before;
    private final String after;

    FileKind(String before, String after) {
        this.before = before;
        this.after = after;
    }

    /** A file of another kind; {@code why} says how that is seen. */
    ModelFileException foreign(String file, String why) {
        return new ModelFileException(file, before + why + after, null);
    }
}
