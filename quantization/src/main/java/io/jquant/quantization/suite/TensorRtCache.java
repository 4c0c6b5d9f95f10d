// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.suite;

import io.jquant.AtomicFile;
import io.jquant.QuantizationParameters;
import io.jquant.graph.Model;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * TensorRT's calibration cache: a line {@code TRT-<version>-EntropyCalibration2}, then {@code <tensor>: <hex>} for
 * every tensor, the hexadecimal number being the bits of a binary32 scale. TensorRT quantizes a tensor to
 * {@code -127..127} with that scale, so that its dynamic range is {@code 127 * scale}.
 *
 * <p>Names may hold spaces and colons: a line is split at its last colon. ONNX Runtime splits at the first, and so
 * cannot read a name that holds one; {@link #unreadableByOnnxRuntime()} says which.
 *
 * @param header the first line
 * @param scales the scale of each tensor by its name, finite and 0 or more; 0 is what TensorRT writes for a tensor that
 *        it has not seen
 */
public record TensorRtCache(String header, Map<String, Float> scales) {
    /** The integers of TensorRT's symmetric quantization reach from -127 to 127. */
    private static final float STEPS = 127;
    private static final Pattern HEADER = Pattern.compile("TRT-[0-9]+-(EntropyCalibration2?|MinMaxCalibration"
            + "|LegacyCalibration)");

    /**
     * Checks and copies the parts.
     *
     * @throws IllegalArgumentException if the header is not one of TensorRT's, a scale is not as said, or a name is
     *         empty or of more than one line
     */
    public TensorRtCache {
        if (header == null || !HEADER.matcher(header).matches()) {
            throw new IllegalArgumentException("header = " + header
                    + ": must be like TRT-8401-EntropyCalibration2, the version being TensorRT's");
        }
        scales = Collections.unmodifiableMap(new LinkedHashMap<>(scales));
        scales.forEach((name, scale) -> {
            if (name.isEmpty() || name.lines().count() != 1 || name.endsWith("\n") || name.endsWith("\r")) {
                throw new IllegalArgumentException("tensor '" + name + "': the name must be one line, not empty");
            }
            if (!(scale >= 0) || !Float.isFinite(scale)) {
                throw new IllegalArgumentException("tensor '" + name + "': scale = " + scale
                        + ": must be finite and 0 or more");
            }
        });
    }

    /**
     * The first line of a cache of entropy calibration.
     *
     * @param version TensorRT's version as it writes it there, for example 8401 for 8.4.1 or 101401 for 10.14.1
     * @return the line
     * @throws IllegalArgumentException if the version is not above 0
     */
    public static String header(int version) {
        if (version <= 0) {
            throw new IllegalArgumentException("version = " + version + ": must be above 0, for example 8401");
        }
        return "TRT-" + version + "-EntropyCalibration2";
    }

    /**
     * The ranges that a model's activations were calibrated to.
     *
     * @param header the first line
     * @param quantized a model with QuantizeLinear and DequantizeLinear
     * @return the cache, its names those of the float model
     * @throws IllegalArgumentException if the model quantizes no activation, or the header is not one of TensorRT's
     */
    public static TensorRtCache of(String header, Model quantized) {
        Map<String, Float> scales = new LinkedHashMap<>();
        for (QuantizedValue value : QuantizedValue.of(quantized)) {
            scales.merge(value.name(), scale(value.parameters()), Math::max);
        }
        if (scales.isEmpty()) {
            throw new IllegalArgumentException("quantized = '" + quantized.graph().name()
                    + "': must quantize activations with QuantizeLinear and DequantizeLinear");
        }
        return new TensorRtCache(header, scales);
    }

    /**
     * TensorRT's scale for a range. What is symmetric keeps its scale; of other parameters, the end of their range that
     * is farther from 0 becomes 127 steps.
     *
     * @param parameters the parameters; of several channels the widest counts
     * @return the scale
     */
    public static float scale(QuantizationParameters parameters) {
        float widest = 0;
        for (int i = 0; i < parameters.channels(); i++) {
            long below = (long) parameters.zeroPoint(i) - parameters.type().min();
            long above = (long) parameters.type().max() - parameters.zeroPoint(i);
            float scale = parameters.scale(i);
            // a zero point in the middle: one integer more below it than above, which TensorRT leaves unused
            widest = Math.max(widest, below == above + 1 && above == (long) STEPS ? scale
                    : scale * Math.max(below, above) / STEPS);
        }
        return widest;
    }

    /**
     * The largest magnitude that a tensor's integers stand for.
     *
     * @param tensor its name
     * @return 127 times its scale
     * @throws IllegalArgumentException if the cache does not have it
     */
    public float dynamicRange(String tensor) {
        Float scale = scales.get(tensor);
        if (scale == null) {
            throw new IllegalArgumentException("tensor = '" + tensor + "': must be one of the cache's");
        }
        return scale * STEPS;
    }

    /** {@return the names that ONNX Runtime would read wrongly, because they hold a colon} */
    public List<String> unreadableByOnnxRuntime() {
        return scales.keySet().stream().filter(name -> name.indexOf(':') >= 0).toList();
    }

    /** {@return the cache as TensorRT writes it} */
    public String text() {
        StringBuilder text = new StringBuilder(header).append('\n');
        scales.forEach((name, scale) -> text.append(name).append(": ")
                .append(Integer.toHexString(Float.floatToRawIntBits(scale))).append('\n'));
        return text.toString();
    }

    /**
     * Writes the cache to a file, which appears only when it is complete.
     *
     * @param file the file, which is replaced if it exists
     * @throws IOException if it cannot be written; then nothing of it is left
     */
    public void write(Path file) throws IOException {
        byte[] bytes = text().getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> out.write(bytes));
    }

    /**
     * Reads a cache.
     *
     * @param file the file
     * @return the cache
     * @throws IOException if it cannot be read, or is no calibration cache
     */
    public static TensorRtCache read(Path file) throws IOException {
        try {
            return parse(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": is no calibration cache: must be text in UTF-8", e);
        }
    }

    /**
     * Reads a cache's text.
     *
     * @param text the text
     * @return the cache
     * @throws IllegalArgumentException if it is no calibration cache
     */
    public static TensorRtCache parse(String text) {
        List<String> lines = text.lines().toList();
        Map<String, Float> scales = new LinkedHashMap<>();
        for (int i = 1; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank()) {
                continue;
            }
            int colon = line.lastIndexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("line " + (i + 1) + " = '" + line + "': must be <tensor>: <hex>");
            }
            if (scales.put(line.substring(0, colon), scale(line.substring(colon + 1).strip(), i + 1)) != null) {
                throw new IllegalArgumentException("line " + (i + 1) + ": tensor '" + line.substring(0, colon)
                        + "' is there twice");
            }
        }
        return new TensorRtCache(lines.isEmpty() ? "" : lines.getFirst().strip(), scales);
    }

    private static float scale(String hex, int line) {
        try {
            return Float.intBitsToFloat(Integer.parseUnsignedInt(hex, 16));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("line " + line + ": '" + hex
                    + "': must be the hexadecimal bits of a binary32", e);
        }
    }
}
