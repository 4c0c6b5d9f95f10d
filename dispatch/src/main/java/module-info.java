// SPDX-License-Identifier: Apache-2.0

/** What a framework programs against: quantization parameters, engines, packed operators, selection. */
module io.jquant {
    requires com.sun.jna;

    exports io.jquant;
    exports io.jquant.cpu;
    exports io.jquant.spi;

    uses io.jquant.spi.EngineProvider;
}
