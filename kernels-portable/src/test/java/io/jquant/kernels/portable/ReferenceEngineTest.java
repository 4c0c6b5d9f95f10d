// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.portable;

import io.jquant.EngineOptions;
import io.jquant.kernels.testing.EngineMatrix;
import io.jquant.kernels.testing.EngineSuite;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("engines")
class ReferenceEngineTest extends EngineSuite {
    ReferenceEngineTest(EngineOptions options) {
        super(options);
    }

    static Stream<EngineOptions> engines() {
        return Stream.of("reference-fbgemm", "reference-qnnpack").flatMap(EngineMatrix::of);
    }
}
