// SPDX-License-Identifier: Apache-2.0
package io.jquant.kernels.x86.nativecode;

import static io.jquant.kernels.x86.nativecode.EmulatedPc.MOST_ENTRIES;
import static io.jquant.kernels.x86.nativecode.EmulatedPc.PAGE;
import static io.jquant.kernels.x86.nativecode.EmulatedPc.TELL;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an emulated program sees: this process's memory, at this process's addresses. A page is copied to it where it
 * faults, if this process has the page, and what changed is copied back after the call. So access beyond operands
 * between guard pages is a fault there as it is here. Operands on the heap get addresses of their own.
 */
final class EmulatedMemory {
    private static final int MOST_LOADED_AT_ONCE = 4;
    private static final int MOST_LOADED_AHEAD = 48;
    /** Bytes of arguments among which addresses are looked for. */
    private static final int ADDRESSES = 512;

    /** The highest table, and what its first entry is: the ROM's own. */
    private static final long HIGHEST = 0x1000;
    private static final long OWN = 0x2000;
    private static final long FIRST_TABLE = 0x200000;
    private static final long FIRST_FRAME = 0x400000;
    private static final long FIRST_CODE = 64 << 20;
    private static final long END = 128 << 20;
    /** Present, writable. */
    private static final long MAPPED = 3;
    private static final long ACCESSED = 1 << 5;
    private static final long DIRTY = 1 << 6;

    /** Operands on the heap, in pieces of 4 GB. */
    private static final int HEAP = 2;
    private static final byte JUNK = (byte) 0xA7;

    private final EmulatedPc pc;
    /** What the program may use in this call, and what of any call is still in its frame. */
    private final Map<Long, Page> pages = new LinkedHashMap<>();
    private final Map<Long, Page> kept = new HashMap<>();
    /** Code stays where it is: Bochs does not see it change when there may be tiles. */
    private final Map<ByteBuffer, Page> codePages = new HashMap<>();
    private final Map<Long, Long> tables = new HashMap<>();
    private final List<MemorySegment> heap = new ArrayList<>();
    private long[] lastPages = new long[0];
    private MemorySegment code;
    private MemorySegment mended;
    private long nextTable = FIRST_TABLE;
    private long nextFrame = FIRST_FRAME;
    private long nextCode = FIRST_CODE;

    /** A page that the program has: where, and its content. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Page(long frame, byte[] content) {
    }

    EmulatedMemory(EmulatedPc pc) {
        this.pc = pc;
    }

    /** Makes a call's operands known, the code first and the arguments last; writes where the program finds them. */
    void begin(List<MemorySegment> pointers, long[] addresses) {
        code = pointers.getFirst();
        mended = MemorySegment.ofArray(MendedCode.of(code.toArray(JAVA_BYTE)));
        heap.clear();
        pages.clear();
        tables.clear();
        nextTable = FIRST_TABLE;
        if (nextFrame > FIRST_CODE / 2) {
            forget();
        }
        pc.zero(HIGHEST);
        pc.poke(HIGHEST, OWN | MAPPED);
        for (int i = 0; i < pointers.size(); i++) {
            addresses[i] = address(pointers.get(i));
        }
        loadAhead(pointers, addresses);
    }

    /** Forgets what is in which frame. */
    void forget() {
        kept.clear();
        nextFrame = FIRST_FRAME;
    }

    /** As the emulated PC does; the answer to a call brings the tables. */
    long send(int command) {
        pc.message(88, (nextTable - FIRST_TABLE) / PAGE);
        return pc.send(command);
    }

    private long address(MemorySegment operand) {
        if (operand.isNative()) {
            return operand.address();
        }
        heap.add(operand);
        // it ends where a page does
        return operandEnd(heap.size() - 1) - operand.byteSize();
    }

    private static long operandEnd(int index) {
        return ((long) HEAP << 39) + ((index + 1L) << 32);
    }

    private static boolean isHeap(long page) {
        return page >>> 39 == HEAP;
    }

    private static int operand(long page) {
        return (int) ((page - ((long) HEAP << 39)) >>> 32);
    }

    /** Bytes from an operand on the heap's beginning to a page's. */
    private long offset(long page) {
        int operand = operand(page);
        return page - (operandEnd(operand) - heap.get(operand).byteSize());
    }

    /** What will be used anyway, as far as one can see: a fault takes long. */
    private void loadAhead(List<MemorySegment> pointers, long[] addresses) {
        for (int i = 0; i < pointers.size(); i++) {
            long end = addresses[i] + pointers.get(i).byteSize();
            for (long page = addresses[i] & -PAGE; page < end && pages.size() < MOST_LOADED_AHEAD; page += PAGE) {
                loadIfNew(page);
            }
        }
        MemorySegment arguments = pointers.getLast();
        for (long at = 0; at + 8 <= Math.min(ADDRESSES, arguments.byteSize()); at += 8) {
            long page = arguments.get(JAVA_LONG_UNALIGNED, at) & -PAGE;
            if (!isHeap(page) && pages.size() < MOST_LOADED_AHEAD) {
                loadIfNew(page);
            }
        }
        for (long page : lastPages) {
            if (!isHeap(page)) {
                loadIfNew(page);
            }
        }
    }

    private void loadIfNew(long page) {
        // a page and its tables take eight entries at most
        if (!pages.containsKey(page) && pc.hasRoom(16)) {
            load(page);
        }
    }

