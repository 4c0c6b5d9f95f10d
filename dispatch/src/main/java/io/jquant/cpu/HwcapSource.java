// SPDX-License-Identifier: Apache-2.0
package io.jquant.cpu;

/** Raw answers of Linux's getauxval on Arm. */
interface HwcapSource {
    /** The type of the first word of hardware capabilities. */
    int AT_HWCAP = 16;
    /** The type of the second word. */
    int AT_HWCAP2 = 26;

    /**
     * Asks for an entry of the auxiliary vector.
     *
     * @param type the entry's type
     * @return its value, 0 where there is none
     */
    long getauxval(int type);
}
