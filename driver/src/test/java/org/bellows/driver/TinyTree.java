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

  public static Path render(Path folder) {
    SyntheticTree.render(folder, IMAGES_PER_CLASS, 3);
    return folder;
  }

  /** Renders and prepares; returns the dataset's folder. */
  public static Path prepare(Path folder, String... more) {
    return prepared(render(folder.resolve("raw")), folder.resolve("dataset"), more);
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
