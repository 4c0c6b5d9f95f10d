// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.Engine;
import io.jquant.OperatorArchive;
import io.jquant.OperatorFormatException;
import io.jquant.graph.Model;
import io.jquant.graph.ModelFormatException;
import io.jquant.graph.OperatorException;
import io.jquant.graph.exec.Limits;
import io.jquant.graph.onnx.OnnxReader;
import io.jquant.graph.onnx.OnnxWriter;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * Quantized models in jquant's own form: an {@link OperatorArchive} of their operators, packed for one engine, tier and
 * instruction set, to which the ONNX model is attached. Where the engine is the same, the file is mapped and run
 * without packing anything. On any other engine or CPU the model runs all the same, from the weights in the attached
 * model, which are then packed as those of an ONNX file are; a warning of the logger of this class says so, and what
 * the file is packed for. (Refusing would make a file that was built on one machine useless on another; the price is
 * that the weights are there twice, once of which is not read where it is not needed but to check the file.)
 */
public final class PackedModel {
    private static final System.Logger LOG = System.getLogger(PackedModel.class.getName());

    private PackedModel() {
    }

    /**
     * What a file says of itself.
     *
     * @param packedFor engine, tier and instruction set
     * @param operators how many operators are packed
     * @param packedBytes the bytes that they take
     * @param model the ONNX model
     */
    public record Description(String packedFor, int operators, long packedBytes, Model model) {
    }

    /**
     * Whether a file is of this form.
     *
     * @param file the file
     * @return whether it begins as such files do; not if there is no such file
     * @throws IOException if it cannot be read
     */
    public static boolean isPacked(Path file) throws IOException {
        return OperatorArchive.isArchive(file);
    }

    /**
     * Packs a model and writes it; the file appears complete or not at all.
     *
     * @param model a quantized model
     * @param engine the engine to pack it for
     * @param file where to
     * @throws IllegalArgumentException if an argument is null, or nothing of the model runs on weights that are packed
     * @throws OperatorException if the model cannot be run
     * @throws IOException if the file cannot be written; nothing of it is left then
     */
    public static void write(Model model, Engine engine, Path file) throws IOException {
        try (LoweredModel lowered = LoweredModel.lower(model, engine)) {
            if (lowered.packed().isEmpty()) {
                throw new IllegalArgumentException("the model has no layer with quantized weights that engine "
                        + engine.name() + " packs: must be a quantized model");
            }
            OperatorArchive.write(file, engine, OnnxWriter.toBytes(model), lowered.packed());
        }
    }

    /**
     * Maps a model to run it.
     *
     * @param file the file
     * @param engine the engine to run it on
     * @return the model, to be closed; it lives on when the engine is closed
     * @throws OperatorFormatException if it is no such file, truncated or damaged
     * @throws ModelFormatException if the model in it cannot be run
     * @throws IOException if it cannot be read
     */
    // the model that is returned closes it
    @SuppressWarnings("MustBeClosedChecker")
    public static LoweredModel load(Path file, Engine engine) throws IOException {
        OperatorArchive archive = OperatorArchive.open(file);
        try {
            String otherwise = archive.whyNot(engine);
            if (!otherwise.isEmpty()) {
                LOG.log(System.Logger.Level.WARNING, "{0}: {1}: its weights are packed anew; a file that was written "
                        + "here would load without", file, otherwise);
            }
            return LoweredModel.lower(OnnxReader.readMapped(archive.attachment(), file.toString()), engine, archive);
        } catch (IllegalArgumentException e) {
            archive.close();
            throw new ModelFormatException(file.toString(), e.getMessage(), e);
        } catch (IOException | RuntimeException | Error e) {
            archive.close();
            throw e;
        }
    }

    /**
     * Reads what a file says of itself, and the ONNX model in it, of which it has a copy in memory.
     *
     * @param file the file
     * @return the description
     * @throws OperatorFormatException if it is no such file, truncated or damaged
     * @throws ModelFormatException if there is no valid model in it
     * @throws IOException if it cannot be read
     */
    public static Description describe(Path file) throws IOException {
        try (OperatorArchive archive = OperatorArchive.open(file)) {
            byte[] bytes = archive.attachment().toArray(ValueLayout.JAVA_BYTE);
            return new Description(archive.packedFor(), archive.names().size(), archive.packedBytes(),
                    OnnxReader.read(bytes, file.toString(), null, Limits.DEFAULT));
        }
    }
}
