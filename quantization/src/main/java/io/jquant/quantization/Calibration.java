// SPDX-License-Identifier: Apache-2.0
package io.jquant.quantization;

import io.jquant.AtomicFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What calibration has found out so far: an observer for every range that a model's quantization needs. It can be saved
 * and continued later, and parts made from different data can be merged. Not thread-safe.
 *
 * <p>A file is, big-endian: 8 bytes {@code 89 'J' 'Q' 'C' 0D 0A 1A 0A}, an int version (1), the model's fingerprint
 * (UTF), a long number of batches, an int number of observers, each with its value's name (UTF), kind, options and what
 * it has seen; then a CRC-32C of all before.
 */
public final class Calibration {
    private static final byte[] MAGIC = {(byte) 0x89, 'J', 'Q', 'C', 0x0D, 0x0A, 0x1A, 0x0A};
    private static final String IS_NOT = ": is no calibration of jquant's";
    private static final int VERSION = 1;

    private final String model;
    private final Map<String, Observer> observers;
    private long batches;

    /**
     * A calibration.
     *
     * @param model fingerprint of the model, as {@link StaticQuantizer#fingerprint()} gives it
     * @param batches how many batches were seen
     * @param observers the observers by the name of the value that stands for their range; they are shared, not copied
     * @throws IllegalArgumentException if an argument is null, or the number negative
     */
    public Calibration(String model, long batches, Map<String, Observer> observers) {
        if (model == null || observers == null || batches < 0) {
            throw new IllegalArgumentException("model = " + model + ", batches = " + batches + ", observers = "
                    + observers + ": must be given, and batches 0 or more");
        }
        this.model = model;
        this.batches = batches;
        this.observers = new LinkedHashMap<>(observers);
    }

    /** {@return the fingerprint of the model} */
    public String model() {
        return model;
    }

    /** {@return how many batches were seen} */
    public long batches() {
        return batches;
    }

    /** {@return the observers by the name of the value that stands for their range} */
    public Map<String, Observer> observers() {
        return Collections.unmodifiableMap(observers);
    }

    /**
     * Adds what another calibration has found, so that this one knows as much as if it had seen the other's data as
     * well: exactly, but for {@link HistogramObserver}.
     *
     * @param other a calibration of the same model with the same observers
     * @throws IllegalArgumentException if it is of another model or has other observers; then this one is as it was
     * @throws UnsupportedOperationException if an observer's result depends on the order of the data
     */
    public void merge(Calibration other) {
        if (other == null || !model.equals(other.model) || !observers.keySet().equals(other.observers.keySet())) {
            throw new IllegalArgumentException("other = " + (other == null ? null : other.model)
                    + ": must be a calibration of the same model and options, " + model);
        }
        Map<String, Observer> merged = new LinkedHashMap<>();
        observers.forEach((name, observer) -> {
            Observer both = observer.copy();
            both.merge(other.observers.get(name));
            merged.put(name, both);
        });
        observers.putAll(merged);
        batches += other.batches;
    }

    /**
     * Saves the calibration to a file, which appears complete or not at all; an earlier one is replaced.
     *
     * @param file where to
     * @throws IOException if it cannot be written
     * @throws UnsupportedOperationException if an observer is not one of jquant's
     */
    public void save(Path file) throws IOException {
        byte[] bytes = toBytes();
        AtomicFile.write(file, out -> out.write(bytes));
    }

    /**
     * The calibration as the bytes of a file.
     *
     * @return the bytes
     * @throws UnsupportedOperationException if an observer is not one of jquant's
     */
    public byte[] toBytes() {
        try {
            return SealedBytes.seal(MAGIC, encode());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] encode() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(VERSION);
        out.writeUTF(model);
        out.writeLong(batches);
        out.writeInt(observers.size());
        for (Map.Entry<String, Observer> entry : observers.entrySet()) {
            out.writeUTF(entry.getKey());
            ObserverCodec.write(entry.getValue(), out);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads a calibration that {@link #save} wrote.
     *
     * @param file the file
     * @return the calibration
     * @throws IOException if it cannot be read, is no calibration, of another version, truncated or damaged
     */
    public static Calibration load(Path file) throws IOException {
        return decode(SealedBytes.read(file, MAGIC, IS_NOT), file.toString());
    }

    /**
     * Reads the bytes of a calibration.
     *
     * @param bytes what {@link #toBytes} gave
     * @param source where they are from, for messages
     * @return the calibration
     * @throws IOException if they are no calibration, of another version, truncated or damaged
     */
    public static Calibration of(byte[] bytes, String source) throws IOException {
        return decode(SealedBytes.open(bytes, MAGIC, source + IS_NOT), source);
    }

    private static Calibration decode(byte[] content, String source) throws IOException {
        try {
            return decode(new DataInputStream(new ByteArrayInputStream(content)));
        } catch (IllegalArgumentException | EOFException e) {
            throw new IOException(source + ": " + e.getMessage(), e);
        }
    }

    private static Calibration decode(DataInputStream in) throws IOException {
        int version = in.readInt();
        if (version != VERSION) {
            throw new IllegalArgumentException("version = " + version + ": must be " + VERSION);
        }
        String model = in.readUTF();
        long batches = in.readLong();
        int count = in.readInt();
        Map<String, Observer> observers = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            observers.put(in.readUTF(), ObserverCodec.read(in));
        }
        if (in.read() >= 0) {
            throw new IllegalArgumentException("more bytes than the observers: must end after them");
        }
        return new Calibration(model, batches, observers);
    }
}
