// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.testing.golden;

import io.jquant.spi.Numerics;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** An engine of PyTorch whose answers are recorded, and whose of jquant's numerics are to be compared with it. */
enum Peer {
    FBGEMM(Numerics.FBGEMM),
    /** No engine of jquant answers to oneDNN; it shares ATen's code with FBGEMM. */
    ONEDNN(Numerics.FBGEMM),
    QNNPACK(Numerics.QNNPACK);

    private final Numerics numerics;

    Peer(Numerics numerics) {
        this.numerics = numerics;
    }

    /** The engine's name in golden files and tables. */
    String spelling() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name of jquant's engine that is compared. */
    String engine() {
        return numerics.name().toLowerCase(Locale.ROOT);
    }

    static List<Peer> of(Numerics numerics) {
        return Arrays.stream(values()).filter(peer -> peer.numerics == numerics).toList();
    }
}
