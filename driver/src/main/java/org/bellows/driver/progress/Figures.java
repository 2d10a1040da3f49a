package org.bellows.driver.progress;

import java.util.Locale;
import org.bellows.worker.evaluate.Evaluation;

/** What an evaluation came to, for a line on a terminal. */
public final class Figures {
  private Figures() {}

  public static String text(Evaluation evaluation) {
    return text(
        evaluation.classes().size(),
        evaluation.top1(),
        evaluation.top5(),
        evaluation.loss(),
        evaluation.notFinite());
  }

  /**
   * Of five classes and fewer the right one is always among the first five: that is not told.
   *
   * @param top1 share, 0 to 1
   * @param top5 share, 0 to 1
   * @param loss in nats
   * @param notFinite answers that are not finite
   */
  public static String text(int classes, double top1, double top5, double loss, long notFinite) {
    String ofFive = classes > 5 ? format("  top-5 %.2f %%", 100 * top5) : "";
    String text = format("top-1 %.2f %%", 100 * top1) + ofFive + "  loss " + loss(loss);
    return notFinite == 0 ? text : text + "  " + format("%,d answers not finite", notFinite);
  }

  /** Four decimals, or that it is not finite. */
  public static String loss(double loss) {
    return Double.isFinite(loss) ? format("%.4f", loss) : "not finite";
  }

  private static String format(String format, Object value) {
    return String.format(Locale.ROOT, format, value);
  }
}
