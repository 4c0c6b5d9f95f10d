// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.lowering;

import io.jquant.graph.Node;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A dynamic layer in operators of ONNX alone, as ONNX Runtime's tools write it: DynamicQuantizeLinear, MatMulInteger,
 * Cast, Mul by the product of both scales, and perhaps Add of a bias.
 *
 * @param whole the same as one DynamicQuantizeMatMul
 * @param nodes the nodes that it stands for, without DynamicQuantizeLinear, which several layers may share
 */
record IntegerProduct(Node whole, List<Node> nodes) {
    /** The layer that ends with a node; null if none does. */
    static IntegerProduct of(QuantizedValues values, Node last) {
        if (last.is("Mul")) {
            return scaled(values, last, "", last);
        }
        for (int i = 0; i < 2 && last.is("Add"); i++) {
            Node product = values.producer(last.input(i));
            Tensor bias = values.constant(last.input(1 - i));
            if (product != null && product.is("Mul") && values.isPrivate(last.input(i)) && bias != null
                    && bias.rank() == 1) {
                return scaled(values, product, last.input(1 - i), last);
            }
        }
        return null;
    }

    @SuppressWarnings("ReferenceEquality") // whether it is the same node, whatever is in it
    private static IntegerProduct scaled(QuantizedValues values, Node scaling, String bias, Node last) {
        for (int i = 0; i < 2; i++) {
            Node cast = values.producer(scaling.input(i));
            Node scales = values.producer(scaling.input(1 - i));
            Node product = cast == null || !cast.is("Cast") ? null : values.producer(cast.input(0));
            if (product == null || scales == null || !product.is("MatMulInteger") || !scales.is("Mul")
                    || !values.isPrivate(scaling.input(i)) || !values.isPrivate(cast.input(0))) {
                continue;
            }
            Node quantize = values.producer(product.input(0));
            String weightScale = weightScale(scales, quantize);
            if (weightScale != null && quantize.output(2).equals(product.input(2)) && fits(values, product, bias)) {
                List<Node> nodes = new ArrayList<>(List.of(product, cast, scales, scaling));
                if (last != scaling) {
                    nodes.add(last);
                }
                return new IntegerProduct(new Node("DynamicQuantizeMatMul", "com.microsoft", product.name(),
                        List.of(quantize.input(0), product.input(1), weightScale, product.input(3), bias),
                        last.outputs(), Map.of()), nodes);
            }
        }
        return null;
    }

    /** The other factor of a product with the scale that an input was quantized by; null if it is no such product. */
    private static String weightScale(Node scales, Node quantize) {
        if (quantize == null || !quantize.is("DynamicQuantizeLinear")) {
            return null;
        }
        for (int i = 0; i < 2; i++) {
            if (scales.input(i).equals(quantize.output(1))) {
                return scales.input(1 - i);
            }
        }
        return null;
    }

    /** Whether a bias, if there is one, has an element for each column: one that is stretched is no layer's. */
    private static boolean fits(QuantizedValues values, Node product, String bias) {
        Tensor weight = values.constant(product.input(1));
        return weight != null && weight.rank() == 2
                && (bias.isEmpty() || values.constant(bias).count() == weight.dim(1));
    }
}
