package dev.backdraft.train;

/**
 * A setting that was chosen from the data.
 *
 * @param setting its name, for people
 * @param value as text
 * @param reason in a few words
 */
public record Chosen(String setting, String value, String reason) {}
