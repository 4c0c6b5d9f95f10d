// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.DataType;
import io.jquant.QuantizationParameters;
import io.jquant.graph.Model;
import io.jquant.quantization.QConfigs;
import io.jquant.quantization.Quantizer;
import io.jquant.quantization.StaticOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Caches as TensorRT writes and reads them. */
class TensorRtCacheTest {
    private static final String HEADER = "TRT-8401-EntropyCalibration2";

    @TempDir
    Path folder;

    @Test
    void whatTensorRtWroteIsRead() {
        TensorRtCache cache = TensorRtCache.parse("""
                TRT-7103-EntropyCalibration2
                input: 3caa54fc
                data_0: 4000889d\r
                (Unnamed Layer* 64) [Shuffle]_output: 0
                """);
        assertEquals(Float.intBitsToFloat(0x3caa54fc), cache.scales().get("input"));
        assertEquals(2.64064f, cache.dynamicRange("input"), 1e-5f);
        assertEquals(255.06f, cache.dynamicRange("data_0"), 1e-2f);
        assertEquals(0, cache.dynamicRange("(Unnamed Layer* 64) [Shuffle]_output"));
    }

    @Test
    void namesWithColonsAndSpacesRoundTrip() throws IOException {
        SequencedMap<String, Float> scales = new LinkedHashMap<>();
        scales.put("x:0", 0.5f);
        scales.put("a: b", 1e-30f);
        scales.put(" scope/name with spaces :1 ", 3.0e38f);
        scales.put("::", Float.MIN_VALUE);
        scales.put("deadbeef: 3f800000", 0f);
        scales.put("größe", 1f);
        TensorRtCache cache = new TensorRtCache(HEADER, scales);
        Path file = folder.resolve("cache");
        cache.write(file);
        TensorRtCache read = TensorRtCache.read(file);
        assertEquals(cache, read);
        assertEquals(List.copyOf(scales.keySet()), List.copyOf(read.scales().keySet()));
        assertEquals(cache.text(), Files.readString(file));
        assertEquals(List.of("x:0", "a: b", " scope/name with spaces :1 ", "::", "deadbeef: 3f800000"),
                read.unreadableByOnnxRuntime());
    }

    @Test
    void aCalibratedGraphGivesItsRangesUnderItsOwnNames() {
        Random random = new Random(5);
        Model model = Models.residual(random, "relu out:0");
        Model quantized = Quantizer.staticQuantize(model, Models.batches(random, 2),
                StaticOptions.forEngine("fbgemm").with(QConfigs.minMax()));
        TensorRtCache cache = TensorRtCache.of(TensorRtCache.header(8401), quantized);
        assertEquals(List.of("x", "relu out:0", "c2", "y"), List.copyOf(cache.scales().keySet()));
        assertEquals(cache, TensorRtCache.parse(cache.text()));
        for (QuantizedValue value : QuantizedValue.of(quantized)) {
            QuantizationParameters p = value.parameters();
            float low = (p.type().min() - p.zeroPoint()) * p.scale();
            float high = (p.type().max() - p.zeroPoint()) * p.scale();
            assertEquals(Math.max(-low, high), cache.dynamicRange(value.name()), 1e-6 * high, value.name());
        }
        assertThrows(IllegalArgumentException.class, () -> TensorRtCache.of(HEADER, model));
    }

    @Test
    void symmetricParametersKeepTheirScale() {
        assertEquals(0.1f, TensorRtCache.scale(QuantizationParameters.perTensor(DataType.S8, 0.1f, 0)));
        assertEquals(0.1f, TensorRtCache.scale(QuantizationParameters.perTensor(DataType.U8, 0.1f, 128)));
        assertEquals(0.1f * 255 / 127, TensorRtCache.scale(QuantizationParameters.perTensor(DataType.U8, 0.1f, 0)));
        assertEquals(0.1f * 245 / 127, TensorRtCache.scale(QuantizationParameters.perTensor(DataType.U8, 0.1f, 10)));
    }

    @Test
    void whatIsNoCacheIsRefusedWithItsLine() throws IOException {
        assertRefused("", "header = : must be like TRT-8401-EntropyCalibration2");
        assertRefused("input: 3caa54fc", "header = input: 3caa54fc");
        assertRefused(HEADER + "\ninput 3caa54fc", "line 2 = 'input 3caa54fc': must be <tensor>: <hex>");
        assertRefused(HEADER + "\ninput: xyz", "line 2: 'xyz': must be the hexadecimal bits of a binary32");
        assertRefused(HEADER + "\ninput: 7fc00000", "tensor 'input': scale = NaN: must be finite and 0 or more");
        assertRefused(HEADER + "\ninput: bf800000", "scale = -1.0");
        assertRefused(HEADER + "\ninput: 0\ninput: 1", "line 3: tensor 'input' is there twice");
        assertThrows(IllegalArgumentException.class, () -> new TensorRtCache(HEADER, Map.of("two\nlines", 1f)));
        assertThrows(IllegalArgumentException.class, () -> TensorRtCache.header(0));
        Path file = Files.writeString(folder.resolve("wrong"), "nonsense");
        String message = assertThrows(IOException.class, () -> TensorRtCache.read(file)).getMessage();
        assertTrue(message.startsWith(file + ": "), message);
    }

    private static void assertRefused(String text, String message) {
        String found = assertThrows(IllegalArgumentException.class, () -> TensorRtCache.parse(text)).getMessage();
        assertTrue(found.contains(message), found);
    }
}
