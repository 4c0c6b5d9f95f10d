// SPDX-License-Identifier: Apache-2.0

/** The scalar definition of every operator, and what every fast kernel shares. */
module io.jquant.kernels {
    requires transitive io.jquant;
    requires static jdk.incubator.vector;

    exports io.jquant.kernels.common;
    exports io.jquant.kernels.portable;
    exports io.jquant.kernels.vector;

    uses io.jquant.kernels.common.KernelProvider;

    provides io.jquant.spi.EngineProvider with io.jquant.kernels.portable.PortableEngineProvider;
}
