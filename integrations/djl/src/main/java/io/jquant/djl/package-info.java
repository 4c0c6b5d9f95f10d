// SPDX-License-Identifier: Apache-2.0
/** An engine for the Deep Java Library, by the name of {@code jquant}: it runs ONNX models and quantizes them. */
package io.jquant.djl;
