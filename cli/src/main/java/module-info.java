// SPDX-License-Identifier: Apache-2.0

/** The jquant command. */
module io.jquant.cli {
    requires info.picocli;
    requires io.jquant.quantization;
    requires java.desktop;
    requires me.tongfei.progressbar;

    opens io.jquant.cli to info.picocli;
}
