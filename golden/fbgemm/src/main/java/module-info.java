// SPDX-License-Identifier: Apache-2.0

/** Reruns the golden vectors' inputs on libtorch with the engine fbgemm. */
module io.jquant.golden.fbgemm {
    requires io.jquant.golden;
    requires org.bytedeco.javacpp;
    requires org.bytedeco.pytorch;
}
