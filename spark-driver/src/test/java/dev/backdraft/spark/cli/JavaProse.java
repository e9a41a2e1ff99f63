package dev.backdraft.spark.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What people read of a Java file: its Javadoc and its string literals. */
final class JavaProse {
    /** Comments, text blocks, literals and characters, whichever comes first; quotes in comments are no literals. */
    private static final Pattern TOKEN = Pattern.compile(
            "(?<javadoc>/\\*\\*.*?\\*/)|(?<comment>//[^\n]*|/\\*.*?\\*/)"
                    + "|\"\"\"(?<block>.*?)\"\"\"|\"(?<text>(?:[^\"\\\\\n]|\\\\.)*+)\"|(?<character>'(?:[^'\\\\]|\\\\.[^']*)')",
            Pattern.DOTALL);

    private JavaProse() {}

    /** A comment or literal, on one line, and the number of the line that it begins on. */
    record Piece(int line, String text) {}

    /** The Javadoc comments and literals of a source; literals that + joins are one. */
    static List<Piece> of(String source) {
        List<Piece> pieces = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(source);
        int literalEnd = -1; // where the literal ended that is the last piece
        int line = 1;
        int counted = 0;
        while (matcher.find()) {
            line += (int) source.substring(counted, matcher.start())
                    .chars()
                    .filter(c -> c == '\n')
                    .count();
            counted = matcher.start();
            String literal = matcher.group("text") != null ? matcher.group("text") : matcher.group("block");
            if (literal != null) {
                boolean joined = literalEnd >= 0
                        && source.substring(literalEnd, matcher.start()).strip().equals("+");
                Piece before = joined ? pieces.remove(pieces.size() - 1) : new Piece(line, "");
                pieces.add(new Piece(before.line(), before.text() + literal.replaceAll("\\s+", " ")));
                literalEnd = matcher.end();
            } else if (matcher.group("javadoc") != null) {
                pieces.add(new Piece(
                        line,
                        matcher.group("javadoc").replaceAll("(?m)^\\s*\\*", " ").replaceAll("\\s+", " ")));
                literalEnd = -1;
            }
        }
        return pieces;
    }
}
