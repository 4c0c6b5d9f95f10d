// SPDX-License-Identifier: Apache-2.0

/** Executable memory and the assemblers that fill it. */
module io.jquant.codegen {
    exports io.jquant.codegen;
    exports io.jquant.codegen.arm64;
    exports io.jquant.codegen.x86;
}
