// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.npy;

import io.jquant.DataType;
import io.jquant.graph.ModelFormatException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The header of a .npy file: the text of a Python dictionary of three entries. */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record NpyHeader(DataType type, boolean bigEndian, boolean fortranOrder, long[] shape) {
    // bounded repetitions: a hostile header cannot make the matcher backtrack for long
    private static final Pattern ENTRY = Pattern.compile(
            "\\s{0,9}'(\\w{1,20})'\\s{0,9}:\\s{0,9}('[^']{0,40}'|True|False|\\([0-9L, ]{0,999}\\))\\s{0,9},?");
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Map<String, DataType> TYPES = Map.ofEntries(Map.entry("b1", DataType.BOOL),
            Map.entry("i1", DataType.S8), Map.entry("u1", DataType.U8), Map.entry("i2", DataType.S16),
            Map.entry("u2", DataType.U16), Map.entry("i4", DataType.S32), Map.entry("u4", DataType.U32),
            Map.entry("i8", DataType.S64), Map.entry("u8", DataType.U64), Map.entry("f2", DataType.F16),
            Map.entry("f4", DataType.F32), Map.entry("f8", DataType.F64));

    static NpyHeader parse(String text, String source) throws ModelFormatException {
        String trimmed = text.strip();
        if (!trimmed.startsWith("{") || !trimmed.endsWith("}")) {
            throw new ModelFormatException(source, "has no header of a .npy file");
        }
        Map<String, String> entries = new HashMap<>();
        Matcher matcher = ENTRY.matcher(trimmed.substring(1, trimmed.length() - 1));
        while (matcher.lookingAt()) {
            entries.put(matcher.group(1), matcher.group(2));
            matcher.region(matcher.end(), matcher.regionEnd());
        }
        String descr = entries.getOrDefault("descr", "");
        String order = entries.getOrDefault("fortran_order", "");
        String shape = entries.getOrDefault("shape", "");
        boolean complete = descr.length() >= 5 && (order.equals("True") || order.equals("False"))
                && shape.startsWith("(");
        if (!complete) {
            throw new ModelFormatException(source, "has a header without descr, fortran_order and shape"
                    + " of a plain array");
        }
        char endianness = descr.charAt(1);
        DataType type = "<>|=".indexOf(endianness) < 0 ? null : TYPES.get(descr.substring(2, descr.length() - 1));
        if (type == null || (endianness == '|' && type.bits() > 8)) {
            throw new ModelFormatException(source, "has elements of type " + descr
                    + ": must be booleans, integers or floats of 1 to 8 bytes");
        }
        return new NpyHeader(type, endianness == '>', order.equals("True"), sizes(shape, source));
    }

    private static long[] sizes(String text, String source) throws ModelFormatException {
        Matcher matcher = NUMBER.matcher(text);
        long[] sizes = new long[32];
        int rank = 0;
        while (matcher.find()) {
            if (rank == sizes.length || matcher.group().length() > 18) {
                throw new ModelFormatException(source, "has shape " + text + ": must have at most " + sizes.length
                        + " sizes of at most 18 digits");
            }
            sizes[rank++] = Long.parseLong(matcher.group());
        }
        return Arrays.copyOf(sizes, rank);
    }
}
