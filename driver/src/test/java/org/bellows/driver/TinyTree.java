// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bellows.data.render.SyntheticTree;

/** Rendered pictures, and the arguments that train on them fast. */
public final class TinyTree {
  /** 8 classes x 24: 144 for training, 24 each for validation and test. */
  private static final int IMAGES_PER_CLASS = 24;

  private TinyTree() {}

  /** Rendered once a build; returns the folder, which gets a copy. */
  public static Path render(Path folder) {
    Path made =
        OncePerBuild.folder(
            "pictures", List.of(), into -> SyntheticTree.render(into, IMAGES_PER_CLASS, 3));
    OncePerBuild.copy(made, folder);
    return folder;
  }

  /**
   * Pictures in {@code raw} and the dataset made of them in {@code dataset}, prepared once a build.
   *
   * @return the dataset's folder, a copy of the test's own
   */
  public static Path prepare(Path folder, String... more) {
    Path raw = render(folder.resolve("raw"));
    Path made =
        OncePerBuild.folder(
            "dataset", List.of(more), into -> prepared(raw, into.resolve("dataset"), more));
    OncePerBuild.copy(made, folder);
    return folder.resolve("dataset");
  }

  /**
   * The run of {@link #train} with nothing besides, of the dataset of {@link #prepare}, in one
   * process; trained once a build.
   *
   * @return the run's folder; not to be changed
   */
  public static Path trained() {
    return OncePerBuild.folder(
            "run",
            List.of(),
            into -> {
              Path run = into.resolve("run");
              CommandLine.Said said =
                  CommandLine.run(train(prepare(into), run, 1, "--master=local[1]"));
              if (said.exitCode() != 0) {
                throw new IllegalStateException(said.err());
              }
            })
        .resolve("run");
  }

  /** Returns the dataset's folder. */
  public static Path prepared(Path raw, Path dataset, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "prepare",
                "--master=local[1]",
                "--set=cluster.executors=1",
                "--set=source.path=" + raw,
                "--set=data.path=" + dataset));
    args.addAll(List.of(more));
    CommandLine.Said said = CommandLine.run(args.toArray(String[]::new));
    if (said.exitCode() != 0) {
      throw new IllegalStateException(said.err());
    }
    return dataset;
  }

  /** 6 lanes of 4: 6 steps an epoch, 3 epochs. */
  public static String[] train(Path dataset, Path run, int executors, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "train",
                "--set=data.path=" + dataset,
                "--set=output.path=" + run,
                "--set=cluster.executors=" + executors,
                "--set=cluster.executor-memory-mebibytes=768",
                "--set=model.name=lenet5",
                "--set=model.height-pixels=32",
                "--set=model.width-pixels=32",
                "--set=augment.crop=random-resized",
                "--set=train.epochs=3",
                "--set=train.global-batch=24",
                "--set=train.lane-batch=4",
                "--set=schedule.base-lr=0.1",
                "--set=schedule.warmup-epochs=1",
                "--set=checkpoint.interval-steps=4"));
    args.addAll(List.of(more));
    return args.toArray(String[]::new);
  }
}
