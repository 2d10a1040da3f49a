// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.forecast;

import org.bellows.conf.LossSettings;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;

/**
 * The arrays in Java's memory of a network that says a class of each pixel, beside those of any
 * network. All in bytes.
 */
final class PixelMemory {
  /** A label and two bytes of an object's number. */
  private static final int WITH_OBJECTS = 3;

  private final TrainingSettings settings;
  private final InputShape input;
  private final NetworkGraph network;

  PixelMemory(TrainingSettings settings, NetworkGraph network) {
    this.settings = settings;
    this.input = network.inputShape();
    this.network = network;
  }

  /**
   * A picture in a batch: floats, a byte of label map a pixel, and where borders weigh more a
   * float.
   */
  long picture() {
    long area = (long) input.height() * input.width();
    long borders = settings.loss().borderWeight() > 0 ? Float.BYTES * area : 0;
    return (long) Float.BYTES * input.elements() + area + borders;
  }

  /**
   * Batches of all lanes of an executor are held where their pixels are counted first.
   *
   * @param lanes of an executor, at most
   */
  long counted(int lanes) {
    return settings.loss().normalisation() == LossSettings.Normalisation.BATCH
        ? (long) lanes * settings.train().laneBatch() * picture()
        : 0;
  }

  /**
   * Label maps of the training split in work, where objects are told apart with their numbers.
   *
   * @param pixels of the largest picture
   */
  long labelMaps(long pixels) {
    long bytes = settings.loss().borderWeight() > 0 ? WITH_OBJECTS : 1;
    return settings.data().decodeThreads() * bytes * pixels;
  }

  /**
   * Labels and weights of a lane batch; of each head losses and slopes of the pixels of one picture
   * and, where regions are compared, its logits; of the picture in work what hard pixels and
   * regions are found by, and another array of slopes. In evaluation one picture, its logits and
   * what it is computed in.
   */
  long answers() {
    long logits = Float.BYTES * network.shape(network.answer()).elements();
    long pixels = network.shape(network.answer()).elements() / classes();
    boolean hasRegions = settings.loss().diceWeight() + settings.loss().lovaszWeight() > 0;
    long targets = settings.train().laneBatch() * 2L * Float.BYTES * pixels;
    long head = 2L * Float.BYTES * pixels + (hasRegions ? logits : 0);
    long work = (hasRegions ? logits : 0) + 4L * Long.BYTES * pixels;
    return targets + network.heads().size() * head + work + 2 * logits + picture();
  }

  private int classes() {
    return network.shape(network.answer()).channels();
  }
}
