// SPDX-License-Identifier: Apache-2.0
/** A graph with QuantizeLinear and DequantizeLinear on an engine's packed operators. */
package io.jquant.graph.lowering;
