// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.AtomicFile;
import io.jquant.graph.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A calibration that outlives its process: what was found is saved every so often, beside the place of the result, and
 * a job for the same model, options and data goes on after the last batch that was saved. It finds what one that was
 * never stopped finds, bit for bit. Not thread-safe.
 *
 * <p>A state is, big-endian: 8 bytes {@code 89 'J' 'Q' 'S' 0D 0A 1A 0A}, what the data is (UTF), a long number of
 * samples, the bytes of a {@link Calibration}; then a CRC-32C of all before.
 */
public final class CalibrationJob {
    private static final byte[] MAGIC = {(byte) 0x89, 'J', 'Q', 'S', 0x0D, 0x0A, 0x1A, 0x0A};

    private final StaticQuantizer quantizer;
    private final Path output;
    private final String data;
    private final long nanosBetweenSaves;
    private String note = "";
    private long samples;
    private long lastSave = System.nanoTime();

    private CalibrationJob(StaticQuantizer quantizer, Path output, String data, Duration betweenSaves) {
        this.quantizer = quantizer;
        this.output = output;
        this.data = data;
        nanosBetweenSaves = betweenSaves.toNanos();
    }

    /**
     * Begins a calibration, or goes on with one.
     *
     * @param quantizer the model, prepared and not yet calibrated
     * @param output where the calibration is to be written
     * @param data tells the data, their order and their batches from others
     * @param betweenSaves how much time may be lost when the process dies; 0 saves after every batch
     * @return the job
     * @throws IllegalArgumentException if an argument is null, or the time negative
     * @throws IOException if there is a state that cannot be read
     */
    public static CalibrationJob open(StaticQuantizer quantizer, Path output, String data, Duration betweenSaves)
            throws IOException {
        if (quantizer == null || output == null || data == null || betweenSaves == null || betweenSaves.isNegative()) {
            throw new IllegalArgumentException("quantizer, output, data, betweenSaves = " + betweenSaves
                    + ": must be given, the time 0 or more");
        }
        CalibrationJob job = new CalibrationJob(quantizer, output, data, betweenSaves);
        Path state = stateOf(output);
        if (Files.exists(state)) {
            job.goOn(state);
        }
        return job;
    }

    /**
     * Where the state of a job is as long as it is not finished.
     *
     * @param output where its calibration is to be written
     * @return the file
     */
    public static Path stateOf(Path output) {
        return output.resolveSibling(output.getFileName() + ".part");
    }

    private void goOn(Path state) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(
                SealedBytes.read(state, MAGIC, ": is no state of a calibration")))) {
            String earlierData = in.readUTF();
            long done = in.readLong();
            Calibration earlier = Calibration.of(in.readAllBytes(), state.toString());
            if (!earlierData.equals(data) || !earlier.model().equals(quantizer.fingerprint())) {
                note = state + ": is of another model, other options or other data, and is not gone on with";
                return;
            }
            quantizer.restore(earlier);
            samples = done;
        } catch (IllegalArgumentException | EOFException e) {
            throw new IOException(state + ": " + e.getMessage() + "; delete it to start anew", e);
        }
    }

    /** {@return how many samples were seen, those of earlier processes included; the next batch begins after them} */
    public long samples() {
        return samples;
    }

    /** {@return why a state that was there is not gone on with, empty if there was none or it is} */
    public String note() {
        return note;
    }

    /**
     * Takes a batch into account, and saves the state if it is time.
     *
     * @param batch every input by name
     * @param count how many samples it has
     * @throws IOException if the state cannot be saved
     * @throws IllegalArgumentException if an input is missing, of another type or shape, or holds NaN
     */
    public void calibrate(Map<String, Tensor> batch, int count) throws IOException {
        quantizer.calibrate(batch);
        samples += count;
        if (System.nanoTime() - lastSave >= nanosBetweenSaves) {
            save();
        }
    }

    /**
     * Saves the state, so that a later job can go on from here.
     *
     * @throws IOException if it cannot be written
     */
    public void save() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeUTF(data);
        out.writeLong(samples);
        out.write(quantizer.calibration().toBytes());
        byte[] sealed = SealedBytes.seal(MAGIC, bytes.toByteArray());
        AtomicFile.write(stateOf(output), file -> file.write(sealed));
        lastSave = System.nanoTime();
    }

    /**
     * Writes the calibration to its place, and deletes the state.
     *
     * @return the calibration
     * @throws IOException if it cannot be written
     */
    public Calibration finish() throws IOException {
        Calibration found = quantizer.calibration();
        found.save(output);
        Files.deleteIfExists(stateOf(output));
        return found;
    }
}
