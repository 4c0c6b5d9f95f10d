// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.x86;

import static io.jquant.codegen.x86.Arg.M;
import static io.jquant.codegen.x86.Arg.MT;
import static io.jquant.codegen.x86.Arg.T;
import static io.jquant.codegen.x86.Arg.TE;
import static io.jquant.codegen.x86.Arg.TH;
import static io.jquant.codegen.x86.Form.OpcodeMap.M0F38;
import static io.jquant.codegen.x86.Form.Prefix.NP;
import static io.jquant.codegen.x86.Form.Prefix.P66;
import static io.jquant.codegen.x86.Form.Prefix.PF2;
import static io.jquant.codegen.x86.Form.Prefix.PF3;
import static io.jquant.codegen.x86.Form.W.W0;
import static io.jquant.codegen.x86.Form.vex;

/** Instructions on the tiles of AMX. */
public enum TileOp implements Instruction {
    /** Configures the tiles from 64 bytes of memory. */
    LDTILECFG(vex(NP, M0F38, W0, 0x49, M).digit(0)),
    /** Stores the tiles' configuration to 64 bytes of memory. */
    STTILECFG(vex(P66, M0F38, W0, 0x49, M).digit(0)),
    /** Returns the tiles to their initial state; at the end of every kernel that configured them. */
    TILERELEASE(vex(NP, M0F38, W0, 0x49).digit(0)),
    /** Clears a tile. */
    TILEZERO(vex(PF2, M0F38, W0, 0x49, T)),
    /** Loads a tile; the scaled index is the distance of its rows. */
    TILELOADD(vex(PF2, M0F38, W0, 0x4B, T, MT)),
    /** As TILELOADD, with a hint that the data need not stay in the first-level cache. */
    TILELOADDT1(vex(P66, M0F38, W0, 0x4B, T, MT)),
    /** Stores a tile; the scaled index is the distance of its rows. */
    TILESTORED(vex(PF3, M0F38, W0, 0x4B, MT, T)),
    /** Adds the matrix product of int8 by int8 to int32. */
    TDPBSSD(vex(PF2, M0F38, W0, 0x5E, T, TE, TH)),
    /** Adds the matrix product of int8 by uint8 to int32. */
    TDPBSUD(vex(PF3, M0F38, W0, 0x5E, T, TE, TH)),
    /** Adds the matrix product of uint8 by int8 to int32. */
    TDPBUSD(vex(P66, M0F38, W0, 0x5E, T, TE, TH)),
    /** Adds the matrix product of uint8 by uint8 to int32. */
    TDPBUUD(vex(NP, M0F38, W0, 0x5E, T, TE, TH));

    // unmodifiable, though not declared so to the checker
    @SuppressWarnings("ImmutableEnumChecker")
    private final Forms forms;

    TileOp(Form... forms) {
        this.forms = Forms.of(forms);
    }

    @Override
    public String mnemonic() {
        return Forms.mnemonic(this);
    }

    @Override
    public Forms forms() {
        return forms;
    }
}
