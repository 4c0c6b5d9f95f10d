// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jquant.DataType;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import io.jquant.graph.npy.NpyWriter;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sizes that do not go together, or that no array holds, are refused by name. */
class DataSetTest {
    private static final Preprocessing PLAIN = new Preprocessing(List.of(0.0), List.of(1.0), Preprocessing.Layout.NCHW);

    @TempDir
    private Path folder;

    private static ValueInfo input(String name, long... sizes) {
        return new ValueInfo(name, DataType.F32, Shape.of(sizes));
    }

    private Path arrays(long label) throws IOException {
        Path file = folder.resolve("data.npz");
        Path one = folder.resolve("one.npy");
        try (OutputStream to = Files.newOutputStream(file); ZipOutputStream zip = new ZipOutputStream(to)) {
            for (String name : List.of("a", "b", "labels")) {
                NpyWriter.write(name.equals("labels") ? Tensor.of(new long[] {0, label, 2, 1, 1, 0}, 6)
                        : Tensor.of(new float[12], 6, 2), one);
                zip.putNextEntry(new ZipEntry(name + ".npy"));
                zip.write(Files.readAllBytes(one));
            }
        }
        return file;
    }

    @Test
    void everyInputTakesAsManySamplesAtOnce() throws IOException {
        List<ValueInfo> apart = List.of(input("a", 2, 2), input("b", 3, 2));
        DataSet data = ArrayFile.open(arrays(1), apart);
        UsageException refused = assertThrows(UsageException.class, () -> Batches.of(data, apart, 4));
        assertTrue(refused.getMessage().startsWith("input b takes 3 samples at once, and input a takes 2: "),
                refused.getMessage());
        ValueInfo open = new ValueInfo("b", DataType.F32, Shape.ofRank(2));
        assertEquals(2, Batches.of(data, List.of(input("a", 2, 2), open), 4).size());
        assertEquals(2, Batches.of(data, List.of(open, input("a", 2, 2)), 4).size());
        assertEquals(4, Batches.of(data, List.of(open, open), 4).size());
    }

    @Test
    void aLabelIsTheNumberOfAClass() throws IOException {
        List<ValueInfo> inputs = List.of(input("a", 6, 2), input("b", 6, 2));
        assertEquals(Integer.MAX_VALUE, ArrayFile.open(arrays(Integer.MAX_VALUE), inputs).label(1));
        Path file = arrays(1L << 31);
        IOException refused = assertThrows(IOException.class, () -> ArrayFile.open(file, inputs));
        assertEquals(file + ": label 2147483648 of sample 1: must be the number of a class, below 2^31",
                refused.getMessage());
    }

    @Test
    void anImageFitsIntoAnArray() throws IOException {
        Path image = folder.resolve("a.png");
        ImageIO.write(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB), "png", image.toFile());
        DataSet wide = ImageFolder.open(image, input("x", 1, 3, 40_000, 40_000), PLAIN);
        UsageException refused = assertThrows(UsageException.class, () -> wide.batch(0, 1));
        assertEquals(image + ": 1 x 3 x 40000 x 40000 values: must be at most 2147483639", refused.getMessage());
        refused = assertThrows(UsageException.class,
                () -> ImageFolder.open(image, input("x", 1, 3, 1L << 31, 4), PLAIN));
        assertTrue(refused.getMessage().startsWith("input x has shape "), refused.getMessage());
        refused = assertThrows(UsageException.class, () -> PLAIN.tensor(new byte[800][], 1000, 1000));
        assertTrue(refused.getMessage().startsWith("a batch of images, see --batch: 800 x 3 x 1000 x 1000 values"),
                refused.getMessage());
    }
}
