// SPDX-License-Identifier: Apache-2.0
package io.jquant.codegen.arm64;

import static io.jquant.codegen.arm64.VectorForms.BYTES;
import static io.jquant.codegen.arm64.VectorForms.NARROW;
import static io.jquant.codegen.arm64.VectorForms.SUMS;
import static io.jquant.codegen.arm64.VectorForms.WORDS;
import static io.jquant.codegen.arm64.VectorForms.across;
import static io.jquant.codegen.arm64.VectorForms.bitwise;
import static io.jquant.codegen.arm64.VectorForms.byLane;
import static io.jquant.codegen.arm64.VectorForms.dot;
import static io.jquant.codegen.arm64.VectorForms.extended;
import static io.jquant.codegen.arm64.VectorForms.longer;
import static io.jquant.codegen.arm64.VectorForms.matrix;
import static io.jquant.codegen.arm64.VectorForms.narrowing;
import static io.jquant.codegen.arm64.VectorForms.pairwise;
import static io.jquant.codegen.arm64.VectorForms.product;
import static io.jquant.codegen.arm64.VectorForms.rows;
import static io.jquant.codegen.arm64.VectorForms.same;
import static io.jquant.codegen.arm64.VectorForms.shifts;
import static io.jquant.codegen.arm64.VectorForms.unary;
import static io.jquant.codegen.arm64.VectorForms.widening;
import static io.jquant.codegen.arm64.VectorForms.wider;

import java.util.Locale;

/** Vector instructions on integers. Those whose name ends in 2 read or write the upper half of a register. */
public enum IntegerOp implements Instruction {
    /** Adds. */
    ADD(same(0x0E208400, SUMS)),
    /** Subtracts. */
    SUB(same(0x2E208400, SUMS)),
    /** Adds signed numbers, saturating. */
    SQADD(same(0x0E200C00, SUMS)),
    /** Adds unsigned numbers, saturating. */
    UQADD(same(0x2E200C00, SUMS)),
    /** Subtracts signed numbers, saturating. */
    SQSUB(same(0x0E202C00, SUMS)),
    /** Subtracts unsigned numbers, saturating. */
    UQSUB(same(0x2E202C00, SUMS)),
    /** Adds neighbours of both sources. */
    ADDP(same(0x0E20BC00, SUMS)),
    /** The larger of two signed numbers. */
    SMAX(same(0x0E206400, NARROW)),
    /** The larger of two unsigned numbers. */
    UMAX(same(0x2E206400, NARROW)),
    /** The smaller of two signed numbers. */
    SMIN(same(0x0E206C00, NARROW)),
    /** The smaller of two unsigned numbers. */
    UMIN(same(0x2E206C00, NARROW)),
    /** The absolute difference of signed numbers. */
    SABD(same(0x0E207400, NARROW)),
    /** The absolute difference of unsigned numbers. */
    UABD(same(0x2E207400, NARROW)),
    /** Compares: signed greater. */
    CMGT(same(0x0E203400, SUMS)),
    /** Compares: signed greater or equal. */
    CMGE(same(0x0E203C00, SUMS)),
    /** Compares: unsigned higher. */
    CMHI(same(0x2E203400, SUMS)),
    /** Compares: unsigned higher or same. */
    CMHS(same(0x2E203C00, SUMS)),
    /** Compares: equal. */
    CMEQ(same(0x2E208C00, SUMS)),
    /** Multiplies. */
    MUL(Forms.of(rows(0x0E209C00, NARROW), byLane(0x0F008000))),
    /** Adds products. */
    MLA(Forms.of(rows(0x0E209400, NARROW), byLane(0x2F000000))),
    /** Subtracts products. */
    MLS(Forms.of(rows(0x2E209400, NARROW), byLane(0x2F004000))),
    /** Twice the product's high half, saturating. */
    SQDMULH(Forms.of(rows(0x0E20B400, WORDS), byLane(0x0F00C000))),
    /** Twice the product's high half, rounded, saturating. */
    SQRDMULH(Forms.of(rows(0x2E20B400, WORDS), byLane(0x0F00D000))),
    /** Bitwise and. */
    AND(bitwise(0x0E201C00)),
    /** Bitwise and, the second source inverted. */
    BIC(bitwise(0x0E601C00)),
    /** Bitwise or. */
    ORR(bitwise(0x0EA01C00)),
    /** Bitwise exclusive or. */
    EOR(bitwise(0x2E201C00)),
    /** Takes bits of the first source where the destination is 1, else of the second. */
    BSL(bitwise(0x2E601C00)),
    /** Shifts by signed counts: of signed numbers. */
    SSHL(same(0x0E204400, SUMS)),
    /** Shifts by signed counts: of unsigned numbers. */
    USHL(same(0x2E204400, SUMS)),
    /** Negates. */
    NEG(unary(0x2E20B800, SUMS)),
    /** The absolute value. */
    ABS(unary(0x0E20B800, SUMS)),
    /** Inverts every bit. */
    MVN(unary(0x2E205800, BYTES)),

