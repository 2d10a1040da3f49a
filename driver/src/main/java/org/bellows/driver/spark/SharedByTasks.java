// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the tasks of an executor share and is expensive to open, such as a network. Spark gives a
 * task no place to leave something for the next one, so there is a static one of these for each
 * kind.
 */
public final class SharedByTasks<T> {
  /** What stays open although no task uses it: a pipeline may have two models. */
  private static final int MOST_IDLE = 2;

  private final Consumer<T> closing;
  private final Map<String, Shared<T>> open = new HashMap<>();
  private final Deque<String> idle = new ArrayDeque<>();

  private static final class Shared<T> {
    private final T value;
    private int users;

    Shared(T value) {
      this.value = value;
    }
  }

  /**
   * @param closing closes what has been idle for long
   */
  public SharedByTasks(Consumer<T> closing) {
    this.closing = closing;
  }

  /** One task's use of it. To be closed when the task ends. */
  public final class Lease implements AutoCloseable {
    private final String key;
    private final Shared<T> shared;

    private Lease(String key, Shared<T> shared) {
      this.key = key;
      this.shared = shared;
    }

    public T value() {
      return shared.value;
    }

    @Override
    public void close() {
      release(key, shared);
    }
  }

  /**
   * Others wait: they would otherwise open it as well.
   *
   * @param key equal for what is the same
   * @param opening called if no task of this process did so before
   */
  public synchronized Lease take(String key, Supplier<T> opening) {
    Shared<T> shared = open.get(key);
    if (shared == null) {
      shared = new Shared<>(opening.get());
      open.put(key, shared);
    }
    shared.users++;
    idle.remove(key);
    return new Lease(key, shared);
  }

  private synchronized void release(String key, Shared<T> shared) {
    shared.users--;
    if (shared.users > 0) {
      return;
    }
    idle.addLast(key);
    while (idle.size() > MOST_IDLE) {
      closing.accept(open.remove(idle.removeFirst()).value);
    }
  }
}
