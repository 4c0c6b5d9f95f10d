// SPDX-License-Identifier: Apache-2.0

/** A model as a graph of nodes: shape inference, executor, ONNX in and out. */
module io.jquant.graph {
    requires transitive io.jquant;
    requires org.tribuo.util.onnx;
}
