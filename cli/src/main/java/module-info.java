// SPDX-License-Identifier: Apache-2.0

/** The jquant command. */
module io.jquant.cli {
    requires io.jquant.quantization;
    requires info.picocli;
    requires me.tongfei.progressbar;
}
