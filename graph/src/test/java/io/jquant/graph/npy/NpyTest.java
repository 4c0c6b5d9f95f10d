// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.npy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.DataType;
import io.jquant.graph.ModelFormatException;
import io.jquant.graph.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {
    private static byte[] file(int version, String header, byte... data) {
        int prefix = version == 1 ? 10 : 12;
        byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
        byte[] bytes = new byte[prefix + text.length + data.length];
        System.arraycopy(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0}, 0, bytes, 0, 8);
        bytes[8] = (byte) text.length;
        bytes[9] = (byte) (text.length >> 8);
        System.arraycopy(text, 0, bytes, prefix, text.length);
        System.arraycopy(data, 0, bytes, prefix + text.length, data.length);
        return bytes;
    }

    private static String refusal(byte[] bytes) {
        return assertThrows(ModelFormatException.class, () -> NpyReader.read(bytes, "x.npy")).getMessage();
    }

    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"BOOL", "S8", "U8", "S16", "U16", "S32", "U32", "S64", "U64", "F16",
        "F32", "F64"})
    void readsWhatItWrites(DataType type, @TempDir Path folder) throws IOException {
        Tensor tensor = Tensor.allocate(type, 3, 5);
        for (int i = 0; i < tensor.count(); i++) {
            tensor.setLong(i, i - 2);
        }
        Path file = folder.resolve("a.npy");
        NpyWriter.write(tensor, file);
        Tensor read = NpyReader.read(file);
        assertEquals(type, read.type());
        assertArrayEquals(tensor.shape(), read.shape());
        assertArrayEquals(tensor.toLongs(), read.toLongs());
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(1, left.count(), "no temporary file is left");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void readsEveryVersionAndFortranOrder(int version) throws IOException {
        byte[] bytes = file(version, "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }\n",
                new byte[] {1, 2, 3, 4, 5, 6});
        assertArrayEquals(new long[] {1, 3, 5, 2, 4, 6}, NpyReader.read(bytes, "x").toLongs());
    }

    @Test
    void readsBigEndianAndScalars() throws IOException {
        Tensor read = NpyReader.read(file(1, "{'shape': (), 'descr': '>i4', 'fortran_order': False}",
                new byte[] {0, 0, 1, 2}), "x");
        assertEquals(0, read.rank());
        assertEquals(258, read.getLong(0));
    }

    @Test
    void refusesWhatIsNotAnArray() {
        assertTrue(refusal(new byte[3]).contains("does not begin"));
        assertTrue(refusal(file(4, "{}")).contains("version"));
        assertTrue(refusal(file(1, "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }")).contains("header"));
        assertTrue(refusal(file(1, "{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }")).contains("<c8"));
        assertTrue(refusal(file(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", new byte[7]))
                .contains("truncated"));
        assertTrue(refusal(file(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (999999999, 999999999), }"))
                .contains("elements"));
        assertTrue(refusal(file(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999999999999,), }"))
                .contains("digits"));
    }

    @Test
    void refusesAHeaderLongerThanTheFile() {
        byte[] bytes = file(2, "{}");
        bytes[11] = 0x7f;
        assertTrue(refusal(bytes).contains("header of"));
    }

    @Test
    void survivesMutations() {
        byte[] good = NpyWriter.toBytes(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 20000; i++) {
            byte[] bytes = Arrays.copyOf(good, random.nextInt(3) == 0 ? random.nextInt(good.length) : good.length);
            for (int k = random.nextInt(4); k >= 0 && bytes.length > 0; k--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                assertTrue(NpyReader.read(bytes, "x").byteSize() <= bytes.length, "seed " + seed);
            } catch (ModelFormatException e) {
                refused++;
            }
        }
        assertTrue(refused > 0, "seed " + seed);
    }

    @Test
    void refusesAnArchiveThatIsNone(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("a.npz");
        Files.write(file, new byte[] {1, 2, 3});
        assertThrows(ModelFormatException.class, () -> NpzReader.read(file));
        assertThrows(ModelFormatException.class, () -> NpzReader.read(folder));
        assertThrows(ModelFormatException.class, () -> NpyReader.read(folder));
    }
}
