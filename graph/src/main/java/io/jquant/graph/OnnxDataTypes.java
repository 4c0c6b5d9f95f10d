// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph;

import io.jquant.DataType;
import java.util.List;

/** The numbers that ONNX gives to element types. */
public final class OnnxDataTypes {
    private static final List<DataType> BY_NUMBER = List.of(DataType.F32, DataType.U8, DataType.S8, DataType.U16,
            DataType.S16, DataType.S32, DataType.S64, DataType.BOOL, DataType.BOOL, DataType.F16, DataType.F64,
            DataType.U32, DataType.U64, DataType.BF16, DataType.BF16, DataType.BF16, DataType.F8E4M3FN,
            DataType.F8E4M3FNUZ, DataType.F8E5M2, DataType.F8E5M2FNUZ, DataType.U4, DataType.S4, DataType.F4E2M1,
            DataType.F8E8M0, DataType.U2, DataType.S2);
    private static final int STRING = 8;
    private static final int COMPLEX64 = 14;
    private static final int COMPLEX128 = 15;

    private OnnxDataTypes() {}

    /**
     * The type of a number.
     *
     * @param number the number, TensorProto.DataType
     * @return the type, or null for strings, complex numbers and numbers not given
     */
    public static DataType of(long number) {
        boolean known = number >= 1 && number <= BY_NUMBER.size() && number != STRING && number != COMPLEX64
                && number != COMPLEX128;
        return known ? BY_NUMBER.get((int) number - 1) : null;
    }

    /**
     * The number of a type.
     *
     * @param type the type
     * @return the number, TensorProto.DataType
     */
    public static int of(DataType type) {
        // BOOL and BF16 fill the places of the types left out, before their own
        int last = BY_NUMBER.lastIndexOf(type);
        return last + 1;
    }
}
