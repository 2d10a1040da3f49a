// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.evaluate;

import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.shard.SampleSources;
import org.bellows.driver.run.RunFolder;
import org.bellows.worker.evaluate.SampleAnswers;
import org.bellows.worker.evaluate.SampleAnswers.Answer;
import org.bellows.worker.files.Json;

/**
 * {@code answers.jsonl}: a line a sample, in the order of the dataset, which Spark reads as JSON.
 * Its bytes depend on model and dataset alone.
 */
public final class AnswersFile {
  public static final String NAME = "answers.jsonl";

  private AnswersFile() {}

  /**
   * One line. A number that is not finite is null.
   *
   * @param id position of the sample in the split, from 0
   * @param source where the picture came from, as in the shard
   * @param label class that it has
   * @param answer class with the highest probability
   * @param probability of the answer, 0 to 1
   * @param rank of the sample's own class, 1 where the answer is right
   */
  private record Line(
      long id, String source, String label, String answer, Float probability, Integer rank) {

    static Line of(Answer answer, String source, List<String> classes) {
      String label = classes.get(answer.label());
      return answer.isFinite()
          ? new Line(
              answer.id(),
              source,
              label,
              classes.get(answer.predicted()),
              answer.probability(),
              answer.rank())
          : new Line(answer.id(), source, label, null, null, null);
    }
  }

  /**
   * @param dataPath the dataset's folder
   * @param answers one a sample of the split
   */
  public static void write(
      Configuration hadoop,
      RunFolder folder,
      String dataPath,
      DatasetManifest manifest,
      String split,
      SampleAnswers answers) {
    folder.write(
        NAME,
        file -> {
          OutputStream out = new BufferedOutputStream(file, 1 << 16);
          SampleSources.forEach(
              hadoop,
              dataPath,
              manifest.split(split),
              (id, source) -> {
                Answer answer = answers.get(Math.toIntExact(id));
                String line = Json.line(Line.of(answer, source, manifest.classes()));
                out.write(line.getBytes(StandardCharsets.UTF_8));
                out.write('\n');
              });
          out.flush();
        });
  }
}
