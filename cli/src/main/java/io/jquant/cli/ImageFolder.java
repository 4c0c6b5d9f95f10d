// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * PNG and JPEG images of a folder, by name. Where the folder has subfolders with images, each is a class, numbered in
 * the order of their names. Images are brought to the size that the model wants.
 */
final class ImageFolder implements DataSet {
    private record Sample(Path file, int label) {
    }

    private final List<Sample> samples;
    private final ValueInfo input;
    private final Preprocessing preprocessing;

    private ImageFolder(List<Sample> samples, ValueInfo input, Preprocessing preprocessing) {
        this.samples = samples;
        this.input = input;
        this.preprocessing = preprocessing;
    }

    static ImageFolder open(Path path, ValueInfo input, Preprocessing preprocessing) throws IOException {
        List<Sample> samples = new ArrayList<>();
        if (Files.isDirectory(path)) {
            images(path).forEach(file -> samples.add(new Sample(file, -1)));
            int label = 0;
            for (Path folder : list(path).stream().filter(Files::isDirectory).toList()) {
                List<Path> files = images(folder);
                for (Path file : files) {
                    samples.add(new Sample(file, label));
                }
                label += files.isEmpty() ? 0 : 1;
            }
        } else {
            samples.add(new Sample(path, -1));
        }
        if (samples.isEmpty()) {
            throw new IOException(path + ": no .png, .jpg or .jpeg file in this folder or its subfolders");
        }
        preprocessing.wantedSize(input);
        return new ImageFolder(samples, input, preprocessing);
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }

    private static List<Path> images(Path folder) throws IOException {
        return list(folder).stream().filter(Files::isRegularFile).filter(file -> {
            String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
            return name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg");
        }).toList();
    }

    @Override
    public int size() {
        return samples.size();
    }

    @Override
    public int label(int sample) {
        return samples.get(sample).label();
    }

    @Override
    public Map<String, Tensor> batch(int from, int count) throws IOException {
        int[] wanted = preprocessing.wantedSize(input);
        byte[][] images = new byte[count][];
        for (int i = 0; i < count; i++) {
            Path file = samples.get(from + i).file();
            BufferedImage image = read(file);
            wanted[0] = wanted[0] == 0 ? image.getWidth() : wanted[0];
            wanted[1] = wanted[1] == 0 ? image.getHeight() : wanted[1];
            Preprocessing.requireRoom(file.toString(), 1, wanted[0], wanted[1]);
            images[i] = planes(scaled(image, wanted[0], wanted[1]));
        }
        return Map.of(input.name(), preprocessing.tensor(images, wanted[0], wanted[1]));
    }

    private static BufferedImage read(Path file) throws IOException {
        BufferedImage image;
        try {
            image = ImageIO.read(file.toFile());
        } catch (IOException | RuntimeException e) {
            // its messages do not name the file, and some damage ends in an exception about an index
            throw new IOException(file + ": cannot be read, or is a damaged image: " + e.getMessage(), e);
        }
        if (image == null) {
            throw new IOException(file + ": not a PNG or JPEG image");
        }
        return image;
    }

    private static BufferedImage scaled(BufferedImage image, int width, int height) {
        BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = scaled.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        return scaled;
    }

    private static byte[] planes(BufferedImage image) {
        int plane = image.getWidth() * image.getHeight();
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        byte[] planes = new byte[3 * plane];
        for (int i = 0; i < plane; i++) {
            planes[i] = (byte) (pixels[i] >> 16);
            planes[plane + i] = (byte) (pixels[i] >> 8);
            planes[2 * plane + i] = (byte) pixels[i];
        }
        return planes;
    }
}
