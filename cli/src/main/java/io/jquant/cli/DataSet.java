// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import io.jquant.graph.Tensor;
import io.jquant.graph.ValueInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Samples that a model is calibrated with or evaluated on. */
interface DataSet {
    /** {@return how many samples there are} */
    int size();

    /** {@return the class that a sample belongs to, -1 where that is not known} */
    int label(int sample);

    /**
     * Consecutive samples as the model's inputs.
     *
     * @param from the first
     * @param count how many
     * @return a tensor for every input, the samples along its first axis
     */
    Map<String, Tensor> batch(int from, int count) throws IOException;

    /** {@return whether every sample's class is known} */
    default boolean isLabelled() {
        for (int i = 0; i < size(); i++) {
            if (label(i) < 0) {
                return false;
            }
        }
        return size() > 0;
    }

    /**
     * Opens a file or folder of samples by its kind.
     *
     * @param path a .npy, .npz or .bin (CIFAR-10) file, or a folder of PNG and JPEG images
     * @param inputs the model's inputs
     * @param preprocessing what is done with images
     * @return the samples
     * @throws IOException if they cannot be read
     */
    static DataSet open(Path path, List<ValueInfo> inputs, Preprocessing preprocessing) throws IOException {
        if (Files.isDirectory(path)) {
            return ImageFolder.open(path, onlyInput(path, inputs), preprocessing);
        }
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".npy") || name.endsWith(".npz")) {
            return ArrayFile.open(path, inputs);
        }
        if (name.endsWith(".bin")) {
            return CifarFile.open(path, onlyInput(path, inputs), preprocessing);
        }
        if (name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg")) {
            return ImageFolder.open(path, onlyInput(path, inputs), preprocessing);
        }
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        throw new UsageException(path + ": must be a .npy, .npz, .bin (CIFAR-10), .png or .jpg file, "
                + "or a folder of images");
    }

    private static ValueInfo onlyInput(Path path, List<ValueInfo> inputs) {
        if (inputs.size() != 1) {
            throw new UsageException(path + ": images are for a model of one input, and this one has " + inputs.size()
                    + "; give a .npz file that holds one array for each");
        }
        return inputs.getFirst();
    }
}
