// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.ops;

import static io.jquant.graph.ops.Op.onnx;

import io.jquant.DataType;
import io.jquant.graph.Attribute;
import io.jquant.graph.Dim;
import io.jquant.graph.Shape;
import io.jquant.graph.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Values that a model states. */
final class Constants {
    static final List<Op> OPS = List.of(
            onnx("Constant", 1, "0", "1", "value:t!", Constants::inferConstant, Constants::constant),
            onnx("Constant", 12, "0", "1", "value:t value_float:f value_floats:F value_int:i value_ints:I",
                    Constants::inferConstant, Constants::constant),
            onnx("ConstantOfShape", 9, "1", "1", "value:t", Constants::inferOfShape, Constants::ofShape));

    private Constants() {}

    private static Tensor value(OpContext c) {
        c.require(c.node().attributes().size() == 1, "has " + c.node().attributes().size()
                + " attributes: must have one");
        return switch (c.node().attributes().values().iterator().next()) {
            case Attribute.Data a -> a.value();
            case Attribute.Int a -> Tensor.scalar(DataType.S64, a.value());
            case Attribute.Real a -> Tensor.scalar(a.value());
            case Attribute.Ints a ->
                Tensor.of(a.values().stream().mapToLong(Long::longValue).toArray(), a.values().size());
            case Attribute.Reals a -> {
                Tensor made = Tensor.allocate(DataType.F32, a.values().size());
                for (int i = 0; i < made.count(); i++) {
                    made.floats()[i] = a.values().get(i);
                }
                yield made;
            }
            case Attribute.Text a -> throw c.fail("value_string = " + a.value() + ": strings are not supported");
            case Attribute.Texts a -> throw c.fail("value_strings = " + a.values() + ": strings are not supported");
        };
    }

    private static void inferConstant(InferContext c) {
        Tensor value = value(c);
        c.output(0, value.type(), Shape.of(value.shape()));
    }

    private static void constant(RunContext r) {
        Tensor value = value(r);
        Movement.copy(value, 0, r.out(), 0, value.count());
    }

    private static Tensor fill(OpContext c) {
        Attribute.Data value = c.node().attribute("value", Attribute.Data.class);
        Tensor fill = value == null ? Tensor.scalar(0f) : value.value();
        c.require(fill.count() == 1, "value has " + fill.count() + " elements: must have 1");
        return fill;
    }

    private static void inferOfShape(InferContext c) {
        c.requireType(0, DataType.S64);
        c.requireRank(0, 1, 1);
        DataType type = fill(c).type();
        List<Known.Extent> extents = c.extents(0);
        if (extents == null) {
            Shape sizes = c.shape(0);
            boolean ranked = sizes.isKnown() && sizes.dim(0).value() <= 64;
            c.output(0, type, ranked ? Shape.ofRank((int) sizes.dim(0).value()) : Shape.UNKNOWN);
            return;
        }
        List<Dim> dims = new ArrayList<>();
        for (Known.Extent extent : extents) {
            c.require(!extent.isNumber() || extent.number() >= 0, "shape has " + extent.number()
                    + ": must be 0 or more");
            dims.add(extent.isNumber() ? Dim.of(extent.number()) : extent.dim());
        }
        c.output(0, type, Shape.of(dims));
    }

    private static void ofShape(RunContext r) {
        Movement.fill(fill(r), 0, r.out(), 0, r.out().count());
    }
}
