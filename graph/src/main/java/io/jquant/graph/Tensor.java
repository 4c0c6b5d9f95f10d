// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph;

import io.jquant.DataType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * An n-dimensional array, row-major and dense. The elements live in a primitive array: {@code float[]} for f32,
 * {@code double[]} for f64, {@code long[]}, {@code int[]}, {@code short[]} for integers (and 16-bit floats) of that
 * size, {@code byte[]} for the rest, where 2- and 4-bit elements are packed, the first in the lowest bits. The array
 * is shared, not copied, and may be longer than the tensor.
 */
public final class Tensor {
    /** The largest number of elements that one tensor can have. */
    public static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;

    private final DataType type;
    private final long[] shape;
    private final int count;
    private final Object array;
    /** Elements that have no array yet, null for none. */
    private final MemorySegment elsewhere;
    private volatile byte[] loaded;

    private Tensor(DataType type, long[] shape, int count, Object array) {
        this.type = type;
        this.shape = shape;
        this.count = count;
        this.array = array;
        this.elsewhere = array instanceof MemorySegment memory ? memory : null;
    }

    /**
     * A tensor over an array.
     *
     * @param type the element type
     * @param array the array, of the kind that belongs to the type, at least as long as the shape says
     * @param shape the sizes
     * @return the tensor, which shares the array
     */
    public static Tensor of(DataType type, Object array, long... shape) {
        int count = count(shape);
        MemorySegment bytes = segmentOf(type, array);
        if (bytes.byteSize() < type.bytes(count)) {
            throw new IllegalArgumentException("array of " + bytes.byteSize() + " bytes: must have " + type.bytes(count)
                    + " or more for " + type + Arrays.toString(shape));
        }
        return new Tensor(type, shape.clone(), count, array);
    }

    /**
     * A tensor of 8-bit elements that lie elsewhere, such as in a mapped file. They are copied to an array when the
     * array is first asked for, and until then read where they are; they cannot be set.
     *
     * @param type the element type, of 8 bits
     * @param elements the elements; as long as the tensor is used, they must be there and stay as they are
     * @param shape the sizes
     * @return the tensor
     */
    public static Tensor view(DataType type, MemorySegment elements, long... shape) {
        int count = count(shape);
        if (type.bits() != Byte.SIZE || elements.byteSize() != count) {
            throw new IllegalArgumentException("elements = " + elements.byteSize() + " bytes: must be " + count
                    + " for " + type + Arrays.toString(shape) + ", of a type of 8 bits");
        }
        return new Tensor(type, shape.clone(), count, elements.asReadOnly());
    }

    /**
     * An f32 tensor over an array.
     *
     * @param array the elements
     * @param shape the sizes
     * @return the tensor, which shares the array
     */
    public static Tensor of(float[] array, long... shape) {
        return of(DataType.F32, array, shape);
    }

    /**
     * An s64 tensor over an array.
     *
     * @param array the elements
     * @param shape the sizes
     * @return the tensor, which shares the array
     */
    public static Tensor of(long[] array, long... shape) {
        return of(DataType.S64, array, shape);
    }

    /**
     * A scalar.
     *
     * @param value the value
     * @return an f32 tensor of rank 0
     */
    public static Tensor scalar(float value) {
        return of(new float[] {value});
    }

    /**
     * A scalar of a quantized or other integer type.
     *
     * @param type the element type
     * @param value the value
     * @return a tensor of rank 0
     */
    public static Tensor scalar(DataType type, long value) {
        Tensor made = allocate(type);
        made.setLong(0, value);
        return made;
    }

    /**
     * A tensor of zeros.
     *
     * @param type the element type
     * @param shape the sizes
     * @return the tensor
     */
    public static Tensor allocate(DataType type, long... shape) {
        int count = count(shape);
        return new Tensor(type, shape.clone(), count, Elements.allocate(type, count));
    }

    /**
     * Number of elements of a shape.
     *
     * @param shape the sizes
     * @return their product
     * @throws IllegalArgumentException if a size is negative or, as the product, above {@link #MAX_ELEMENTS}
     */
    public static int count(long... shape) {
        long product = 1;
        boolean empty = false;
        for (long size : shape) {
            // of an empty shape too: code counts along each axis by int
            if (size < 0 || size > MAX_ELEMENTS) {
                throw new IllegalArgumentException("shape = " + Arrays.toString(shape) + ": sizes must be 0 to "
                        + MAX_ELEMENTS);
            }
            empty |= size == 0;
            product = size == 0 ? product : Math.min(product * size, MAX_ELEMENTS + 1L);
        }
        if (!empty && product > MAX_ELEMENTS) {
            throw new IllegalArgumentException("shape = " + Arrays.toString(shape) + ": must have at most "
                    + MAX_ELEMENTS + " elements");
        }
        return empty ? 0 : (int) product;
    }

    private static MemorySegment segmentOf(DataType type, Object array) {
        boolean fits = switch (type) {
            case F32 -> array instanceof float[];
            case F64 -> array instanceof double[];
            case S32, U32 -> array instanceof int[];
            case S64, U64 -> array instanceof long[];
            case F16, BF16, S16, U16 -> array instanceof short[];
            default -> array instanceof byte[];
        };
        if (!fits) {
            throw new IllegalArgumentException("array = " + (array == null ? "null" : array.getClass().getSimpleName())
                    + ": must be the kind of array that holds " + type);
        }
        return switch (array) {
            case float[] a -> MemorySegment.ofArray(a);
            case double[] a -> MemorySegment.ofArray(a);
            case int[] a -> MemorySegment.ofArray(a);
            case long[] a -> MemorySegment.ofArray(a);
            case short[] a -> MemorySegment.ofArray(a);
            default -> MemorySegment.ofArray((byte[]) array);
        };
    }

