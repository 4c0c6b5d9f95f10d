// SPDX-License-Identifier: Apache-2.0
/** The libraries that jquant is compared with: what they implement. */
package io.jquant.bench.peer;
