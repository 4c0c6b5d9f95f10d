// SPDX-License-Identifier: Apache-2.0
package io.jquant.golden;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one operator answered to one set of arguments. The names are those of golden/README.md; an optional argument
 * that was not given is in neither map.
 *
 * @param name operator/case, unique in its file
 * @param operator the operator's name
 * @param parameters its scalar and list arguments: Long, Double, Boolean, String, long[] or float[]
 * @param inputs its tensor arguments
 * @param outputs its answers
 */
public record GoldenCase(String name, String operator, Map<String, Object> parameters,
                         Map<String, GoldenTensor> inputs, Map<String, GoldenTensor> outputs) {
    /**
     * Copies the maps and keeps their order.
     *
     * @param name operator/case
     * @param operator the operator's name
     * @param parameters its scalar and list arguments
     * @param inputs its tensor arguments
     * @param outputs its answers
     */
    public GoldenCase {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }

    /**
     * An integer argument.
     *
     * @param parameter its name
     * @return its value
     */
    public int integer(String parameter) {
        return Math.toIntExact(value(parameter, Long.class));
    }

    /**
     * A real argument; scales are binary32 values.
     *
     * @param parameter its name
     * @return its value
     */
    public double real(String parameter) {
        return value(parameter, Double.class);
    }

    /**
     * A yes-or-no argument.
     *
     * @param parameter its name
     * @return its value
     */
    public boolean flag(String parameter) {
        return value(parameter, Boolean.class);
    }

    /**
     * A text argument.
     *
     * @param parameter its name
     * @return its value
     */
    public String text(String parameter) {
        return value(parameter, String.class);
    }

    /**
     * A list of integers: strides, paddings, sizes.
     *
     * @param parameter its name
     * @return a copy of its values
     */
    public long[] integers(String parameter) {
        return value(parameter, long[].class).clone();
    }

    /**
     * A list of reals.
     *
     * @param parameter its name
     * @return a copy of its values
     */
    public float[] reals(String parameter) {
        return value(parameter, float[].class).clone();
    }

    /**
     * A tensor argument that must be there; ask {@link #inputs()} for an optional one.
     *
     * @param input its name
     * @return the tensor
     */
    public GoldenTensor input(String input) {
        return present(inputs, input);
    }

    /**
     * An answer.
     *
     * @param output its name
     * @return the tensor
     */
    public GoldenTensor output(String output) {
        return present(outputs, output);
    }

    private <T> T value(String parameter, Class<T> type) {
        Object value = present(parameters, parameter);
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException(
                    name + ": " + parameter + " = " + value + ": must be a " + type.getSimpleName());
        }
        return type.cast(value);
    }

    private <T> T present(Map<String, T> map, String key) {
        T value = map.get(key);
        if (value == null) {
            throw new IllegalArgumentException(name + ": " + key + " is none of " + map.keySet());
        }
        return value;
    }

    static GoldenCase read(DataInputStream in) throws IOException {
        return new GoldenCase(GoldenFile.readText(in), GoldenFile.readText(in),
                GoldenFile.readMap(in, GoldenCase::readParameter), GoldenFile.readMap(in, GoldenTensor::read),
                GoldenFile.readMap(in, GoldenTensor::read));
    }

    void write(DataOutputStream out) throws IOException {
        GoldenFile.writeText(out, name);
        GoldenFile.writeText(out, operator);
        GoldenFile.writeMap(out, parameters, GoldenCase::writeParameter);
        GoldenFile.writeMap(out, inputs, (o, tensor) -> tensor.write(o));
        GoldenFile.writeMap(out, outputs, (o, tensor) -> tensor.write(o));
    }

    private static Object readParameter(DataInputStream in) throws IOException {
        int kind = in.readUnsignedByte();
        return switch (kind) {
            case 0 -> (Object) in.readLong();
            case 1 -> in.readDouble();
            case 2 -> in.readBoolean();
            case 3 -> GoldenFile.readText(in);
            case 4 -> {
                long[] longs = new long[in.readInt()];
                for (int i = 0; i < longs.length; i++) {
                    longs[i] = in.readLong();
                }
                yield longs;
            }
            case 5 -> {
                float[] floats = new float[in.readInt()];
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = in.readFloat();
                }
                yield floats;
            }
            default -> throw new IOException("kind of parameter = " + kind + ": must be 0..5");
        };
    }

    private static void writeParameter(DataOutputStream out, Object value) throws IOException {
        switch (value) {
            case Long v -> {
                out.writeByte(0);
                out.writeLong(v);
            }
            case Double v -> {
                out.writeByte(1);
                out.writeDouble(v);
            }
            case Boolean v -> {
                out.writeByte(2);
                out.writeBoolean(v);
            }
            case String v -> {
                out.writeByte(3);
                GoldenFile.writeText(out, v);
            }
            case long[] v -> {
                out.writeByte(4);
                out.writeInt(v.length);
                for (long element : v) {
                    out.writeLong(element);
                }
            }
            case float[] v -> {
                out.writeByte(5);
                out.writeInt(v.length);
                for (float element : v) {
                    out.writeFloat(element);
                }
            }
            default -> throw new IllegalArgumentException("parameter = " + value + ": of no known type");
        }
    }
}
