// SPDX-License-Identifier: Apache-2.0
package io.jquant;

/** A fully connected layer, on quantized input or on float input that is quantized as it comes. */
public sealed interface FullyConnectedSpec extends PackedSpec
        permits LinearSpec, DynamicLinearSpec, GroupedLinearSpec {
    /** {@return columns of the input} */
    int inFeatures();

    /** {@return columns of the output} */
    int outFeatures();

    /** {@return the input's element type: u8, s8 or, of a dynamic layer, f32} */
    DataType inputType();

    /** {@return the output's element type} */
    DataType outputType();

    /** {@return whether a second tensor is added before the output is rounded} */
    boolean hasAddend();

    @Override
    default long weightBytes() {
        return Require.product("weights", outFeatures(), inFeatures());
    }
}
