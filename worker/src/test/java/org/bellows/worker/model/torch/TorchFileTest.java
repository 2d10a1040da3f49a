// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.bellows.conf.BellowsException;
import org.bellows.worker.model.ModelFiles;
import org.bellows.worker.model.tensor.ElementType;
import org.bellows.worker.model.tensor.StoredTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What PyTorch writes is read; what it would never write is refused, and says why. */
class TorchFileTest {
  private static final float[] RAMP = {-1, -0.75f, -0.5f, -0.25f, 0, 0.25f};

  private static Map<String, StoredTensor> read(byte[] content) {
    return TorchFile.read(content, "FILE").tensors();
  }

  private static AbstractThrowableAssert<?, ?> refusal(byte[] content) {
    return Assertions.assertThatThrownBy(() -> TorchFile.read(content, "FILE"))
        .isInstanceOf(BellowsException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"types.pt", "types-old.pt", "types-protocol4.pt"})
  void readsEveryTypeAndStride(String name) throws IOException {
    byte[] content = ModelFiles.reference(name);
    assertThat(TorchFile.recognises(content)).isTrue();
    Map<String, StoredTensor> tensors = read(content);
    for (String type : new String[] {"float32", "float64", "float16", "bfloat16", "parameter"}) {
      assertThat(tensors.get(type).floats()).as(type).containsExactly(RAMP);
      assertThat(tensors.get(type).shape()).containsExactly(2, 3);
    }
    assertThat(tensors.get("transposed").floats())
        .containsExactly(-1, -0.5f, 0, -0.75f, -0.25f, 0.25f);
    assertThat(tensors.get("every-second").floats()).containsExactly(-1, -0.5f, 0, 0.5f, 1, 1.5f);
    assertThat(tensors.get("scalar").floats()).containsExactly(1.5f);
    assertThat(tensors.get("scalar").shape()).isEmpty();
    assertThat(tensors.get("empty").floats()).isEmpty();
    assertThat(tensors.get("counter").type()).isEqualTo(ElementType.INT64);
    Assertions.assertThatThrownBy(() -> tensors.get("counter").floats())
        .isInstanceOf(BellowsException.class)
        .hasMessage("array counter holds INT64, expected floating-point numbers");
  }

