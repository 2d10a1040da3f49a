// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.resnet;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.bellows.models.graph.Heads;
import org.bellows.models.pretrained.ExpectedInput;
import org.bellows.models.pretrained.LayerTable;
import org.bellows.models.pretrained.PretrainedForm;
import org.bellows.models.pretrained.SourceLayer;

/**
 * The CIFAR-10 networks of Y. Idelbayev's pytorch_resnet_cifar10: resnet20 to resnet110 with option
 * A's shortcuts.
 *
 * <p>Where the channels double, that project puts half of the zero channels before the shortcut's
 * own and half after them; ours are all after them. The two networks are the same but for the order
 * of the channels between blocks, so the arrays that write or read those are put into our order:
 *
 * <pre>
 * channels c between blocks, their index of ours
 * stage 1, i in 0..15     i
 * stage 2, i in 0..15     8 + i;                    behind: 0..7, 24..31
 * stage 3, i in 0..31     16 + (stage 2's of i);    behind: 0..15, 48..63
 * </pre>
 */
public final class PretrainedCifarResNet {
  private PretrainedCifarResNet() {}

  public static Map<String, PretrainedForm> forms() {
    Map<String, PretrainedForm> forms = new LinkedHashMap<>();
    for (int depth : CifarResNet.DEPTHS) {
      forms.put("resnet" + depth + "-cifar", form((depth - 2) / 6));
    }
    return forms;
  }

  private static PretrainedForm form(int blocks) {
    LayerTable table = new LayerTable().withNorm("stem", "conv1", "bn1");
    int[] before = IntStream.range(0, CifarResNet.STAGE_CHANNELS[0]).toArray();
    for (int stage = 0; stage < CifarResNet.STAGE_CHANNELS.length; stage++) {
      int[] after = stage == 0 ? before : doubled(before);
      for (int block = 0; block < blocks; block++) {
        String own = "stage%d-block%d-".formatted(stage + 1, block + 1);
        String theirs = "layer%d.%d.".formatted(stage + 1, block);
        table.add(own + "a", SourceLayer.of(theirs + "conv1").ordered(null, before));
        table.add(own + "a-norm", theirs + "bn1");
        table.add(own + "b", SourceLayer.of(theirs + "conv2").ordered(after, null));
        table.add(own + "b-norm", SourceLayer.of(theirs + "bn2").ordered(after, null));
        before = after;
      }
    }
    table.add(Heads.OUTPUT, SourceLayer.of("linear").ordered(null, before));
    return PretrainedForm.torch("pytorch_resnet_cifar10", table.layers(), ExpectedInput.imageNet(0))
        .remark(
            "channels between blocks are in another order there (zeros of option A on both"
                + " sides); they were put into ours, which changes no answer");
  }

  /** A quarter of the new channels are zeros before the others, a quarter zeros after them. */
  private static int[] doubled(int[] kept) {
    int zeros = kept.length / 2;
    IntStream own = IntStream.of(kept).map(channel -> zeros + channel);
    IntStream front = IntStream.range(0, zeros);
    IntStream behind = IntStream.range(zeros + kept.length, 2 * kept.length);
    return IntStream.concat(own, IntStream.concat(front, behind)).toArray();
  }
}
