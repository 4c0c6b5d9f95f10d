// SPDX-License-Identifier: Apache-2.0
package io.jquant.bench.model;

import io.jquant.graph.Model;
import io.jquant.graph.onnx.OnnxWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a run of {@link ModelBench} measures.
 *
 * @param model an ONNX file
 * @param real the float model that it was quantized from, which peers run beside it; null if there is none
 * @param isTemporary whether the files are deleted in the end
 */
public record ModelFiles(Path model, Path real, boolean isTemporary) implements AutoCloseable {
    private static final String SHAPED = "shaped:";

    /**
     * The files of a model by its name.
     *
     * @param name an ONNX file, or {@code shaped:} and the name of an architecture, which is then made, with random
     *         weights, and quantized
     * @param engine the engine that it is quantized for
     * @return the files, to be closed
     * @throws IOException if they cannot be written
     * @throws IllegalArgumentException if there is no such architecture
     */
    public static ModelFiles of(String name, String engine) throws IOException {
        if (!name.startsWith(SHAPED)) {
            return new ModelFiles(Path.of(name), null, false);
        }
        ShapedModel shaped = ShapedModel.parse(name.substring(SHAPED.length()));
        Model model = shaped.build();
        Path folder = Files.createTempDirectory("jquant-bench");
        ModelFiles files = new ModelFiles(folder.resolve("int8.onnx"), folder.resolve("float.onnx"), true);
        try {
            OnnxWriter.write(model, files.real());
            OnnxWriter.write(shaped.quantize(model, engine), files.model());
            return files;
        } catch (IOException | RuntimeException e) {
            files.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (isTemporary) {
            Files.deleteIfExists(model);
            Files.deleteIfExists(real);
            Files.deleteIfExists(model.getParent());
        }
    }
}
