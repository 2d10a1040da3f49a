// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.bellows.conf.BellowsException;
import org.bellows.data.TestDatasets;
import org.bellows.data.order.SampleOrder;
import org.bellows.data.order.ShuffleWindow;
import org.bellows.data.shard.EncodedSample;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaneWindowsTest {
  private static final int BLOCK = 10;

  @TempDir Path folder;

  private final ExecutorService reading = Executors.newSingleThreadExecutor();
  private final AtomicInteger blocksRead = new AtomicInteger();

  /** 40 blocks of 10 samples, windows of 100. */
  private final SampleOrder order = new SampleOrder(Collections.nCopies(40, BLOCK), 1, 4, 100, 3);

  @AfterEach
  void stop() {
    reading.shutdownNow();
  }

  /** Reading goes on while a window is taken from, and never far ahead. */
  @Test
  void readsTheNextWindowAtThePaceOfTheCurrentOne() throws Exception {
    try (LaneWindows windows = open(Long.MAX_VALUE)) {
      windows.take(0);
      for (int position = 1; position < 300; position++) {
        windows.take(position);
        reading.submit(() -> {}).get(); // what was asked for before is read now
        // A block may lie in two windows, and the last range of a window may go beyond the lead.
        int needed = position + 1 + 25;
        assertThat(blocksRead.get() * BLOCK).isBetween(needed, needed + 100 + 2 * BLOCK);
      }
    }
  }

  @Test
  void theOrderDoesNotDependOnMemory() throws Exception {
    List<Long> inHeap = ids(Long.MAX_VALUE);
    assertThat(inHeap).hasSize(400).doesNotHaveDuplicates();
    assertThat(ids(0)).isEqualTo(inHeap);
    assertThat(ids(50 * 64)).isEqualTo(inHeap);
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void theBudgetIsGivenBack() throws Exception {
    ShuffleWindow window = order.windows(0, 0).get(0);
    HeapBudget heap = new HeapBudget(10 * 64);
    try (WindowSamples samples = new WindowSamples(window, folder.toString(), heap)) {
      for (int i = 0; i < 100; i++) {
        samples.add(TestDatasets.sample(i));
      }
      assertThat(heap.acquire(1)).isFalse();
      for (int i = 0; i < 100; i++) {
        EncodedSample taken = samples.take(i);
        assertThat(taken).usingRecursiveComparison().isEqualTo(TestDatasets.sample(taken.id()));
      }
      assertThat(heap.acquire(10 * 64)).isTrue();
      heap.release(10 * 64);
    }
    // Also by a window that is closed with samples left, as the first one of a resumed epoch.
    try (WindowSamples samples = new WindowSamples(window, folder.toString(), heap)) {
      samples.add(TestDatasets.sample(0));
      assertThat(heap.acquire(10 * 64)).isFalse();
    }
    assertThat(heap.acquire(10 * 64)).isTrue();
  }

  @Test
  void saysWhatToDoWhenTheDiskFails() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    ShuffleWindow window = order.windows(0, 0).get(0);
    try (WindowSamples samples =
        new WindowSamples(window, file.resolve("below").toString(), new HeapBudget(0))) {
      assertThatThrownBy(() -> samples.add(TestDatasets.sample(0)))
          .isInstanceOf(BellowsException.class)
          .hasMessageStartingWith(
              "more samples wait than data.buffer-mebibytes allows in memory, and writing them to "
                  + file
                  + "/below failed: ");
    }
  }

  private List<Long> ids(long heapBytes) throws InterruptedException {
    List<Long> ids = new ArrayList<>();
    try (LaneWindows windows = open(heapBytes)) {
      for (int position = 0; position < 400; position++) {
        EncodedSample sample = windows.take(position);
        assertThat(sample.image()).isEqualTo(TestDatasets.sample(sample.id()).image());
        ids.add(sample.id());
      }
    }
    return ids;
  }

  private LaneWindows open(long heapBytes) {
    HeapBudget heap = new HeapBudget(heapBytes);
    return new LaneWindows(
        this::block,
        order.windows(0, 0).iterator(),
        reading,
        window -> new WindowSamples(window, folder.toString(), heap),
        0);
  }

  private List<EncodedSample> block(int block) {
    blocksRead.incrementAndGet();
    List<EncodedSample> samples = new ArrayList<>();
    for (int row = 0; row < BLOCK; row++) {
      samples.add(TestDatasets.sample((long) block * BLOCK + row));
    }
    return samples;
  }
}
