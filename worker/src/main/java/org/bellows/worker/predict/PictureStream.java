// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.predict;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.bellows.conf.BellowsException;
import org.bellows.data.ahead.OrderedPrefetcher;
import org.bellows.data.batch.EvaluationTransform;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.shard.EncodedSample;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Items in, the same items with what a network answers out, in the same order. Only {@code
 * batchesAhead} batches of them are held: items are asked for on the caller's thread, decoded on
 * threads of the stream's own, and computed on the network's. So the network works while the caller
 * reads and writes, and a long iterator is never read further than that.
 *
 * @param <T> the source of an image
 * @param <A> what is answered of it
 */
public final class PictureStream<T, A>
    implements Iterator<PictureStream.Result<T, A>>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PictureStream.class);

  private final Iterator<T> items;
  private final Function<T, EncodedSample> image;
  private final PictureNetwork<A> network;
  private final Limits limits;
  private final EvaluationTransform transform;

  /** Decoded on its threads, computed on the network's: what it gives is still to be waited for. */
  private final OrderedPrefetcher<CompletableFuture<List<Result<T, A>>>> ahead;

  private Iterator<Result<T, A>> current = List.<Result<T, A>>of().iterator();

  /** An item and what is answered of it. */
  public record Result<T, A>(T item, A answer) {}

  /**
   * @param batchImages in one forward pass; an image with several views counts as several
   * @param decodeThreads that decode, a batch each
   * @param batchesAhead that are held, from items that were asked for to answers that wait
   */
  public record Limits(int batchImages, int decodeThreads, int batchesAhead)
      implements Serializable {}

  /**
   * @param items asked from the thread that calls {@link #hasNext}
   * @param image gives an item's image, whose file was checked ({@code ImageDecoder.inspect}); on a
   *     decoding thread, where it may read. An {@link ImageRefusedException} refuses the image, and
   *     so does any other exception but a {@link BellowsException}
   */
  public PictureStream(
      Iterator<T> items,
      Function<T, EncodedSample> image,
      PictureNetwork<A> network,
      Limits limits) {
    this.items = items;
    this.image = image;
    this.network = network;
    this.limits = limits;
    this.transform = EvaluationTransform.trusted(network.input());
    this.ahead =
        new OrderedPrefetcher<>("bellows-pictures", limits.decodeThreads(), limits.batchesAhead());
  }

  /**
   * @throws RuntimeException the exception of reading, decoding or computing, unchanged
   */
  @Override
  public boolean hasNext() {
    if (current.hasNext()) {
      return true;
    }
    while (!ahead.isFull() && items.hasNext()) {
      List<T> batch = nextBatch();
      ahead.add(() -> compute(decode(batch)));
    }
    CompletableFuture<List<Result<T, A>>> next = ahead.next();
    if (next == null) {
      return false;
    }
    current = result(next).iterator();
    return true;
  }

  @Override
  public Result<T, A> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return current.next();
  }

  /** Drops pending work, and ends the threads when they are done with it. */
  @Override
  public void close() {
    ahead.stop();
    transform.close();
  }

  private List<T> nextBatch() {
    int size = Math.max(1, limits.batchImages() / transform.views());
    List<T> batch = new ArrayList<>(size);
    while (batch.size() < size && items.hasNext()) {
      batch.add(items.next());
    }
    return batch;
  }

  /**
   * A refused image keeps its place: an engine that compiles a plan for each number of images would
   * otherwise compile one for each number of bad ones.
   *
   * @param refusals a reason or null for each item
   */
  private record Decoded<T>(List<T> items, List<String> refusals, float[] pixels) {}

  private Decoded<T> decode(List<T> batch) {
    int length = transform.views() * network.input().sampleLength();
    float[] pixels = new float[batch.size() * length];
    List<String> refusals = new ArrayList<>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      refusals.add(decode(batch.get(i), pixels, i * length));
    }
    return new Decoded<>(batch, refusals, pixels);
  }

  /** Returns null, or why there is nothing to be used in the item's place. */
  private String decode(T item, float[] pixels, int offset) {
    try {
      transform.apply(image.apply(item).withoutMask(), pixels, offset);
      return null;
    } catch (ImageRefusedException e) {
      return e.getMessage();
    } catch (BellowsException e) {
      if (e.getCause() instanceof ImageRefusedException refused) {
        return refused.getMessage();
      }
      throw e;
    } catch (RuntimeException e) {
      // A fault of ours that one item brought to light: the others are none the worse for it.
      LOG.warn("an image could not be read", e);
      return "could not be read: " + e;
    }
  }

  private CompletableFuture<List<Result<T, A>>> compute(Decoded<T> decoded) {
    int n = decoded.items().size();
    if (!decoded.refusals().contains(null)) {
      return CompletableFuture.completedFuture(
          results(decoded, Collections.nCopies(n, network.refused(""))));
    }
    return network
        .submit(decoded.pixels(), n, transform.views())
        .thenApply(answers -> results(decoded, answers));
  }

  /**
   * @param answers to each item, of no meaning where it was refused
   */
  private List<Result<T, A>> results(Decoded<T> decoded, List<A> answers) {
    List<Result<T, A>> results = new ArrayList<>(decoded.items().size());
    for (int i = 0; i < decoded.items().size(); i++) {
      String refusal = decoded.refusals().get(i);
      A answer = refusal == null ? answers.get(i) : network.refused(refusal);
      results.add(new Result<>(decoded.items().get(i), answer));
    }
    return results;
  }

  private static <R> R result(CompletableFuture<R> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw e;
    }
  }
}
