// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.report;

import java.util.Locale;

/** A picture in SVG, built up element by element. */
final class Svg {
    private final StringBuilder text = new StringBuilder();

    Svg(int width, int height, String label) {
        text.append(String.format(Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"%s\">%n", width,
                height, width, height, escape(label)));
    }

    Svg line(double x1, double y1, double x2, double y2, String style) {
        text.append(String.format(Locale.ROOT, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>%n",
                x1, y1, x2, y2, style));
        return this;
    }

    Svg rectangle(double x, double y, double width, double height, String fill, String title) {
        text.append(String.format(Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"><title>%s</title></rect>%n",
                x, y,
                Math.max(0.5, width), height, fill, escape(title)));
        return this;
    }

    Svg circle(double x, double y, double radius, String fill, String title) {
        text.append(String.format(Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"><title>%s</title></circle>%n",
                x, y, radius, fill, escape(title)));
        return this;
    }

    /** Text at a point, which is its {@code start}, {@code middle} or {@code end}. */
    Svg label(double x, double y, String anchor, String content) {
        text.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y,
                anchor, escape(content)));
        return this;
    }

    /** The finished picture. */
    String finish() {
        return text + "</svg>\n";
    }

    static String escape(String plain) {
        return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
