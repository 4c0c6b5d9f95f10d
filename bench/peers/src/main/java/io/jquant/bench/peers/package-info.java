// SPDX-License-Identifier: Apache-2.0
/** The libraries that jquant is compared with, a class each. */
package io.jquant.bench.peers;
