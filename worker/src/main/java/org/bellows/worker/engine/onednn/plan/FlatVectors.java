package org.bellows.worker.engine.onednn.plan;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.Segment;
import org.bytedeco.javacpp.FloatPointer;

/** The parameters and the gradient in native memory, in DL4J's order. */
public final class FlatVectors implements AutoCloseable {
  private final Block parameters;
  private final Block gradient;
  private final int length;
  private final Map<String, Segment> segments = new HashMap<>();
  private long version;

  public FlatVectors(FlatLayout layout) {
    this.length = layout.length();
    this.parameters = new Block((long) length * Float.BYTES);
    this.gradient = new Block((long) length * Float.BYTES);
    layout.segments().forEach(segment -> segments.put(segment.name(), segment));
  }

  /**
   * @throws IllegalStateException for a name that the layout does not have
   */
  Segment segment(String name) {
    Segment segment = segments.get(name);
    if (segment == null) {
      throw new IllegalStateException(
          "no parameter is named %s; there are %s".formatted(name, segments.keySet()));
    }
    return segment;
  }

  public FloatPointer parameters(Segment segment) {
    return at(parameters, segment);
  }

  public FloatPointer gradient(Segment segment) {
    return at(gradient, segment);
  }

  private static FloatPointer at(Block block, Segment segment) {
    return new FloatPointer(block.start()).getPointer(segment.offset()).capacity(segment.length());
  }

  public long bytes() {
    return parameters.bytes() + gradient.bytes();
  }

  /** Grows with each write: who keeps copies of parameters sees that they are old. */
  long version() {
    return version;
  }

  /** Takes over the first {@code length} floats. */
  public void write(float[] source) {
    all(parameters).put(source, 0, length);
    version++;
  }

  /** Copies out {@code length} floats. */
  public void read(float[] target) {
    all(parameters).get(target, 0, length);
  }

  /** Copies out {@code length} floats. */
  public void readGradient(float[] target) {
    all(gradient).get(target, 0, length);
  }

  private FloatBuffer all(Block block) {
    return new FloatPointer(block.start()).capacity(length).asBuffer();
  }

  @Override
  public void close() {
    parameters.free();
    gradient.free();
  }
}
