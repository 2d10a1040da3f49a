package org.bellows.models.graph;

import java.io.Serializable;
import org.bellows.conf.Settings;

/** Shape of one image: channels x height x width, the last two in pixels. */
public record InputShape(int channels, int height, int width) implements Serializable {

  public static InputShape of(Settings.Model model) {
    return new InputShape(model.channels(), model.heightPixels(), model.widthPixels());
  }

  /** Values of one image. */
  public int elements() {
    return channels * height * width;
  }

  @Override
  public String toString() {
    return channels + "x" + height + "x" + width;
  }
}
