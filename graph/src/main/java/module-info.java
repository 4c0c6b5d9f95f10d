// SPDX-License-Identifier: Apache-2.0

/** A model as a graph of nodes: shape inference, executor, ONNX in and out, arrays in NumPy's format. */
module io.jquant.graph {
    requires transitive io.jquant;
    requires com.google.protobuf;
    requires org.tribuo.util.onnx;

    exports io.jquant.graph;
    exports io.jquant.graph.exec;
    exports io.jquant.graph.lowering;
    exports io.jquant.graph.npy;
    exports io.jquant.graph.onnx;
}
