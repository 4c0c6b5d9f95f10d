// SPDX-License-Identifier: Apache-2.0
/** What a framework programs against: quantization parameters, engines, packed operators, selection. */
package io.jquant;