    /** {@return the element type} */
    public DataType type() {
        return type;
    }

    /** {@return the sizes} */
    public long[] shape() {
        return shape.clone();
    }

    /** {@return the number of dimensions} */
    public int rank() {
        return shape.length;
    }

    /**
     * One size.
     *
     * @param axis which dimension, from 0
     * @return its size
     */
    public int dim(int axis) {
        if (axis < 0 || axis >= shape.length) {
            throw new IllegalArgumentException("axis = " + axis + ": must be within a shape of rank " + shape.length);
        }
        return (int) shape[axis];
    }

    /** {@return the number of elements} */
    public int count() {
        return count;
    }

    /** {@return the size of the elements in bytes} */
    public long byteSize() {
        return type.bytes(count);
    }

    /** {@return the elements as memory, without a copy} */
    public MemorySegment segment() {
        return elsewhere == null ? segmentOf(type, array).asSlice(0, byteSize()) : elsewhere;
    }

    /** {@return the array behind this tensor} */
    public Object array() {
        return elsewhere == null ? array : load();
    }

    private byte[] load() {
        byte[] bytes = loaded;
        if (bytes == null) {
            bytes = elsewhere.toArray(ValueLayout.JAVA_BYTE);
            loaded = bytes;
        }
        return bytes;
    }

    /** {@return the array behind an f32 tensor} */
    public float[] floats() {
        return (float[]) expect(array() instanceof float[], "floats");
    }

    /** {@return the array behind an f64 tensor} */
    public double[] doubles() {
        return (double[]) expect(array() instanceof double[], "doubles");
    }

    /** {@return the array behind an s64 or u64 tensor} */
    public long[] longs() {
        return (long[]) expect(array() instanceof long[], "longs");
    }

    /** {@return the array behind an s32 or u32 tensor} */
    public int[] ints() {
        return (int[]) expect(array() instanceof int[], "ints");
    }

    /** {@return the array behind a tensor of 16-bit elements} */
    public short[] shorts() {
        return (short[]) expect(array() instanceof short[], "shorts");
    }

    /** {@return the array behind a tensor of elements of 8 bits or fewer} */
    public byte[] bytes() {
        return (byte[]) expect(array() instanceof byte[], "bytes");
    }

    private Object expect(boolean fits, String kind) {
        if (!fits) {
            throw new IllegalStateException("a tensor of " + type + " has no " + kind);
        }
        return array();
    }

    /**
     * The same elements in another shape.
     *
     * @param sizes the new sizes, of the same number of elements
     * @return a tensor that shares the array
     */
    public Tensor reshape(long... sizes) {
        if (count(sizes) != count) {
            throw new IllegalArgumentException("shape = " + Arrays.toString(sizes) + ": must have " + count
                    + " elements, as " + Arrays.toString(shape) + " has");
        }
        return new Tensor(type, sizes.clone(), count, array);
    }

    /**
     * One element as an integer; a float is cut towards 0.
     *
     * @param index position in row-major order
     * @return the element
     */
    public long getLong(int index) {
        return Elements.getLong(type, array(), check(index));
    }

    /**
     * One element as a double.
     *
     * @param index position in row-major order
     * @return the element
     */
    public double getDouble(int index) {
        return Elements.getDouble(type, array(), check(index));
    }

    /**
     * Sets one element; an integer type keeps the lowest bits.
     *
     * @param index position in row-major order
     * @param value the value
     */
    public void setLong(int index, long value) {
        Elements.setLong(type, own(), check(index), value);
    }

    /**
     * Sets one element, rounded to the nearest value of a float type or cut towards 0 for an integer type.
     *
     * @param index position in row-major order
     * @param value the value
     */
    public void setDouble(int index, double value) {
        Elements.setDouble(type, own(), check(index), value);
    }

    /**
     * Sets one element of an 8-bit float type.
     *
     * @param index position in row-major order
     * @param value the value
     * @param saturate whether what is too large becomes the largest value, not infinity or NaN
     */
    public void setFloat8(int index, float value, boolean saturate) {
        ((byte[]) own())[check(index)] = (byte) MiniFloat.of(type).encode(value, saturate);
    }

    /** The array; a copy of what lies elsewhere would change without it. */
    private Object own() {
        if (elsewhere != null) {
            throw new IllegalStateException("the elements of " + this + " lie elsewhere: they cannot be set");
        }
        return array;
    }

    private int check(int index) {
        if (index < 0 || index >= count) {
            throw new IllegalArgumentException("index = " + index + ": must be from 0 to below " + count);
        }
        return index;
    }

    /** {@return the elements as a new array of floats} */
    public float[] toFloats() {
        if (type == DataType.F32) {
            return Arrays.copyOf(floats(), count);
        }
        float[] copy = new float[count];
        for (int i = 0; i < count; i++) {
            copy[i] = (float) Elements.getDouble(type, array(), i);
        }
        return copy;
    }

    /** {@return the elements as a new array of longs} */
    public long[] toLongs() {
        long[] copy = new long[count];
        for (int i = 0; i < count; i++) {
            copy[i] = Elements.getLong(type, array(), i);
        }
        return copy;
    }

    @Override
    public String toString() {
        return type + Arrays.toString(shape);
    }
}
