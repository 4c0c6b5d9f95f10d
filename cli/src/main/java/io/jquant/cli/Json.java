// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import java.util.List;
import java.util.Map;

/** Maps, lists, strings, numbers and booleans as JSON text. */
public final class Json {
    private Json() {
    }

    /**
     * Writes a value.
     *
     * @param value a map, list, string, number or boolean, or null
     * @return the text
     */
    public static String of(Object value) {
        StringBuilder text = new StringBuilder();
        append(text, value, "\n");
        return text.toString();
    }

    private static void append(StringBuilder text, Object value, String newline) {
        switch (value) {
            case null -> text.append("null");
            case Map<?, ?> map -> appendMap(text, map, newline);
            case List<?> list -> appendList(text, list, newline);
            case Boolean flag -> text.append(flag);
            // JSON has neither NaN nor infinities
            case Number number when !Double.isFinite(number.doubleValue()) -> text.append("null");
            case Number number -> text.append(number);
            default -> appendString(text, value.toString());
        }
    }

    private static void appendMap(StringBuilder text, Map<?, ?> map, String newline) {
        String inner = newline + "  ";
        String separator = "";
        text.append('{');
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            text.append(separator).append(inner);
            appendString(text, entry.getKey().toString());
            text.append(": ");
            append(text, entry.getValue(), inner);
            separator = ",";
        }
        text.append(map.isEmpty() ? "" : newline).append('}');
    }

    private static void appendList(StringBuilder text, List<?> list, String newline) {
        String inner = newline + "  ";
        String separator = "";
        text.append('[');
        for (Object element : list) {
            text.append(separator).append(inner);
            append(text, element, inner);
            separator = ",";
        }
        text.append(list.isEmpty() ? "" : newline).append(']');
    }

    private static void appendString(StringBuilder text, String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ') {
                        text.append(String.format("\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