    /** Loads the page of an address and some behind it; false if the program may not access it. */
    boolean fault(long address) {
        long page = address & -PAGE;
        if (pages.containsKey(page) || !load(page)) {
            return false;
        }
        for (int i = 1; i < MOST_LOADED_AT_ONCE && !pages.containsKey(page + (long) i * PAGE); i++) {
            if (!load(page + (long) i * PAGE)) {
                break;
            }
        }
        return true;
    }

    private boolean load(long page) {
        if (!(isHeap(page) ? readHeap(page) : page >>> 39 != 0 && pc.readNext(page))) {
            return false;
        }
        long inCode = page - code.address();
        boolean isCode = inCode > -PAGE && inCode < code.byteSize();
        if (isCode) {
            long from = Math.max(0, inCode);
            MemorySegment.copy(mended, from, pc.next(), from - inCode,
                    Math.min(inCode + PAGE, code.byteSize()) - from);
        }
        byte[] content = pc.next().toArray(JAVA_BYTE);
        Page there = isCode ? codePages.get(ByteBuffer.wrap(content)) : kept.get(page);
        if (there == null || !Arrays.equals(there.content, content)) {
            there = new Page(isCode ? codeFrame() : there == null ? frame() : there.frame, content);
            pc.load(there.frame);
            if (isCode) {
                codePages.put(ByteBuffer.wrap(content), there);
            } else {
                kept.put(page, there);
            }
        }
        pages.put(page, there);
        pc.poke(table(page, 1) + entry(page, 0), there.frame | MAPPED);
        return true;
    }

    private boolean readHeap(long page) {
        if (operand(page) >= heap.size() || offset(page) <= -PAGE) {
            return false;
        }
        long begin = Math.max(0, offset(page));
        MemorySegment to = pc.next().fill(JUNK);
        MemorySegment.copy(heap.get(operand(page)), begin, to, begin - offset(page), offset(page) + PAGE - begin);
        return true;
    }

    /** Where the table of a level is that maps a page; the highest is 4. */
    private long table(long page, int level) {
        if (level == 4) {
            return HIGHEST;
        }
        long key = ((page >>> (12 + 9 * level)) << 3) | level;
        Long known = tables.get(key);
        if (known != null) {
            return known;
        }
        long table = nextTable;
        // so many are stored after a call
        if (table == FIRST_TABLE + (long) MOST_ENTRIES * PAGE) {
            throw new IllegalStateException("too many tables");
        }
        nextTable += PAGE;
        tables.put(key, table);
        pc.zero(table);
        pc.poke(table(page, level + 1) + entry(page, level), table | MAPPED);
        return table;
    }

    private static long entry(long page, int level) {
        return ((page >>> (12 + 9 * level)) & 511) * 8;
    }

    private long frame() {
        if (nextFrame == FIRST_CODE) {
            throw new IllegalStateException("the emulated memory is too small");
        }
        nextFrame += PAGE;
        return nextFrame - PAGE;
    }

    private long codeFrame() {
        if (nextCode == END) {
            throw new IllegalStateException("the emulated memory is too small for so much code");
        }
        nextCode += PAGE;
        return nextCode - PAGE;
    }

    /** After a call: what it changed. */
    void copyBack() {
        Map<Long, Long> mapped = new HashMap<>();
        for (int table = 0; table < tables.size(); table++) {
            MemorySegment entries = pc.page(table);
            for (long at = 0; at < PAGE; at += 8) {
                long entry = entries.get(JAVA_LONG, at);
                mapped.put(entry & -PAGE, entry);
            }
        }
        List<Long> dirty = pages.keySet().stream()
                .filter(page -> (mapped.get(pages.get(page).frame) & DIRTY) != 0).toList();
        lastPages = pages.keySet().stream().filter(page -> (mapped.get(pages.get(page).frame) & ACCESSED) != 0)
                .limit(MOST_LOADED_AHEAD).mapToLong(page -> page).toArray();
        for (int from = 0; from < dirty.size(); from += MOST_ENTRIES) {
            List<Long> some = dirty.subList(from, Math.min(from + MOST_ENTRIES, dirty.size()));
            some.forEach(page -> pc.store(pages.get(page).frame));
            send(TELL);
            List<byte[]> contents = new ArrayList<>();
            for (int i = 0; i < some.size(); i++) {
                contents.add(pc.page(i).toArray(JAVA_BYTE));
            }
            for (int i = 0; i < some.size(); i++) {
                copyBack(some.get(i), contents.get(i));
            }
        }
    }

    /** Changed bytes alone: others of the page may be somebody else's. */
    private void copyBack(long page, byte[] after) {
        Page there = pages.get(page);
        byte[] before = there.content;
        int from = 0;
        while (from < PAGE) {
            int to = from;
            while (to < PAGE && before[to] != after[to]) {
                to++;
            }
            if (to > from) {
                write(page, after, from, to - from);
            }
            from = to + 1;
        }
        kept.put(page, new Page(there.frame, after));
    }

    private void write(long page, byte[] content, int from, int count) {
        boolean mayBe = true;
        if (isHeap(page)) {
            mayBe = offset(page) + from >= 0;
            if (mayBe) {
                MemorySegment.copy(content, from, heap.get(operand(page)), JAVA_BYTE, offset(page) + from, count);
            }
        } else {
            mayBe = pc.write(page + from, content, from, count);
        }
        if (!mayBe) {
            throw new IllegalStateException("something was written that is not an output");
        }
    }
}
