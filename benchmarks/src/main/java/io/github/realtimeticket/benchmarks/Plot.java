// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Draws what the comparisons print, read from the standard input, as bars: an SVG on the standard output. */
public final class Plot {

    private static final Pattern FIGURE = Pattern.compile("  (\\S.*?) {2,}([0-9.]+) {2,}.*");
    private static final int BARS = 240;
    private static final int ONE = 120;
    private static final int WIDTH = 760;
    private static final int LINE = 20;

    private final StringBuilder drawing = new StringBuilder();
    private int y = LINE;

    private Plot() {}

    /** Reads, draws, writes. */
    public static void main(String[] arguments) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.print(new Plot().draw(in.lines().toList()));
    }

    private String draw(List<String> lines) {
        for (String line : lines) {
            Matcher figure = FIGURE.matcher(line);
            if (figure.matches()) {
                bar(figure.group(1), Double.parseDouble(figure.group(2)));
            } else if (!line.isBlank()) {
                title(line);
            }
        }
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d"
                  font-family="sans-serif" font-size="13">
                <rect width="100%%" height="100%%" fill="white"/>
                <path d="M%4$d %5$dV%6$d" stroke="black" stroke-dasharray="2 3"/>
                %3$s</svg>
                """.formatted(WIDTH, y, drawing, BARS + ONE, LINE / 2, y - LINE / 2);
    }

    private void title(String text) {
        y += LINE / 2;
        draw("<text x=\"10\" y=\"%d\" font-weight=\"bold\">%s</text>%n", y, escape(text));
        y += LINE;
    }

    private void bar(String name, double ratio) {
        double length = Math.min(ratio * ONE, WIDTH - BARS - 60);
        String colour = name.startsWith("our") ? "#2a6fbb" : "#b8bec6";
        draw("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n", BARS - 8, y, escape(name));
        draw("<rect x=\"%d\" y=\"%d\" width=\"%.0f\" height=\"14\" fill=\"%s\"/>%n", BARS, y - 12, length, colour);
        draw(
                "<text x=\"%.0f\" y=\"%d\" stroke=\"white\" stroke-width=\"4\" paint-order=\"stroke\">%.2f</text>%n",
                BARS + length + 6, y, ratio);
        y += LINE;
    }

    private void draw(String format, Object... values) {
        drawing.append(String.format(Locale.ROOT, format, values));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
