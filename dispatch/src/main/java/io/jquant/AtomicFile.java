// SPDX-License-Identifier: Apache-2.0
package io.jquant;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Files that appear complete or not at all: written beside their place, brought to the disk, then moved to it. What a
 * process that was killed has left beside the place is deleted when the same file is written the next time.
 */
public final class AtomicFile {
    /** Files may have names of 255 bytes; a character takes up to 3 of them here. */
    private static final int LONGEST_NAME = 60;
    private static final Set<Path> UNFINISHED = ConcurrentHashMap.newKeySet();

    /** Writes what a file is to hold. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes the content.
         *
         * @param out where to write it
         * @throws IOException if it cannot be written
         */
        void write(OutputStream out) throws IOException;
    }

    private AtomicFile() {
    }

    /**
     * Writes a file, which appears only when it is complete; one that is there already is replaced.
     *
     * @param file the file: a new one in a folder that is there, a regular one, or a link to one
     * @param content writes what it is to hold
     * @throws IOException if the file cannot be written; then nothing of it is left, and an earlier one is as it was
     */
    public static void write(Path file, Content content) throws IOException {
        // a link stays, and what it points to is replaced
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw new IOException(file + ": cannot be written: is a "
                    + (Files.isDirectory(target) ? "directory" : "device or pipe") + ", must be a file or new");
        }
        Path folder = target.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new IOException(file + ": cannot be written: " + folder + " must be an existing folder");
        }
        String name = target.getFileName().toString();
        String prefix = cut(name) + ".jquant-";
        deleteAbandoned(folder, prefix);
        Path temporary = folder.resolve(prefix + UUID.randomUUID() + ".tmp");
        UNFINISHED.add(temporary);
        try {
            writeAndMove(temporary, target, content);
        } catch (IOException e) {
            delete(temporary, e);
            throw new IOException(file + ": cannot be written: "
                    + (e instanceof AccessDeniedException ? "permission denied" : e.toString()), e);
        } catch (RuntimeException | Error e) {
            delete(temporary, e);
            throw e;
        } finally {
            UNFINISHED.remove(temporary);
        }
    }

    /** The beginning of a name; a character of two halves stays whole, for half of one cannot be in a file's name. */
    private static String cut(String name) {
        int length = Math.min(name.length(), LONGEST_NAME);
        boolean halves = length > 1 && Character.isHighSurrogate(name.charAt(length - 1));
        return name.substring(0, halves ? length - 1 : length);
    }

    private static void writeAndMove(Path temporary, Path target, Content content) throws IOException {
        try (FileChannel channel = create(temporary)) {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
            content.write(out);
            out.flush();
            channel.force(true);
            move(temporary, target);
        }
    }

    /** A new file, locked, so that others can tell that this process lives. */
    private static FileChannel create(Path temporary) throws IOException {
        while (true) {
            FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            lock(channel);
            if (Files.exists(temporary)) {
                return channel;
            }
            // somebody took it for abandoned before it was locked
            channel.close();
        }
    }

    /** Some file systems have no locks: nothing is deleted there either. */
    private static void lock(FileChannel channel) {
        try {
            channel.lock();
        } catch (IOException | OverlappingFileLockException e) {
            // then nobody else can lock it, or somebody has
        }
    }

    /** Deletes what this process is writing at the moment: for the last moments of a process. */
    public static void deleteUnfinished() {
        for (Path temporary : UNFINISHED) {
            delete(temporary, new IOException());
        }
    }

    /** Deletes what processes that are no more have left. */
    private static void deleteAbandoned(Path folder, String prefix) {
        DirectoryStream.Filter<Path> left = path -> {
            String name = path.getFileName().toString();
            return name.startsWith(prefix) && name.endsWith(".tmp") && !UNFINISHED.contains(path);
        };
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, left)) {
            for (Path entry : entries) {
                deleteUnlessLocked(entry);
            }
        } catch (IOException | DirectoryIteratorException e) {
            // a folder that cannot be listed can be written to all the same
        }
    }

    private static void deleteUnlessLocked(Path left) {
        try (FileChannel channel = FileChannel.open(left, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                Files.deleteIfExists(left);
            }
        } catch (IOException | OverlappingFileLockException e) {
            // somebody else's, perhaps another copy of this class in this process, or gone already
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void delete(Path temporary, Throwable reason) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }
}
