// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.EngineOptions;
import io.jquant.kernels.testing.golden.GoldenCases;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("engines")
class GoldenTest extends GoldenCases {
    GoldenTest(EngineOptions options) {
        super(options);
    }

    static Stream<EngineOptions> engines() {
        return Stream.of("reference-fbgemm", "reference-qnnpack")
                .map(engine -> EngineOptions.defaults().withEngine(engine));
    }
}
