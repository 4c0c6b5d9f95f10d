// SPDX-License-Identifier: Apache-2.0
package io.jquant.graph.onnx;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import io.jquant.graph.Attribute;
import io.jquant.graph.ModelFormatException;
import io.jquant.graph.Node;
import io.jquant.graph.ops.Op;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Nodes and their attributes, from and to protobuf. */
final class NodeCodec {
    private final String source;
    private final TensorCodec tensors;

    NodeCodec(String source, TensorCodec tensors) {
        this.source = source;
        this.tensors = tensors;
    }

    /** The two spellings of the standard's own domain are one. */
    static String domain(String domain) {
        return domain.equals("ai.onnx") ? "" : domain;
    }

    Node read(OnnxMl.NodeProto proto, Map<String, Integer> opsets) throws IOException {
        if (proto.getOpType().isEmpty()) {
            throw new ModelFormatException(source, "node '" + proto.getName() + "' has no operator");
        }
        Node bare = new Node(proto.getOpType(), domain(proto.getDomain()), proto.getName(), proto.getInputList(),
                proto.getOutputList(), Map.of());
        Op op = ModelChecker.find(bare, opsets, source);
        Map<String, Attribute> attributes = new TreeMap<>();
        for (OnnxMl.AttributeProto attribute : proto.getAttributeList()) {
            if (attributes.put(attribute.getName(), read(attribute, bare)) != null) {
                throw new ModelFormatException(source, bare.describe() + " has attribute " + attribute.getName()
                        + " twice");
            }
        }
        Node node = bare.withAttributes(attributes);
        ModelChecker.check(node, op, source);
        return node;
    }

    private Attribute read(OnnxMl.AttributeProto a, Node node) throws IOException {
        if (!a.getRefAttrName().isEmpty()) {
            throw new ModelFormatException(source, node.describe() + ": attribute " + a.getName()
                    + " refers to a function's attribute " + a.getRefAttrName() + ": not supported");
        }
        return switch (a.getType()) {
            case INT -> new Attribute.Int(a.getI());
            case FLOAT -> new Attribute.Real(a.getF());
            case STRING -> new Attribute.Text(text(a.getS(), a, node));
            case TENSOR -> new Attribute.Data(tensors.read(a.getT()));
            case INTS -> new Attribute.Ints(a.getIntsList());
            case FLOATS -> new Attribute.Reals(a.getFloatsList());
            case STRINGS -> {
                List<String> texts = new ArrayList<>();
                for (ByteString bytes : a.getStringsList()) {
                    texts.add(text(bytes, a, node));
                }
                yield new Attribute.Texts(texts);
            }
            default -> throw new ModelFormatException(source, node.describe() + ": attribute " + a.getName()
                    + " is of type " + a.getType() + ": not supported");
        };
    }

    private String text(ByteString bytes, OnnxMl.AttributeProto a, Node node) throws ModelFormatException {
        if (!bytes.isValidUtf8()) {
            throw new ModelFormatException(source, node.describe() + ": attribute " + a.getName() + " is not UTF-8");
        }
        return bytes.toStringUtf8();
    }

    OnnxMl.NodeProto write(Node node) {
        OnnxMl.NodeProto.Builder proto = OnnxMl.NodeProto.newBuilder().setOpType(node.opType()).setName(node.name())
                .setDomain(node.domain()).addAllInput(node.inputs()).addAllOutput(node.outputs());
        node.attributes().forEach((name, attribute) -> proto.addAttribute(write(name, attribute)));
        return proto.build();
    }

    private OnnxMl.AttributeProto write(String name, Attribute attribute) {
        OnnxMl.AttributeProto.Builder proto = OnnxMl.AttributeProto.newBuilder().setName(name)
                .setType(OnnxMl.AttributeProto.AttributeType.valueOf(attribute.kind().name()));
        switch (attribute) {
            case Attribute.Int a -> proto.setI(a.value());
            case Attribute.Real a -> proto.setF(a.value());
            case Attribute.Text a -> proto.setS(ByteString.copyFromUtf8(a.value()));
            case Attribute.Data a -> proto.setT(tensors.write("", a.value()));
            case Attribute.Ints a -> proto.addAllInts(a.values());
            case Attribute.Reals a -> proto.addAllFloats(a.values());
            case Attribute.Texts a -> a.values().forEach(t -> proto.addStrings(ByteString.copyFromUtf8(t)));
        }
        return proto.build();
    }
}
