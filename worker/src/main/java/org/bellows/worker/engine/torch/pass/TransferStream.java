// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.pass;

import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceGuardImplInterface;
import org.bytedeco.pytorch.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Copies to a device on a stream of their own, so that they do not wait for what the device
 * computes. What is computed afterwards waits for the copy. All operations are computed on one
 * stream, as the repetition of bits needs it: this one only copies. To be used by one thread at a
 * time.
 */
final class TransferStream implements AutoCloseable {
  private final Streams streams;

  /** What PyTorch has of streams, for one device. */
  interface Streams extends AutoCloseable {

    /**
     * Makes the stream of copies the one that this thread's launches go to.
     *
     * @return what puts back the one before
     */
    Runnable enter();

    /** Notes, in the stream of copies, that all so far has arrived. */
    void mark();

    /** This thread's launches wait for what was marked last. */
    void awaitMark();

    /**
     * The memory of a tensor, which is the stream of copies', is not used again before this
     * thread's stream has done what it has been asked for by the time the tensor is freed.
     */
    void keepUntilComputed(Tensor copied);

    @Override
    void close();
  }

  TransferStream(Streams streams) {
    this.streams = streams;
  }

  /** Of a GPU. */
  static TransferStream of(Device device) {
    return new TransferStream(new GuardStreams(device));
  }

  /**
   * Launches a copy that begins at once.
   *
   * @param launch of a copy from pinned memory; it may return before the copy is done
   * @return what was launched; not to be read before {@link #arrived}
   */
  Tensor begin(Supplier<Tensor> launch) {
    Runnable leave = streams.enter();
    try {
      Tensor copied = launch.get();
      streams.mark();
      return copied;
    } finally {
      leave.run();
    }
  }

  /**
   * What this thread launches from now on waits for the copies that have begun.
   *
   * @param copied one of them
   * @return the same
   */
  Tensor arrived(Tensor copied) {
    streams.awaitMark();
    streams.keepUntilComputed(copied);
    return copied;
  }

  @Override
  public void close() {
    streams.close();
  }

  /**
   * By the interface that each kind of device implements for PyTorch. One event is enough: waiting
   * for it is for what it marked last (CUDA Runtime API, cudaStreamWaitEvent), and copies are done
   * in their order.
   */
  private static final class GuardStreams implements Streams {
    private final DeviceGuardImplInterface guard;
    private final Device device;
    private final Stream copies;
    private final PointerPointer<Pointer> event = new PointerPointer<>(1);

    GuardStreams(Device device) {
      this.device = device;
      this.guard = torch.getDeviceGuardImpl(device.type());
      this.copies = guard.getStreamFromGlobalPool(device);
      event.put(0, (Pointer) null);
    }

    @Override
    public Runnable enter() {
      Stream before = guard.exchangeStream(copies);
      return () -> guard.exchangeStream(before);
    }

    @Override
    public void mark() {
      // The first makes the event.
      guard.record(event, copies, device.index(), torch.EventFlag.PYTORCH_DEFAULT);
    }

    @Override
    public void awaitMark() {
      guard.block(event.get(0), guard.getStream(device));
    }

    @Override
    public void keepUntilComputed(Tensor copied) {
      copied.record_stream(guard.getStream(device));
    }

    @Override
    public void close() {
      if (event.get(0) != null) {
        guard.destroyEvent(event.get(0), device.index());
      }
      event.close();
      copies.close();
    }
  }
}
