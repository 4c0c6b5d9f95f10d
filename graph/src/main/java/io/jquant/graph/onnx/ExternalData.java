// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.onnx;

import ai.onnx.proto.OnnxMl;
import io.jquant.graph.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/** Weights in files beside the model. */
final class ExternalData {
    private ExternalData() {}

    static ByteBuffer read(OnnxMl.TensorProto proto, String source, Path folder, long wanted) throws IOException {
        Map<String, String> entries = new HashMap<>();
        proto.getExternalDataList().forEach(e -> entries.put(e.getKey(), e.getValue()));
        String what = source + ": tensor '" + proto.getName() + "'";
        Path file = locate(entries.getOrDefault("location", ""), folder, what);
        long offset = number(entries.getOrDefault("offset", "0"), "offset", what);
        long length = number(entries.getOrDefault("length", Long.toString(wanted)), "length", what);
        if (length != wanted || wanted > Integer.MAX_VALUE - 8) {
            throw new ModelFormatException(what, "has length = " + length + " of external data: must be " + wanted);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (offset > channel.size() - length) {
                throw new ModelFormatException(what, "lies at " + offset + " to " + (offset + length) + " of " + file
                        + ", which has " + channel.size() + " bytes");
            }
            ByteBuffer data = ByteBuffer.allocate((int) length);
            while (data.hasRemaining()) {
                if (channel.read(data, offset + data.position()) < 0) {
                    throw new ModelFormatException(what, file + " has become shorter while it was read");
                }
            }
            return data.flip();
        }
    }

    private static long number(String text, String name, String what) throws ModelFormatException {
        try {
            long value = Long.parseLong(text);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new ModelFormatException(what, name + " = " + text + ": must be a number", e);
        }
        throw new ModelFormatException(what, name + " = " + text + ": must be 0 or more");
    }

    private static Path locate(String location, Path folder, String what) throws IOException {
        if (folder == null) {
            throw new ModelFormatException(what, "has external data, but the model comes from no folder");
        }
        Path relative;
        try {
            relative = Path.of(location);
        } catch (InvalidPathException e) {
            throw new ModelFormatException(what, "location = " + location + ": must be a path", e);
        }
        boolean climbs = location.contains("..") && Path.of(location.replace('\\', '/')).normalize().startsWith("..");
        for (Path part : relative) {
            climbs |= part.toString().equals("..");
        }
        if (location.isEmpty() || relative.isAbsolute() || location.startsWith("\\") || climbs) {
            throw new ModelFormatException(what, "location = " + location + ": must be a path within the model's"
                    + " folder");
        }
        Path real = folder.resolve(relative).toRealPath();
        if (!real.startsWith(folder.toRealPath())) {
            throw new ModelFormatException(what, "location = " + location + ": leads out of the model's folder");
        }
        return real;
    }
}
