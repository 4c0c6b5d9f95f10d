// SPDX-License-Identifier: Apache-2.0

/** Golden vectors: what PyTorch's engines answered, for the tests of the other modules. */
module io.jquant.golden {
    exports io.jquant.golden;
}
