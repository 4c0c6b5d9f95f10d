// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

/** Raw answers of Windows' IsProcessorFeaturePresent. */
interface ProcessorFeatureSource {
    /**
     * Asks for a feature.
     *
     * @param number its PF number
     * @return whether Windows reports it; false for numbers it does not know
     */
    boolean present(int number);
}