    /** Shifts to the left by a constant. */
    SHL(shifts(0x0F005400, true)),
    /** Shifts signed numbers to the right by a constant. */
    SSHR(shifts(0x0F000400, false)),
    /** Shifts unsigned numbers to the right by a constant. */
    USHR(shifts(0x2F000400, false)),
    /** Shifts signed numbers to the right by a constant, rounding. */
    SRSHR(shifts(0x0F002400, false)),

    /** Widens signed numbers, shifted to the left by a constant. */
    SSHLL(widening(0x0F00A400, false)),
    /** Widens signed numbers of the upper half, shifted to the left by a constant. */
    SSHLL2(widening(0x0F00A400, true)),
    /** Widens unsigned numbers, shifted to the left by a constant. */
    USHLL(widening(0x2F00A400, false)),
    /** Widens unsigned numbers of the upper half, shifted to the left by a constant. */
    USHLL2(widening(0x2F00A400, true)),
    /** Widens signed numbers. */
    SXTL(extended(0x0F00A400, false)),
    /** Widens signed numbers of the upper half. */
    SXTL2(extended(0x0F00A400, true)),
    /** Widens unsigned numbers. */
    UXTL(extended(0x2F00A400, false)),
    /** Widens unsigned numbers of the upper half. */
    UXTL2(extended(0x2F00A400, true)),
    /** Narrows, dropping the upper half. */
    XTN(narrowing(0x0E212800, false)),
    /** Narrows into the upper half, dropping the upper halves of lanes. */
    XTN2(narrowing(0x0E212800, true)),
    /** Narrows signed numbers, saturating. */
    SQXTN(narrowing(0x0E214800, false)),
    /** Narrows signed numbers into the upper half, saturating. */
    SQXTN2(narrowing(0x0E214800, true)),
    /** Narrows unsigned numbers, saturating. */
    UQXTN(narrowing(0x2E214800, false)),
    /** Narrows unsigned numbers into the upper half, saturating. */
    UQXTN2(narrowing(0x2E214800, true)),
    /** Narrows signed to unsigned numbers, saturating. */
    SQXTUN(narrowing(0x2E212800, false)),
    /** Narrows signed to unsigned numbers into the upper half, saturating. */
    SQXTUN2(narrowing(0x2E212800, true)),

