// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bellows.data.render.SyntheticTree;
import org.bellows.driver.command.Bellows;

/**
 * A training of ResNet-20 on rendered pictures, small enough to be disturbed often. Its gradients
 * are several buckets, so that between hosts the exchange overlaps the backward pass.
 */
final class SmallRun {
  private static final String CHECKPOINT = "step-";

  private SmallRun() {}

  /** Renders pictures below a folder and prepares the dataset. */
  static void prepare(Path folder, int imagesPerClass) {
    SyntheticTree.render(folder.resolve("raw"), imagesPerClass, 3);
    int code =
        Bellows.run(
            new String[] {
              "prepare",
              "--master=local[1]",
              "--set=cluster.executors=1",
              "--set=source.path=" + folder.resolve("raw"),
              "--set=data.path=" + folder.resolve("dataset"),
              "--set=prepare.block-kibibytes=16"
            });
    if (code != 0) {
      throw new IllegalStateException("prepare ended with " + code);
    }
  }

  /** The same parameters in one process, without a cluster. */
  static void undisturbed(Path folder, String name, List<String> settings) {
    List<String> arguments = train(folder, name, 1, settings);
    arguments.add("--master=local[1]");
    int code = Bellows.run(arguments.toArray(String[]::new));
    if (code != 0) {
      throw new IllegalStateException("the undisturbed training ended with " + code);
    }
  }

  /** Arguments of the command. */
  static List<String> train(Path folder, String name, int executors, List<String> settings) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "train",
                "--set=data.path=" + folder.resolve("dataset"),
                "--set=output.path=" + folder.resolve(name),
                "--set=cluster.executors=" + executors,
                "--set=cluster.executor-memory-mebibytes=768",
                "--set=cluster.max-failures=1000",
                "--set=model.name=resnet20-cifar",
                "--set=model.height-pixels=8",
                "--set=model.width-pixels=8",
                "--set=train.global-batch=24",
                "--set=train.lane-batch=3",
                "--set=train.validation-split=",
                "--set=schedule.warmup=none",
                "--set=schedule.base-lr=0.01",
                "--set=checkpoint.interval-steps=6"));
    settings.forEach(setting -> all.add("--set=" + setting));
    return all;
  }

  /**
   * @return the newest checkpoint's step; -1: there is none
   */
  static long newestStep(Path run) {
    try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.matches(CHECKPOINT + "\\d+"))
          .mapToLong(file -> Long.parseLong(file.substring(CHECKPOINT.length())))
          .max()
          .orElse(-1);
    } catch (NoSuchFileException e) {
      return -1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
