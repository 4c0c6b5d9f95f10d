// SPDX-License-Identifier: Apache-2.0
/** From a float model to an int8 one: observers, configurations, static post-training quantization. */
package io.jquant.quantization;
