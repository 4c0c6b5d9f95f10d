// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86;

import io.jquant.EngineOptions;
import io.jquant.kernels.testing.EngineMatrix;
import io.jquant.kernels.testing.golden.GoldenCases;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("engines")
class FbgemmGoldenTest extends GoldenCases {
    FbgemmGoldenTest(EngineOptions options) {
        super(options);
    }

    static Stream<EngineOptions> engines() {
        return EngineMatrix.of("fbgemm");
    }
}
