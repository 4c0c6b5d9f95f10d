// SPDX-License-Identifier: Apache-2.0
package io.jquant.cli;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Elements that a thread of their own makes ahead of their use; a few of them wait. What goes wrong there is thrown
 * where the element would have come. For one thread; closing ends the other.
 */
final class Prefetch<T> implements Iterator<T>, AutoCloseable {
    /** What one batch needs is small beside the model's run; more than this only holds memory. */
    private static final int WAITING = 2;

    /** An element, what went wrong instead, or, without either, the end. */
    private record Item<T>(T element, Throwable failure) {
    }

    private final BlockingQueue<Item<T>> queue = new ArrayBlockingQueue<>(WAITING);
    private final Thread reader;
    private Item<T> next;

    Prefetch(Iterator<T> source) {
        reader = Thread.ofPlatform().name("jquant-prefetch").daemon().start(() -> read(source));
    }

    private void read(Iterator<T> source) {
        try {
            try {
                while (source.hasNext()) {
                    queue.put(new Item<>(source.next(), null));
                }
                queue.put(new Item<>(null, null));
            } catch (RuntimeException | Error e) {
                queue.put(new Item<>(null, e));
            }
        } catch (InterruptedException e) {
            // closed: nobody waits
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            next = take();
        }
        return switch (next.failure()) {
            case null -> next.element() != null;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(next.failure());
        };
    }

    private Item<T> take() {
        try {
            return queue.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for data", e);
        }
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        T element = next.element();
        next = null;
        return element;
    }

    @Override
    public void close() {
        reader.interrupt();
        boolean interrupted = false;
        while (reader.isAlive()) {
            try {
                reader.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
