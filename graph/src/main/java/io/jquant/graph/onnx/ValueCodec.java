// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.onnx;

import ai.onnx.proto.OnnxMl;
import io.jquant.DataType;
import io.jquant.graph.Dim;
import io.jquant.graph.ModelFormatException;
import io.jquant.graph.OnnxDataTypes;
import io.jquant.graph.Shape;
import io.jquant.graph.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/** Names, types and shapes of values, from and to protobuf. */
final class ValueCodec {
    private ValueCodec() {}

    static ValueInfo read(OnnxMl.ValueInfoProto proto, String source, boolean typed) throws ModelFormatException {
        String name = proto.getName();
        if (name.isEmpty()) {
            throw new ModelFormatException(source, "has an input or output without a name");
        }
        if (!proto.getType().hasTensorType()) {
            if (typed || proto.getType().getValueCase() != OnnxMl.TypeProto.ValueCase.VALUE_NOT_SET) {
                throw new ModelFormatException(source, "value '" + name + "' is of kind "
                        + proto.getType().getValueCase() + ": must be a tensor");
            }
            return new ValueInfo(name, null, Shape.UNKNOWN);
        }
        OnnxMl.TypeProto.Tensor tensor = proto.getType().getTensorType();
        DataType type = OnnxDataTypes.of(tensor.getElemType());
        if (type == null && (typed || tensor.getElemType() != 0)) {
            throw new ModelFormatException(source, "value '" + name + "' has element type " + tensor.getElemType()
                    + ": not supported");
        }
        return new ValueInfo(name, type, tensor.hasShape() ? shape(tensor.getShape(), name, source) : Shape.UNKNOWN);
    }

    private static Shape shape(OnnxMl.TensorShapeProto proto, String name, String source)
            throws ModelFormatException {
        List<Dim> dims = new ArrayList<>();
        for (OnnxMl.TensorShapeProto.Dimension dimension : proto.getDimList()) {
            if (dimension.hasDimValue() && dimension.getDimValue() >= 0) {
                dims.add(Dim.of(dimension.getDimValue()));
            } else if (dimension.hasDimValue() && dimension.getDimValue() < -1) {
                throw new ModelFormatException(source, "value '" + name + "' has a dimension of "
                        + dimension.getDimValue());
            } else {
                dims.add(dimension.getDimParam().isEmpty() ? Dim.UNKNOWN : Dim.symbol(dimension.getDimParam()));
            }
        }
        return Shape.of(dims);
    }

    static OnnxMl.ValueInfoProto write(ValueInfo value) {
        OnnxMl.ValueInfoProto.Builder proto = OnnxMl.ValueInfoProto.newBuilder().setName(value.name());
        if (value.type() == null) {
            return proto.build();
        }
        OnnxMl.TypeProto.Tensor.Builder tensor =
                OnnxMl.TypeProto.Tensor.newBuilder().setElemType(OnnxDataTypes.of(value.type()));
        if (value.shape().isRanked()) {
            OnnxMl.TensorShapeProto.Builder shape = OnnxMl.TensorShapeProto.newBuilder();
            for (Dim dim : value.shape().dims()) {
                OnnxMl.TensorShapeProto.Dimension.Builder dimension = OnnxMl.TensorShapeProto.Dimension.newBuilder();
                if (dim.isKnown()) {
                    dimension.setDimValue(dim.value());
                } else if (!dim.symbol().isEmpty()) {
                    dimension.setDimParam(dim.symbol());
                }
                shape.addDim(dimension);
            }
            tensor.setShape(shape);
        }
        return proto.setType(OnnxMl.TypeProto.newBuilder().setTensorType(tensor)).build();
    }
}
