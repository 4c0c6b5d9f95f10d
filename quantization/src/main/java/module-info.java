// SPDX-License-Identifier: Apache-2.0

/** From a float model to an int8 one. */
module io.jquant.quantization {
    requires transitive io.jquant.graph;

    exports io.jquant.quantization;
    exports io.jquant.quantization.suite;
}
