// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.bellows.worker.natives.TorchLibraries;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceGuardImplInterface;
import org.bytedeco.pytorch.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** In which order copies are launched; how a GPU keeps it is not tested. */
@Tag("instructions")
@Tag("once")
class TransferStreamTest {
  private final List<String> done = new ArrayList<>();

  /** Of a device that does nothing but remember. */
  private final class Remembering implements TransferStream.Streams {
    private String current = "computing";

    private void add(String what) {
      done.add(what + " (" + current + ")");
    }

    @Override
    public Runnable enter() {
      String before = current;
      current = "copying";
      return () -> current = before;
    }

    @Override
    public void mark() {
      add("mark");
    }

    @Override
    public void awaitMark() {
      add("await mark");
    }

    @Override
    public void keepUntilComputed(Tensor copied) {
      add("keep until computed");
    }

    @Override
    public void close() {
      add("close");
    }
  }

  @Test
  void whatReadsACopyWaitsForItAndTheCopyForNothing() {
    Remembering streams = new Remembering();
    try (TransferStream transfers = new TransferStream(streams)) {
      Tensor copied =
          transfers.begin(
              () -> {
                streams.add("copy");
                return null;
              });
      streams.add("compute what does not read it");
      transfers.arrived(copied);
      streams.add("compute");
    }
    assertThat(done)
        .containsExactly(
            "copy (copying)",
            "mark (copying)",
            "compute what does not read it (computing)",
            "await mark (computing)",
            "keep until computed (computing)",
            "compute (computing)",
            "close (computing)");
  }

  /** Else the thread would compute on the stream of copies. */
  @Test
  void aCopyThatFailsLeavesTheStreamAsItWas() {
    Remembering streams = new Remembering();
    TransferStream transfers = new TransferStream(streams);
    assertThatThrownBy(
            () ->
                transfers.begin(
                    () -> {
                      throw new IllegalStateException("CUDA error: out of memory");
                    }))
        .hasMessage("CUDA error: out of memory");
    streams.add("compute");
    assertThat(done).containsExactly("compute (computing)");
  }

  /**
   * PyTorch's library has what is called on a GPU: its processor answers that it has no streams.
   */
  @Test
  void theLibraryHasTheCallsOfStreams() {
    TorchLibraries.load();
    try (Device processor = new Device(TorchMode.HOST);
        PointerPointer<?> event = new PointerPointer<>(1)) {
      assertThatThrownBy(() -> TransferStream.of(processor))
          .hasMessageContaining("doesn't support acquiring a stream from pool");
      DeviceGuardImplInterface guard = torch.getDeviceGuardImpl(processor.type());
      Stream stream = guard.getStream(processor);
      assertThat(guard.exchangeStream(stream).equals(stream)).isTrue();
      assertThatThrownBy(
              () -> guard.record(event, stream, (byte) 0, torch.EventFlag.PYTORCH_DEFAULT))
          .hasMessageContaining("events");
      assertThatThrownBy(() -> guard.block(event, stream)).hasMessageContaining("events");
    }
  }
}
