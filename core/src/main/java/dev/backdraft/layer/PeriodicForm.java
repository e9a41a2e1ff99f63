package dev.backdraft.layer;

/** What a {@link PeriodicEmbedding} makes of the waves of a number. */
public enum PeriodicForm {
    /** Periodic, linear: {@code W [sin 2πcx, cos 2πcx] + b} (Gorishniy, Rubachev and Babenko 2022). */
    PL,
    /** Periodic, linear, ReLU: {@code max(0, W [sin 2πcx, cos 2πcx] + b)} (Gorishniy, Rubachev and Babenko 2022). */
    PLR,
    /**
     * Periodic with a bias, linear, densely connected: {@code [x, W cos(2πcx + φ) + b]} (Holzmüller, Grinsztajn and
     * Steinwart 2024).
     */
    PBLD
}
