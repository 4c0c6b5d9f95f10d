// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import io.jquant.spi.Candidate;
import io.jquant.spi.PackedImage;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;

/**
 * Many operators in one file as they are packed, with something of the caller's attached, such as the graph that they
 * belong to. The file is mapped: an engine of the same name, tier and instruction set runs its operators where they
 * lie, without a copy, and processes share their memory. Any other engine is told {@linkplain #whyNot why not}: whoever
 * keeps the weights as they were given (in the attachment, say) can then pack them anew.
 *
 * <p>A file is, all numbers little-endian:
 * <pre>
 * offset size
 *      0    8  magic: 89 4A 51 50 0D 0A 1A 0A
 *      8    4  version of the format: 1
 *     12    4  H, bytes of the head
 *     16    8  size of the file
 *     24    4  CRC-32C of what is before, and of the head
 *     28    4  CRC-32C of all behind the head
 *     32    H  head: engine, tier, instruction set; the attachment's place; int count of operators; for each its name,
 *              description (int kind, specification and biases, as {@link PackedOperator} writes them), layout, place
 *              padding with zeros to a multiple of 64, then attachment and operators, padded likewise
 * </pre>
 * Names, descriptions and layouts have their length (int) before them, text is UTF-8; a place is offset and length, two
 * longs. A file is read as a whole when it is opened, to check it against its checksums; beside the mapping that takes
 * memory of a few times its head. As with all mapped files, one that is in use must not be written to or cut off; to
 * replace it, as {@link #write} does, is safe.
 */
public final class OperatorArchive implements AutoCloseable {
    static final int ALIGNMENT = 64;
    private static final long MAGIC = 0x0A1A0A0D50514A89L;
    private static final int VERSION = 1;
    static final int FIXED_BYTES = 32;
    /** Of what the checksum at 24 covers before the head. */
    private static final int CHECKED_BYTES = 24;
    private static final int CHUNK = 1 << 26;
    private static final System.Logger LOG = System.getLogger(OperatorArchive.class.getName());

    private final String source;
    private final Arena arena;
    private final MemorySegment file;
    private final ArchiveHead head;
    /** This archive while it is open, and its operators while they are. */
    private final AtomicInteger users = new AtomicInteger(1);
    private boolean closed;

    private OperatorArchive(String source, Arena arena, MemorySegment file) throws IOException {
        this.source = source;
        this.arena = arena;
        this.file = file;
        this.head = check();
    }