  @Test
  void findsTheDictionaryInACheckpoint() throws IOException {
    assertThat(read(ModelFiles.reference("wrapped.pt")).keySet())
        .containsExactly(
            "0.weight",
            "0.bias",
            "1.weight",
            "1.bias",
            "1.running_mean",
            "1.running_var",
            "1.num_batches_tracked");
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.pt", "evil-old.pt"})
  void runsNothing(String name) throws IOException {
    refusal(ModelFiles.reference(name))
        .hasMessage(
            "FILE is refused: it wants Python's posix.system, which arrays do not need; save the"
                + " weights alone, torch.save(model.state_dict(), FILE)");
    assertThat(Files.exists(Path.of("/tmp/bellows-was-here"))).isFalse();
  }

  @Test
  void refusesObjects() throws IOException {
    refusal(ModelFiles.reference("numpy.pt"))
        .hasMessageContaining("wants Python's numpy.core.multiarray.scalar, which");
    refusal(ModelFiles.reference("module.pt"))
        .hasMessageContaining("wants Python's torch.nn.modules.linear.Linear, which");
  }

  @Test
  void readsAHandWrittenTensor() {
    byte[] file = PickleBytes.tensor(4, 1, 2, 2).inOldFile(1, 2, 3, 4);
    assertThat(read(file).get("weight").floats()).containsExactly(2, 4);
  }

  @Test
  void refusesTensorsOutsideTheirStorage() {
    String start = "FILE is refused: array weight ";
    refusal(PickleBytes.tensor(4, 3, 2, 1).inOldFile(1, 2, 3, 4))
        .hasMessage(
            start
                + "reaches outside its storage: offset 3, shape [2], strides [1], 4 elements held");
    refusal(PickleBytes.tensor(4, 0, 2, -1).inOldFile(1, 2, 3, 4))
        .hasMessageContaining("strides [-1]");
    refusal(PickleBytes.tensor(4, -1, 2, 1).inOldFile(1, 2, 3, 4))
        .hasMessageContaining("offset -1");
    refusal(PickleBytes.tensor(4, 0, 2, Long.MAX_VALUE).inOldFile(1, 2, 3, 4))
        .hasMessageContaining("outside its storage");
    refusal(PickleBytes.tensor(4, 0, -2, 1).inOldFile(1, 2, 3, 4))
        .hasMessage(start + "has the shape [-2]");
    // One number said a thousand million times over.
    refusal(PickleBytes.tensor(1, 0, 1 << 30, 0).inOldFile(1))
        .hasMessage(start + "has the shape [1073741824], but its storage holds 1 elements");
    refusal(PickleBytes.tensor(1, 0, Long.MAX_VALUE, 0).inOldFile(1))
        .hasMessageContaining("but its storage holds 1 elements");
  }

  @Test
  void refusesStoragesThatAreNotThere() {
    refusal(PickleBytes.tensor(5, 0, 2, 1).inOldFile(1, 2, 3, 4))
        .hasMessage("FILE is refused: storage k has 16 bytes, expected 20 bytes");
    refusal(PickleBytes.tensor(1L << 40, 0, 2, 1).inOldFile(1, 2))
        .hasMessage("FILE is refused: a storage has 1099511627776 elements");
    refusal(PickleBytes.tensor(-1, 0, 2, 1).inOldFile(1, 2))
        .hasMessage("FILE is refused: a storage has -1 elements");
    byte[] longer = Arrays.copyOf(PickleBytes.tensor(1, 0, 1, 1).inOldFile(1), 400);
    refusal(longer).hasMessageMatching("FILE is refused: \\d+ bytes follow its last storage");
  }

  @Test
  void refusesOtherInstructions() {
    refusal(new PickleBytes().raw('i').inOldFile())
        .hasMessage("FILE is refused: instruction 0x69 at byte 47 is not allowed");
    refusal(new PickleBytes().raw('N', 'a').inOldFile())
        .hasMessageContaining("its pickle takes a value at byte");
    refusal(new PickleBytes().raw('t').inOldFile())
        .hasMessageContaining("ends a group at byte 48 that never began");
    refusal(new PickleBytes().raw('h', 9).inOldFile())
        .hasMessage("FILE is refused: its pickle recalls value 9 that it never kept");
    refusal(new PickleBytes().raw('X').little(1 << 30, 4).inOldFile())
        .hasMessageMatching(".*has a text of 1073741824 bytes at byte 52, \\d+ are left");
    refusal(new PickleBytes().raw('}', ']', 'q', 0, 'h', 0, 's', '.').inOldFile())
        .hasMessage("FILE is refused: a dictionary has a ArrayList for a key");
    refusal(new PickleBytes().number(1).raw('N', 'b', '.').inOldFile())
        .hasMessageContaining("sets attributes of something that is no dictionary");
    refusal(new PickleBytes().global("builtins", "eval").inOldFile())
        .hasMessageContaining("it wants Python's builtins.eval, which");
    refusal(new PickleBytes().raw('}', '.').inOldFile())
        .hasMessage("FILE is refused: it lists storages that no array has");
  }

  private static final String NO_STORAGES = "FILE is refused: it lists storages that no array has";

  /** Pairs of pairs of pairs: 2^40 in all, though each is named only twice. */
  @Test
  @Timeout(20)
  void listsInListsAreNotGoneInto() {
    PickleBytes keys = new PickleBytes().raw(']', ']');
    for (int level = 0; level < 40; level++) {
      keys.raw('q', level, 'h', level, 0x86);
    }
    refusal(PickleBytes.tensor(1, 0, 1, 1).inOldFileWithKeys(keys.raw('a', '.')))
        .hasMessage(NO_STORAGES);
    PickleBytes itself = new PickleBytes().raw(']', 'q', 0, 'h', 0, 'a', '.');
    refusal(PickleBytes.tensor(1, 0, 1, 1).inOldFileWithKeys(itself)).hasMessage(NO_STORAGES);
  }

  /** A list of 60,000 pairs that dictionaries are made from, 100,000 times. */
  @Test
  @Timeout(20)
  void whatIsGoneThroughAgainCounts() {
    PickleBytes pickle = new PickleBytes().raw(']', 'q', 0, '(');
    for (int i = 0; i < 60_000; i++) {
      pickle.raw('U', 1, 'k', 'N', 0x86);
    }
    pickle.raw('e').global("collections", "OrderedDict").raw('q', 1);
    for (int i = 0; i < 100_000; i++) {
      pickle.raw('h', 1, 'h', 0, 0x85, 'R', '0');
    }
    refusal(pickle.inOldFile())
        .hasMessageMatching(".*instruction 0x30 at byte \\d+ is not allowed");
    byte[] allowed = pickle.bytes();
    for (int i = 0; i < allowed.length; i++) {
      // Taken into a tuple of one instead of dropped, which is not allowed.
      allowed[i] = allowed[i] == '0' ? (byte) 0x85 : allowed[i];
    }
    refusal(PickleBytes.of(allowed).inOldFile())
        .hasMessage("FILE is refused: its pickle has more than 4,000,000 values");
  }

  @Test
  void refusesWhatIsCutOff() throws IOException {
    byte[] file = ModelFiles.reference("types.pt");
    refusal(Arrays.copyOf(file, file.length - 1))
        .hasMessage("FILE is refused: it is cut off: a zip's last record is not at its end");
    byte[] old = ModelFiles.reference("types-old.pt");
    refusal(Arrays.copyOf(old, 196)).hasMessage("FILE is cut off inside its pickle");
    refusal(Arrays.copyOf(old, old.length - 1)).hasMessageContaining("is refused: storage");
  }

  private static byte[] zip(int method, String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] content = "}.".getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(content);
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String name : names) {
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(method);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void refusesOtherArchives() throws IOException {
    refusal(zip(ZipEntry.DEFLATED, "a/data.pkl"))
        .hasMessage("FILE is refused: entry a/data.pkl is compressed or encrypted; PyTorch stores");
    refusal(zip(ZipEntry.STORED, "a/../../etc/passwd"))
        .hasMessage("FILE is refused: entry a/../../etc/passwd is no name that PyTorch writes");
    refusal(zip(ZipEntry.STORED, "/etc/passwd")).hasMessageContaining("no name that PyTorch");
    refusal(zip(ZipEntry.STORED, "a/x"))
        .hasMessage("FILE is a zip archive, but no checkpoint: it has no data.pkl");
    refusal(zip(ZipEntry.STORED, "a/data.pkl", "b/data.pkl"))
        .hasMessage("FILE is refused: entry data.pkl is there twice");
    refusal(zip(ZipEntry.STORED, "a/data.pkl"))
        .hasMessageContaining("holds no dictionary of arrays, neither at its top nor under");
  }

  /** The second entry of the directory leads into the first one's bytes. */
  @Test
  void refusesEntriesThatOverlap() throws IOException {
    byte[] file = zip(ZipEntry.STORED, "a/1", "a/2");
    int bytes = 46 + 3;
    int central = file.length - 22 - 2 * bytes;
    System.arraycopy(file, central, file, central + bytes, bytes);
    refusal(file).hasMessage("FILE is refused: entries a/1 and a/1 overlap");
  }

  @Test
  void refusesDamagedEntries() throws IOException {
    byte[] file = ModelFiles.reference("types.pt");
    file[100] ^= 1;
    refusal(file)
        .hasMessage("FILE is refused: entry types/data.pkl is damaged: its CRC-32 is wrong");
  }

  @ParameterizedTest
  @ValueSource(strings = {"types.pt", "types-old.pt", "wrapped.pt", "evil-old.pt"})
  void survivesDamage(String name) throws IOException {
    ModelFiles.damage(
        ModelFiles.reference(name),
        4_000,
        7,
        content -> {
          if (TorchFile.recognises(content)) {
            read(content).values().stream()
                .filter(tensor -> tensor.type().isFloating())
                .forEach(StoredTensor::floats);
          }
        });
  }
}