    /** Adds signed numbers to twice their width. */
    SADDL(longer(0x0E200000, false)),
    /** Adds signed numbers of the upper halves to twice their width. */
    SADDL2(longer(0x0E200000, true)),
    /** Adds unsigned numbers to twice their width. */
    UADDL(longer(0x2E200000, false)),
    /** Adds unsigned numbers of the upper halves to twice their width. */
    UADDL2(longer(0x2E200000, true)),
    /** Subtracts signed numbers to twice their width. */
    SSUBL(longer(0x0E202000, false)),
    /** Subtracts signed numbers of the upper halves to twice their width. */
    SSUBL2(longer(0x0E202000, true)),
    /** Subtracts unsigned numbers to twice their width. */
    USUBL(longer(0x2E202000, false)),
    /** Subtracts unsigned numbers of the upper halves to twice their width. */
    USUBL2(longer(0x2E202000, true)),
    /** Adds a signed narrow number to a wide one. */
    SADDW(wider(0x0E201000, false)),
    /** Adds a signed narrow number of the upper half to a wide one. */
    SADDW2(wider(0x0E201000, true)),
    /** Adds an unsigned narrow number to a wide one. */
    UADDW(wider(0x2E201000, false)),
    /** Adds an unsigned narrow number of the upper half to a wide one. */
    UADDW2(wider(0x2E201000, true)),
    /** Multiplies signed numbers to twice their width. */
    SMULL(product(0x0E20C000, 0x0F00A000, false)),
    /** Multiplies signed numbers of the upper half to twice their width. */
    SMULL2(product(0x0E20C000, 0x0F00A000, true)),
    /** Multiplies unsigned numbers to twice their width. */
    UMULL(product(0x2E20C000, 0x2F00A000, false)),
    /** Multiplies unsigned numbers of the upper half to twice their width. */
    UMULL2(product(0x2E20C000, 0x2F00A000, true)),
    /** Adds products of signed numbers. */
    SMLAL(product(0x0E208000, 0x0F002000, false)),
    /** Adds products of signed numbers of the upper half. */
    SMLAL2(product(0x0E208000, 0x0F002000, true)),
    /** Adds products of unsigned numbers. */
    UMLAL(product(0x2E208000, 0x2F002000, false)),
    /** Adds products of unsigned numbers of the upper half. */
    UMLAL2(product(0x2E208000, 0x2F002000, true)),
    /** Subtracts products of signed numbers. */
    SMLSL(product(0x0E20A000, 0x0F006000, false)),
    /** Subtracts products of signed numbers of the upper half. */
    SMLSL2(product(0x0E20A000, 0x0F006000, true)),
    /** Subtracts products of unsigned numbers. */
    UMLSL(product(0x2E20A000, 0x2F006000, false)),
    /** Subtracts products of unsigned numbers of the upper half. */
    UMLSL2(product(0x2E20A000, 0x2F006000, true)),

    /** Adds signed neighbours to twice their width. */
    SADDLP(pairwise(0x0E202800)),
    /** Adds unsigned neighbours to twice their width. */
    UADDLP(pairwise(0x2E202800)),
    /** Adds signed neighbours to lanes of twice their width. */
    SADALP(pairwise(0x0E206800)),
    /** Adds unsigned neighbours to lanes of twice their width. */
    UADALP(pairwise(0x2E206800)),
    /** Adds all lanes. */
    ADDV(across(0x0E31B800)),
    /** The largest of signed lanes. */
    SMAXV(across(0x0E30A800)),
    /** The largest of unsigned lanes. */
    UMAXV(across(0x2E30A800)),

    /** Adds four products of signed bytes to 32 bits (dot products). */
    SDOT(dot(0x0E809400, 0x0F80E000)),
    /** Adds four products of unsigned bytes to 32 bits (dot products). */
    UDOT(dot(0x2E809400, 0x2F80E000)),
    /** Adds four products of unsigned bytes by signed ones to 32 bits (I8MM). */
    USDOT(dot(0x0E809C00, 0x0F80F000)),
    /** Adds the product of a 2x8 and an 8x2 matrix of signed bytes (I8MM). */
    SMMLA(matrix(0x4E80A400)),
    /** Adds the product of a 2x8 and an 8x2 matrix of unsigned bytes (I8MM). */
    UMMLA(matrix(0x6E80A400)),
    /** Adds the product of a 2x8 matrix of unsigned and an 8x2 matrix of signed bytes (I8MM). */
    USMMLA(matrix(0x4E80AC00));

    // unmodifiable, though not declared so to the checker
    @SuppressWarnings("ImmutableEnumChecker")
    private final Forms forms;

    IntegerOp(Forms forms) {
        this.forms = forms;
    }

    @Override
    public String mnemonic() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Forms forms() {
        return forms;
    }
}