    /**
     * Whether a file begins as archives do.
     *
     * @param file the file
     * @return whether it does; not if there is no such file
     * @throws IOException if it cannot be read
     */
    public static boolean isArchive(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(Long.BYTES);
            return start.length == Long.BYTES && new Decoder(start).getLong() == MAGIC;
        }
    }

    /**
     * Maps a file and checks all of it.
     *
     * @param file the file
     * @return the archive, to be closed; operators that were found in it live on
     * @throws OperatorFormatException if it is no archive, of a later version, truncated or damaged
     * @throws IOException if it cannot be read
     */
    // closed by close(), or by the last operator
    @SuppressWarnings("MustBeClosedChecker")
    public static OperatorArchive open(Path file) throws IOException {
        Require.notNull("file", file);
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file)) {
            return new OperatorArchive(file.toString(), arena,
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (IOException | RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private ArchiveHead check() throws IOException {
        if (file.byteSize() >= Long.BYTES) {
            long magic = decoder(0, Long.BYTES).getLong();
            require(magic == MAGIC, "magic", "%016x".formatted(Long.reverseBytes(magic)),
                    "%016x".formatted(Long.reverseBytes(MAGIC)) + ": this is no file of packed operators");
        }
        require(file.byteSize() >= FIXED_BYTES, "size", file.byteSize() + " bytes",
                "at least " + FIXED_BYTES + ": it is truncated");
        Decoder in = decoder(Long.BYTES, FIXED_BYTES - Long.BYTES);
        int version = in.getInt();
        require(version == VERSION, "version", Integer.toUnsignedString(version),
                VERSION + ", the only one that this jquant knows");
        int headBytes = in.getInt();
        long size = in.getLong();
        require(size == file.byteSize(), "size", file.byteSize() + " bytes", size
                + ", as its header says: it is truncated, or followed by something else");
        require(headBytes >= 0 && headBytes <= size - FIXED_BYTES, "head",
                Integer.toUnsignedString(headBytes) + " bytes", "within the file");
        long end = FIXED_BYTES + (long) headBytes;
        CRC32C sum = new CRC32C();
        update(sum, 0, CHECKED_BYTES);
        update(sum, FIXED_BYTES, end);
        requireSum("checksum of the head", in.getInt(), sum);
        sum.reset();
        update(sum, end, size);
        requireSum("checksum of the contents", in.getInt(), sum);
        try {
            return ArchiveHead.decode(bytes(FIXED_BYTES, headBytes), end, size);
        } catch (IllegalArgumentException e) {
            throw new OperatorFormatException(source, "head: " + e.getMessage(), e);
        }
    }

    private void update(CRC32C sum, long from, long to) {
        for (long at = from; at < to; at += CHUNK) {
            sum.update(file.asSlice(at, Math.min(CHUNK, to - at)).asByteBuffer());
        }
    }

    private void requireSum(String name, int stored, CRC32C computed) throws OperatorFormatException {
        require(stored == (int) computed.getValue(), name, Integer.toHexString(stored),
                Long.toHexString(computed.getValue()) + ": it is damaged");
    }

    private void require(boolean holds, String what, String found, String must) throws OperatorFormatException {
        if (!holds) {
            throw new OperatorFormatException(source, what + " = " + found + ": must be " + must);
        }
    }

    private byte[] bytes(long offset, int length) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(file, offset, MemorySegment.ofArray(bytes), 0, length);
        return bytes;
    }

    private Decoder decoder(long offset, int length) {
        return new Decoder(bytes(offset, length));
    }

    /** {@return the name of the engine that packed the operators} */
    public String engine() {
        return head.engine();
    }

    /** {@return engine, tier and instruction set that the operators are packed for} */
    public String packedFor() {
        return "engine " + head.engine() + ", tier " + head.tier() + ", isa " + head.isa();
    }

    /**
     * Why an engine cannot run the operators where they lie.
     *
     * @param engine the engine
     * @return the reason, empty if it can
     */
    public String whyNot(Engine engine) {
        Candidate candidate = Require.notNull("engine", engine).selection().chosen().candidate();
        boolean same = head.engine().equals(engine.name()) && head.tier().equals(candidate.tier().spelling())
                && head.isa().equals(candidate.isa().spelling());
        return same ? "" : "it is packed for " + packedFor() + ", and this is engine " + engine.name() + ", tier "
                + candidate.tier().spelling() + ", isa " + candidate.isa().spelling();
    }

    /** {@return the names of the operators} */
    public Set<String> names() {
        return Set.copyOf(head.entries().keySet());
    }

    /** {@return bytes of all packed operators} */
    public long packedBytes() {
        return head.entries().values().stream().mapToLong(entry -> entry.image().length()).sum();
    }

    /** {@return what was attached, read-only, as long as this archive is open} */
    public MemorySegment attachment() {
        return slice(head.attachment());
    }

    private MemorySegment slice(ArchiveHead.Part part) {
        return file.asSlice(part.offset(), part.length());
    }

    /**
     * Finds an operator.
     *
     * @param name its name
     * @param spec what it must be
     * @param biases the biases that it must have: one of a linear layer or a convolution, those on input and state of a
     *        recurrent cell, none of an embedding bag
     * @param engine the engine to run it on
     * @return the operator, which reads the mapped file until it is closed; null if there is none of this name that is
     *         exactly this, or {@link #whyNot} has a reason
     * @throws IllegalArgumentException if an argument is null
     * @throws IllegalStateException if this archive is closed
     */
    public PackedOperator<?> find(String name, PackedSpec spec, List<Bias> biases, Engine engine) {
        Require.notNull("spec", spec);
        Require.notNull("biases", biases);
        Require.notNull("engine", engine);
        ArchiveHead.Entry entry = head.entries().get(Require.notNull("name", name));
        if (entry == null || !whyNot(engine).isEmpty()
                || !Arrays.equals(entry.description(), ArchiveHead.describe(spec, biases))) {
            return null;
        }
        retain();
        try {
            PackedOperator<?> found = engine.restore(spec, biases,
                    new PackedImage(entry.layout(), slice(entry.image())), this::release);
            if (found == null) {
                release();
            }
            return found;
        } catch (IllegalArgumentException e) {
            release();
            LOG.log(System.Logger.Level.WARNING, "{0}: operator {1} is not used as it is packed: {2}", source, name,
                    e.getMessage());
            return null;
        } catch (RuntimeException | Error e) {
            release();
            throw e;
        }
    }

    private synchronized void retain() {
        if (closed) {
            throw new IllegalStateException(source + " is closed");
        }
        users.incrementAndGet();
    }

    private void release() {
        if (users.decrementAndGet() == 0) {
            arena.close();
        }
    }

    /** Frees the mapping once no operator of it is open. Closing twice does nothing. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            release();
        }
    }

    /**
     * Writes a file, which appears complete or not at all; one of that name is replaced. Operators whose kernels pack
     * nothing (those of tier scalar) are left out.
     *
     * @param file where to
     * @param engine the engine that packed the operators
     * @param attachment what to attach, may be empty
     * @param operators the operators by name
     * @throws IOException if the file cannot be written; nothing of it is left then
     * @throws IllegalArgumentException if an argument is null
     * @throws IllegalStateException if an operator is closed
     */
    public static void write(Path file, Engine engine, byte[] attachment, Map<String, PackedOperator<?>> operators)
            throws IOException {
        Require.notNull("attachment", attachment);
        Candidate candidate = Require.notNull("engine", engine).selection().chosen().candidate();
        Map<String, ArchiveHead.Entry> entries = new LinkedHashMap<>();
        List<PackedOperator<?>> kept = new ArrayList<>();
        for (Map.Entry<String, PackedOperator<?>> operator : Require.notNull("operators", operators).entrySet()) {
            operator.getValue().withImage(image -> {
                if (image != null) {
                    kept.add(operator.getValue());
                    entries.put(operator.getKey(), new ArchiveHead.Entry(
                            ArchiveHead.describe(operator.getValue().spec(), operator.getValue().biases()),
                            image.layout(), new ArchiveHead.Part(0, image.memory().byteSize())));
                }
            });
        }
        ArchiveHead unplaced = new ArchiveHead(engine.name(), candidate.tier().spelling(), candidate.isa().spelling(),
                new ArchiveHead.Part(0, attachment.length), entries);
        AtomicFile.write(Require.notNull("file", file), new ArchiveWriter(unplaced, attachment, kept)::write);
    }

    /** The header, whose numbers are known once all is. */
    static byte[] header(int headBytes, long size, byte[] headContents, int bodySum) {
        byte[] checked = new Encoder().putLong(MAGIC).putInt(VERSION).putInt(headBytes).putLong(size).toByteArray();
        CRC32C sum = new CRC32C();
        sum.update(checked);
        sum.update(headContents);
        byte[] sums = new Encoder().putInt((int) sum.getValue()).putInt(bodySum).toByteArray();
        ByteBuffer header = ByteBuffer.allocate(FIXED_BYTES);
        return header.put(checked).put(sums).array();
    }
}
