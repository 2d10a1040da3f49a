// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.bellows.conf.BellowsException;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.pretrained.Convention;
import org.bellows.models.pretrained.ForeignParameter;
import org.bellows.models.pretrained.PretrainedForm;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.models.zoo.PretrainedForms;
import org.bellows.worker.model.ModelFiles;
import org.bellows.worker.model.tensor.StoredTensor;
import org.bellows.worker.model.tensor.TensorFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class KerasFileTest {
  private static final String RESNET8 = "mlperf-tiny-pretrainedResnet.h5";

  private static byte[] resnet8() throws IOException {
    return Files.readAllBytes(ModelFiles.weights(RESNET8));
  }

  /** The network of MLPerf Tiny's image classification benchmark has 78,666 parameters. */
  @Test
  void readsEachArrayOfAPublishedModel() throws IOException {
    byte[] content = resnet8();
    assertThat(KerasFile.recognises(content)).isTrue();
    TensorFile file = KerasFile.read(content, "FILE");
    Map<String, StoredTensor> tensors = file.tensors();
    assertThat(tensors.get("conv2d/kernel").shape()).containsExactly(3, 3, 3, 16);
    assertThat(tensors.get("dense/kernel").shape()).containsExactly(64, 10);
    assertThat(tensors.values().stream().mapToInt(StoredTensor::elements).sum()).isEqualTo(78_666);
    assertThat(tensors.keySet()).allMatch(name -> name.matches("[a-z0-9_]+/[a-z_]+"));
    tensors.values().forEach(tensor -> assertThat(tensor.floats()).isNotEmpty());
    float[] variance = tensors.get("batch_normalization/moving_variance").floats();
    for (float value : variance) {
      assertThat(value).isPositive();
    }
  }

  @Test
  void refusesLayersWithCode() throws IOException {
    byte[] content = resnet8();
    byte[] add = "\"class_name\": \"Add\"".getBytes(StandardCharsets.US_ASCII);
    byte[] own = "\"class_name\": \"Own\"".getBytes(StandardCharsets.US_ASCII);
    int at =
        new String(content, StandardCharsets.ISO_8859_1)
            .indexOf(new String(add, StandardCharsets.ISO_8859_1));
    System.arraycopy(own, 0, content, at, own.length);
    assertThatThrownBy(() -> KerasFile.read(content, "FILE"))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "FILE is refused: its model has a Own, which may be code of its own; save the weights"
                + " alone, model.save_weights(FILE)");
  }

  @Test
  void refusesWhatIsCutOffOrOfAnotherVersion() throws IOException {
    byte[] content = resnet8();
    assertThatThrownBy(() -> KerasFile.read(Arrays.copyOf(content, 4000), "FILE"))
        .isInstanceOf(BellowsException.class)
        .hasMessageStartingWith("FILE is refused: ");
    byte[] later = content.clone();
    later[8] = 3;
    assertThatThrownBy(() -> KerasFile.read(later, "FILE"))
        .isInstanceOf(BellowsException.class)
        .hasMessage("FILE is refused: it has HDF5's superblock version 3, expected 0");
  }

  /** The root's header goes on where it began. */
  @Test
  void refusesCircles() throws IOException {
    ByteBuffer file = ByteBuffer.allocate(136).order(ByteOrder.LITTLE_ENDIAN);
    file.put(resnet8(), 0, 64).putLong(64, 96);
    file.put(96, (byte) 1).putInt(104, 24);
    file.putShort(112, (short) 0x10).putShort(114, (short) 16).putLong(120, 112).putLong(128, 24);
    assertThatThrownBy(() -> KerasFile.read(file.array(), "FILE"))
        .isInstanceOf(BellowsException.class)
        .hasMessage("FILE is refused: it has more than 50000 objects, or leads in a circle");
  }

  @Test
  void survivesDamage() throws IOException {
    // The arrays' own bytes are most of the file and may be anything: damage what comes before.
    byte[] content = resnet8();
    ModelFiles.damage(content, 200, 5, damaged -> read(damaged));
    byte[] structure = Arrays.copyOf(content, 60_000);
    ModelFiles.damage(
        structure,
        1_000,
        9,
        damaged -> {
          byte[] whole = content.clone();
          System.arraycopy(damaged, 0, whole, 0, damaged.length);
          read(whole);
        });
  }

  private static void read(byte[] content) {
    if (KerasFile.recognises(content)) {
      KerasFile.read(content, "FILE").tensors().values().forEach(StoredTensor::floats);
    }
  }

  /** Channels are innermost there when a map is flattened, and blue comes first. */
  @Test
  void putsKerasArraysIntoOurOrder() {
    InputShape input = new InputShape(3, 64, 64);
    NetworkGraph graph = NetworkRegistry.standard().get("vgg16").graph(input, 4);
    FlatLayout layout = FlatLayout.of(graph);
    float[] flat = new float[layout.length()];
    PretrainedForm form =
        PretrainedForms.of("vgg16").stream()
            .filter(known -> known.convention() == Convention.KERAS)
            .findFirst()
            .orElseThrow();
    Map<String, ForeignParameter> byName = new HashMap<>();
    ForeignParameter.of(graph, flat, form)
        .forEach(parameter -> byName.put(parameter.name(), parameter));
    ForeignParameter first = byName.get("block1_conv1/kernel");
    assertThat(first.shape()).containsExactly(3, 3, 3, 64);
    float[] kernel = ramp(3 * 3 * 3 * 64);
    first.write(kernel);
    // theirs[row 1, column 2, blue = 0, map 5] is ours[map 5, blue = 2, row 1, column 2]
    assertThat(flat[offset(layout, "conv1-1_W") + ((5 * 3 + 2) * 3 + 1) * 3 + 2])
        .isEqualTo(kernel[((1 * 3 + 2) * 3 + 0) * 64 + 5]);
    assertThat(first.read()).isEqualTo(kernel);
    ForeignParameter dense = byName.get("fc1/kernel");
    // 64 pixels, five times halved: 2 x 2.
    assertThat(dense.shape()).containsExactly(512 * 2 * 2, 4096);
    float[] weights = ramp(512 * 2 * 2 * 4096);
    dense.write(weights);
    // ours: channel 7, row 1, column 0; unit 9
    assertThat(flat[offset(layout, "fc6_W") + 9 * 512 * 2 * 2 + (7 * 2 + 1) * 2 + 0])
        .isEqualTo(weights[((1 * 2 + 0) * 512 + 7) * 4096 + 9]);
    assertThat(dense.read()).isEqualTo(weights);
  }

  private static int offset(FlatLayout layout, String array) {
    return layout.segments().stream()
        .filter(slot -> slot.name().equals(array))
        .findFirst()
        .orElseThrow()
        .offset();
  }

  private static float[] ramp(int length) {
    float[] ramp = new float[length];
    for (int i = 0; i < length; i++) {
      ramp[i] = i;
    }
    return ramp;
  }
}
